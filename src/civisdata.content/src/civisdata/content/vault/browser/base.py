"""What all pages of the vault share: the lock, and answers that nobody keeps."""

from civisdata.content.citizens.current import current_bundle
from civisdata.content.citizens.journal.visits import note_once
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.suites import UnknownSuite
from civisdata.content.vault.browser.texts import NEWER
from civisdata.content.vault.browser.texts import size_text
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.events import VaultOpened
from civisdata.content.vault.interfaces import IVaultSettings
from civisdata.content.vault.journal_words import ALTERED as ALTERED_NOTED
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import Limits
from plone import api
from plone.protect.authenticator import check
from plone.protect.authenticator import createToken
from plone.registry.interfaces import IRegistry
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.component import getUtility
from zope.event import notify
from zope.i18n import translate
import logging
import transaction


logger = logging.getLogger("civisdata.vault")

_MEGA = 10**6


def private(response) -> None:
    """Forbid caches and search engines to keep the answer."""
    response.setHeader("Cache-Control", "private, no-store")
    response.setHeader("X-Robots-Tag", "noindex, nofollow")
    response.setHeader("Referrer-Policy", "same-origin")


def harmless(response) -> None:
    """Forbid a browser to guess a type, or to run anything in what it gets."""
    response.setHeader("X-Content-Type-Options", "nosniff")
    response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'")
    response.setHeader("Cross-Origin-Resource-Policy", "same-origin")


def limits() -> Limits:
    """Give the limits that webmasters set."""
    settings = getUtility(IRegistry).forInterface(
        IVaultSettings, prefix="civisdata.vault", check=False
    )
    return Limits(
        quota=(settings.quota or IVaultSettings["quota"].default) * _MEGA,
        max_document=(settings.max_document or IVaultSettings["max_document"].default)
        * _MEGA,
    )


class VaultView(BrowserView):
    """A view of a space; ``bundle`` holds the keys while ``respond`` runs."""

    bundle: KeyBundle
    failure = ViewPageTemplateFile("templates/failure.pt")
    failure_text = ""

    def __call__(self):
        private(self.request.response)
        bundle = current_bundle(self.request)
        if bundle is None:
            return self.locked()
        self.bundle = bundle
        try:
            notify(VaultOpened(self.context, bundle, self.request))
            return self.respond()
        except UnknownSuite as error:
            return self.too_new(error)

    def locked(self):
        """Send to the page of the citizens' room that asks for a code or password."""
        self.request.response.redirect(f"{self.space_url}/@@deverrouiller")
        return ""

    def respond(self):
        raise NotImplementedError

    def too_new(self, error: UnknownSuite):
        """Say that something stored is of a format that this version can't read."""
        self.undo()
        logger.error("suite: %s", error)
        self.request.response.setStatus(501, lock=1)
        self.failure_text = self.text(NEWER)
        return self.failure()

    @property
    def space_id(self) -> str:
        return self.context.getId()

    @property
    def space_url(self) -> str:
        return self.context.absolute_url()

    @property
    def list_url(self) -> str:
        return f"{self.space_url}/@@documents"

    @property
    def vault(self) -> Vault:
        return get_vault(self.context)

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()

    def token(self) -> str:
        """The CSRF token of this session."""
        return createToken()

    def check_token(self) -> None:
        """Raise Forbidden where the CSRF token is missing or wrong."""
        check(self.request)

    def undo(self) -> None:
        """Let nothing of this request be kept."""
        transaction.abort()

    def note(self, action: str, item: str, **how) -> None:
        """Put an action on an item into the citizen's journal (see ``note_once``)."""
        note_once(self.context, self.request, action, item=item, **how)

    def text(self, message) -> str:
        return translate(message, context=self.request)

    def size(self, size: int) -> str:
        return self.text(size_text(size, self.request.get("LANGUAGE") or "fr"))


class DocumentView(VaultView):
    """A view of one document, which ``@@documents`` finds on the way."""

    document_id: str | None = None

    @property
    def document(self) -> VaultDocument:
        """The document; NotFound."""
        try:
            return self.vault.document(self.document_id or "")
        except NoSuchItem:
            raise NotFound("document") from None

    @property
    def document_url(self) -> str:
        return f"{self.list_url}/{self.document_id}"

    def altered(self, error: IntegrityError) -> None:
        """Note, for operators and citizen, that a document did not open; no names."""
        logger.error("integrity: document %s: %s", self.document_id, error)
        self.note(ALTERED_NOTED, self.document_id)
