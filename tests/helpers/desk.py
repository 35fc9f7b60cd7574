"""The registrations desk for tests: a browser for each role, people who wait."""

from civisdata.content.citizens import registrations
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.partners import registry
from helpers.people import person
from helpers.people import staff
from plone.testing.zope import Browser
import transaction


BORDEAUX, BEGLES = "33063", "33039"

LOGINS = {
    "administrator": {"roles": ("CUB Administrator",)},
    "manager": {"roles": ("Manager",)},
    "webmaster": {"roles": ("CUB Webmaster",)},
    "agent": {"group": f"agents:{BORDEAUX}"},
    "other agent": {"group": f"agents:{BEGLES}"},
    "agent of nothing": {"group": "agents:99999"},
    "member": {"roles": ("Member",)},
    "editor": {"roles": ("Editor", "Reviewer", "Reader", "Contributor")},
}


def browser_of(functional, login="", password=""):
    browser = Browser(functional["app"])
    browser.raiseHttpErrors = False
    browser.followRedirects = False
    if login:
        browser.addHeader("Authorization", f"Basic {login}:{password}")
    return browser


def desk_browsers(functional) -> dict:
    """Return a browser for each role, committed."""
    made = {
        role: browser_of(
            functional, name := role.replace(" ", "-"), staff(name, **options)
        )
        for role, options in LOGINS.items()
    }
    key = partner_key(functional["portal"])
    transaction.commit()
    made["anonymous"] = browser_of(functional)
    made["partner"] = browser_of(functional)
    made["partner"].addHeader("Authorization", f"Bearer {key}")
    return made


def partner_key(portal) -> str:
    """Return the key of a télé-service."""
    partner = registry.add_partner(portal, "cantine", "Cantine")
    return registry.add_key(portal, partner, "essai")


def waiting(portal, *rows) -> list[str]:
    """Register people who wait, one for each mapping of changes; return their ids."""
    spaces = get_spaces(portal)
    ids = [
        registrations.register(
            spaces,
            person(**{"email": f"p{number}@exemple.fr", **changes}),
            with_mail=False,
        ).getId()
        for number, changes in enumerate(rows)
    ]
    transaction.commit()
    return ids


def status(browser, url: str) -> int:
    """Open a page; a way to the log-in counts as 401."""
    browser.open(url)
    return status_of(browser)


def status_of(browser) -> int:
    code = int(browser.headers["status"].split()[0])
    if code in (301, 302, 303) and "login" in browser.headers.get("Location", ""):
        return 401
    return code


def token_of(browser) -> str:
    """Return the token of the page that is open."""
    return browser.getControl(name="_authenticator", index=0).value


def text_of(browser) -> str:
    body = browser.contents
    return body.decode() if isinstance(body, bytes) else body
