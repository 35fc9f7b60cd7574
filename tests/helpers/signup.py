"""Filling in the sign-up step by step, and the link that comes by mail."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.antirobot import read_stamp
from civisdata.content.citizens.browser.forms import site_secret
from civisdata.content.citizens.notices import INFORMATION
from civisdata.content.citizens.notices import notice
from civisdata.content.citizens.signup import proof
from civisdata.content.citizens.signup.waiting import room_of
from civisdata.content.citizens.structure import get_spaces
from plone.testing.zope import Browser
from urllib.parse import urlencode
import re
import transaction


WHO = {
    "first_name": "Zoé",
    "last_name": "O’Brien",
    "email": "zoe@exemple.fr",
    "birth_date": "31/12/1980",
}
WHERE = {"address": "3 rue du Loup", "postal_code": "33000", "town": "Bordeaux"}


def press(browser: Browser, label: str) -> Browser:
    """Press a button of the sign-up by what stands on it."""
    browser.getControl(label).click()
    return browser


def walk(browser: Browser, commune: str = "bordeaux", **changes) -> Browser:
    """Go through all steps up to the summary, as a person does."""
    for fields in (WHO, WHERE):
        for name, value in fields.items():
            browser.getControl(name=name).value = changes.get(name, value)
        if fields is WHERE:
            browser.getControl(name="commune").value = [commune]
        press(browser, "Continuer")
    if changes.get("by_email"):
        browser.getControl(name="by_email").value = ["yes"]
    press(browser, "Continuer")
    browser.getControl(name="consent").value = ["yes"]
    return press(browser, "Continuer")


def fill_in(browser: Browser, **changes) -> Browser:
    """Come to the summary in one go: with what the last page but one sends."""
    values = {
        **WHO,
        **WHERE,
        "commune": "bordeaux",
        "services": ["documents", "news"],
        "publishers": ["commune", "cub"],
        "topics": ["elections"],
        "ages": "mine",
        "by_page": "yes",
        "rhythm": "weekly",
        "consent": "yes",
        "notice_version": notice(INFORMATION).version,
        **changes,
        "etape": "notice",
        "vu": "qui ou choix",
        "action": "next",
        "shown_at": browser.getControl(name="shown_at").value,
    }
    browser.post(browser.url, urlencode(values, doseq=True))
    return browser


def compute(browser: Browser) -> None:
    """Do the form's computation, as a browser's worker does."""
    stamp = read_stamp(site_secret(), browser.getControl(name="shown_at").value)
    browser.getControl(name="proof").value = proof.solve(stamp)


def send(browser: Browser, proven: bool = True) -> Browser:
    """Send the summary."""
    if proven:
        compute(browser)
    return press(browser, "Envoyer ma demande")


def link_of(text: str) -> str:
    """Return the link of a letter that confirms an address."""
    return re.search(r"http\S+@@confirmer-inscription\?jeton=\S+", text).group()


def spaces_of(portal):
    """Return the container of spaces as it is stored now."""
    transaction.begin()
    return get_spaces(portal)


def waiting(portal) -> int:
    """Return how many sign-ups wait for their confirmation."""
    return len(room_of(spaces_of(portal)))


def registered(portal) -> int:
    """Return how many registrations there are."""
    return len(registrations.catalog_of(spaces_of(portal)))
