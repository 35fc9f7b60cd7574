"""What the forms of this room share: tokens, choices, fields that keep what was typed."""

from civisdata.content.checks import as_list
from civisdata.content.citizens.registration import CommuneChoice
from civisdata.content.citizens.registration import Offer
from civisdata.content.news.ages import age_brackets
from civisdata.content.news.topics import topics
from civisdata.content.territory.interfaces import ICommune
from datetime import date
from plone import api
from plone.keyring.interfaces import IKeyManager
from plone.protect.authenticator import check
from Products.Five import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import Forbidden
from zope.component import getUtility


def commune_choices(portal) -> dict[str, CommuneChoice]:
    """Return all communes by slug, in the order of their names.

    One that was merged into another is no longer among them.
    """
    communes = [
        commune
        for commune in portal["communes"].objectValues()
        if ICommune.providedBy(commune) and not commune.successor
    ]
    return {
        commune.getId(): CommuneChoice(
            name=commune.title,
            postal_codes=tuple(commune.postal_codes or ()),
            participating=bool(commune.participating),
        )
        for commune in sorted(communes, key=lambda commune: commune.getId())
    }


def offer(portal) -> Offer:
    """Return what the sign-up form offers today."""
    return Offer(
        communes=commune_choices(portal),
        topics=topics(),
        age_brackets=age_brackets(),
        today=date.today(),
    )


def site_secret() -> bytes:
    """Return a secret of this site, for keyed hashes; it is replaced now and then."""
    return getUtility(IKeyManager).secret("_system").encode()


class FormView(BrowserView):
    """A page with a form that shows again what was typed."""

    fields = ViewPageTemplateFile("templates/fields.pt")

    @property
    def posted(self) -> bool:
        return self.request.get("REQUEST_METHOD") == "POST"

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()

    def token_is_valid(self) -> bool:
        """Say whether the form carries the token against forged requests."""
        try:
            check(self.request)
        except Forbidden:
            return False
        return True

    def typed(self, name: str) -> str:
        """Return what was typed into a field."""
        value = self.request.form.get(name, "")
        return value if isinstance(value, str) else ""

    def ticked(self, name: str, value: str, default: bool = False) -> bool:
        """Say whether a box is ticked; ``default`` counts while nothing was sent."""
        if not self.posted:
            return default
        return value in as_list(self.request.form.get(name))

    def focus(self, name: str) -> str | None:
        """Return ``autofocus`` for the field that a page begins at, if there is one."""
        return None

    def redirect(self, url: str) -> str:
        self.request.response.redirect(url, status=303)
        return ""
