"""What all pages of the vault share: the lock, and answers that nobody keeps."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.current import current_bundle
from civisdata.content.citizens.dates import ZONE
from civisdata.content.citizens.journal.visits import DOWNLOAD_SECONDS
from civisdata.content.citizens.journal.visits import note_once
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.suites import UnknownSuite
from civisdata.content.vault import bin
from civisdata.content.vault.browser.texts import CROWDED
from civisdata.content.vault.browser.texts import NEWER
from civisdata.content.vault.browser.texts import size_text
from civisdata.content.vault.categories import DEFAULT
from civisdata.content.vault.changes import VaultListed
from civisdata.content.vault.content import VaultDocument
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.events import VaultOpened
from civisdata.content.vault.filing import Opened
from civisdata.content.vault.journal_words import ALTERED as ALTERED_NOTED
from civisdata.content.vault.journal_words import DELETED
from civisdata.content.vault.listing import present
from civisdata.content.vault.preferences import open_preferences
from civisdata.content.vault.preferences import Preferences
from civisdata.content.vault.reminder_mail import keep_weeks
from civisdata.content.vault.settings import category_titles
from civisdata.content.vault.settings import limits
from civisdata.content.vault.settings import offered_categories
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.turns import RETRY_AFTER
from civisdata.content.vault.turns import TooManyJobs
from datetime import date
from datetime import datetime
from functools import cached_property
from plone import api
from plone.protect.authenticator import check
from plone.protect.authenticator import createToken
from plone.protect.interfaces import IDisableCSRFProtection
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.event import notify
from zope.i18n import interpolate
from zope.i18n import translate
from zope.i18nmessageid import Message
from zope.interface import alsoProvides
import logging
import transaction


logger = logging.getLogger("civisdata.vault")


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


def say_crowded(request) -> str:
    """Make the answer a 503 that says when to ask again; give what to tell."""
    request.response.setStatus(503, lock=1)
    request.response.setHeader("Retry-After", str(RETRY_AFTER))
    return translate(CROWDED, context=request)


def today() -> date:
    """The day in France."""
    return datetime.fromtimestamp(clock.now(), ZONE).date()


class VaultView(BrowserView):
    """A view of a space; ``bundle`` holds the keys while ``respond`` runs."""

    bundle: KeyBundle
    failure = ViewPageTemplateFile("templates/failure.pt")
    failure_text = ""
    tidied = bin.Tidied()
    bin_count = 0
    #: Whether what is shown is the citizen's own; if not, it can only be read.
    is_own = True

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
        except TooManyJobs:
            self.undo()
            return self.crowded(say_crowded(self.request))

    def crowded(self, text: str):
        """Say that this citizen has enough slow work running; the script asks again."""
        self.failure_text = text
        return self.failure()

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

    def announce(self) -> None:
        """Tell the other rooms that the citizen looks at the vault; pages with lists do.

        They may commit: to be called before anything else happens.
        """
        notify(VaultListed(self.context, self.bundle, self.request))

    @property
    def space_id(self) -> str:
        return self.context.getId()

    @cached_property
    def space_url(self) -> str:
        return self.context.absolute_url()

    @property
    def back_url(self) -> str:
        """Where the way back leads."""
        return self.list_url

    @property
    def list_url(self) -> str:
        return f"{self.space_url}/@@documents"

    @property
    def vault(self) -> Vault:
        return get_vault(self.context)

    @property
    def portal_url(self) -> str:
        return api.portal.get().absolute_url()

    @property
    def opened(self) -> Opened:
        return Opened(self.vault, self.space_id, self.bundle)

    @property
    def today(self) -> date:
        return today()

    def open_contents(self) -> Contents:
        """Open the vault as its citizen finds it: without bin and what has ended.

        What is due is erased before. No form has to ask for that: it was announced, and
        happens at whichever page comes first after the day.
        """
        opened = self.opened
        contents = opened.contents()
        self.tidied = bin.tidy(opened, contents, self.today)
        if self.tidied != bin.Tidied():
            contents = opened.contents()
            alsoProvides(self.request, IDisableCSRFProtection)
            for document_id in self.tidied.gone:
                self.note(DELETED, document_id, window=0)
        if keep_weeks(self.context, contents, self.today):
            alsoProvides(self.request, IDisableCSRFProtection)
        self.bin_count = len(bin.binned(contents))
        for item_id in contents.altered:
            logger.error("integrity: metadata of item %s", item_id)
            self.note(ALTERED_NOTED, item_id, window=DOWNLOAD_SECONDS)
        return present(contents, self.today)

    def changed(self) -> None:
        """Follow a change of the vault in what is kept for reminders."""
        keep_weeks(self.context, self.opened.contents(), self.today)

    @cached_property
    def preferences(self) -> Preferences:
        try:
            return open_preferences(self.vault, self.space_id, self.bundle)
        except IntegrityError:
            logger.error("integrity: preferences of space %s", self.space_id)
            return Preferences()

    @cached_property
    def category_titles(self) -> dict[str, str]:
        titles = category_titles(self.preferences.types)
        return {id: self.text(title) for id, title in titles.items()}

    @property
    def categories(self) -> dict[str, str]:
        """Types that may be chosen: those of everybody, and one's own."""
        ids = (*offered_categories(), *self.preferences.types)
        return {id: self.category_titles[id] for id in ids}

    def category_title(self, category: str) -> str:
        titles = self.category_titles
        return titles.get(category, titles[DEFAULT])

    def category_choices(self, selected: str = DEFAULT) -> list[dict]:
        """Types for a ``select``; one that is no longer offered stays where it is used."""
        choices = self.categories
        if selected not in choices:
            choices[selected] = self.category_title(selected)
        return [
            {"id": id, "title": title, "selected": id == selected}
            for id, title in choices.items()
        ]

    @property
    def quota(self) -> dict:
        allowed, used = limits(), self.vault.held
        return {
            "used": self.size(used),
            "total": self.size(allowed.quota),
            "percent": min(100, -(-100 * used // allowed.quota)),
            "largest": self.size(allowed.max_document),
        }

    def field(self, name: str) -> str:
        """A field of the form, empty where it isn't there or is no text."""
        value = self.request.form.get(name, "")
        return value if isinstance(value, str) else ""

    def go(self, url: str, message=None) -> str:
        """Send to a page after a change; the message travels in a cookie: no names."""
        if message is not None:
            api.portal.show_message(message, self.request)
        self.request.response.redirect(url, status=303)
        return ""

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

    def text(self, message: str) -> str:
        """Translate a message; a text that comes again is looked up once."""
        mapping, known = getattr(message, "mapping", None), self._texts
        if message not in known:
            bare = Message(message, mapping=None) if mapping else message
            known[message] = translate(bare, context=self.request)
        if not mapping:
            return known[message]
        words = {
            name: self.text(value) if isinstance(value, Message) else value
            for name, value in mapping.items()
        }
        return interpolate(known[message], words)

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {}

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
