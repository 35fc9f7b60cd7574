"""``@@demandes-de-documents`` of a publisher: ask, read what was given, stop.

``…/<id>`` is the copy itself; each reading of it is noted for its citizen.
"""

from AccessControl import getSecurityManager
from AccessControl import Unauthorized
from civisdata.content import _
from civisdata.content.citizens.addresses import find_space
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.publishers import publisher_at
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.numbers import whole_number
from civisdata.content.vault.browser.base import harmless
from civisdata.content.vault.browser.base import private
from civisdata.content.vault.browser.reading import INLINE
from civisdata.content.vault.browser.texts import size_text
from civisdata.content.vault.download import disposition
from civisdata.content.vault.download import DocumentStream
from civisdata.content.vault.download import watched_opener
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.kinds import MEDIA_TYPES
from civisdata.content.vault.kinds import OCTETS
from civisdata.content.vault.requests.answering import stop
from civisdata.content.vault.requests.asking import ask
from civisdata.content.vault.requests.asking import note_access
from civisdata.content.vault.requests.asking import open_copy
from civisdata.content.vault.requests.asking import Question
from civisdata.content.vault.requests.asking import read_answer
from civisdata.content.vault.requests.asking import read_question
from civisdata.content.vault.requests.browser.words import DURATIONS
from civisdata.content.vault.requests.browser.words import NOT_ASKED
from civisdata.content.vault.requests.browser.words import STATES
from civisdata.content.vault.requests.life import goes_on
from civisdata.content.vault.requests.life import is_over
from civisdata.content.vault.requests.mail import asked
from civisdata.content.vault.requests.noted import administration
from civisdata.content.vault.requests.noted import ASKED
from civisdata.content.vault.requests.noted import READ
from civisdata.content.vault.requests.noted import WITHDRAWN
from civisdata.content.vault.requests.publisher_key import publisher_identity
from civisdata.content.vault.requests.roles import may_request
from civisdata.content.vault.requests.storage import DECLINED
from civisdata.content.vault.requests.storage import ENDED
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import Request
from civisdata.content.vault.requests.storage import request_of
from civisdata.content.vault.requests.storage import requests_of
from civisdata.content.vault.requests.storage import WAITING
from civisdata.content.vault.sharing.browser.words import day_text
from civisdata.content.vault.sharing.browser.words import last_day
from plone import api
from plone.protect.authenticator import check
from plone.protect.authenticator import createToken
from plone.protect.interfaces import IDisableCSRFProtection
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.i18n import translate
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse
import logging
import re
import transaction


logger = logging.getLogger("civisdata.vault")

#: Requests that are over, as far as they are listed: the newest.
SHOWN_ENDED = 100
_ID = re.compile(r"[0-9a-f]{32}")


@implementer(IPublishTraverse)
class Asking(BrowserView):
    """The page of a publisher's own staff; nobody else's."""

    index = ViewPageTemplateFile("templates/asking.pt")
    page_title = _("Ask for documents")
    request_id: str | None = None
    error = ""

    def publishTraverse(self, request, name: str):
        if self.request_id is None and _ID.fullmatch(name):
            self.request_id = name
            return self
        raise NotFound(name)

    def __call__(self):
        private(self.request.response)
        user = getSecurityManager().getUser()
        if not may_request(api.portal.get(), self.context, user):
            raise Unauthorized("requests of a publisher")
        # Nothing else than this work beside it.
        for side in ("left", "right"):
            self.request.set(f"disable_plone.{side}column", 1)
        if self.request_id is not None:
            return self.read()
        if self.request.get("REQUEST_METHOD") == "POST":
            check(self.request)
            return self.stop() if self.typed("action") == "stop" else self.ask()
        return self.index()

    def ask(self):
        site = api.portal.get()
        person = find_space(site, self.typed("to"))
        question = Question(
            to=self.typed("to"),
            paper=" ".join(self.typed("paper").split()),
            purpose=self.typed("purpose"),
            days=whole_number(self.typed("days"), 9999) or 0,
            by=self.agent,
        )
        try:
            # Who has left keeps what it was given until then, and asks nothing new.
            if not publisher_at(site, self.context).active:
                raise Refused("left")
            _request, reaches = ask(site, self.publisher, person, question)
        except Refused as error:
            transaction.abort()
            self.request.response.setStatus(400, lock=1)
            self.error = self.text(NOT_ASKED[error.reason])
            return self.index()
        if reaches:
            note(person, ASKED, actor=administration(self.publisher))
            asked(person, self.context.title)
        return self.done(_("The request is on its way, if this log-in name exists."))

    def stop(self):
        try:
            found = request_of(api.portal.get(), self.publisher, self.typed("id"))
            stop(found)
            person = self.spaces.get_space(found.space_id)
            if person is not None:
                note(person, WITHDRAWN, actor=administration(self.publisher))
        except NoSuchItem:
            return self.done(_("This request has ended already."))
        return self.done(_("The request has ended; if there was a copy, it is erased."))

    def done(self, message):
        api.portal.show_message(message, self.request)
        self.request.response.redirect(self.url, status=303)
        return ""

    def read(self):
        """Give the copy, byte for byte."""
        site = api.portal.get()
        try:
            found = request_of(site, self.publisher, self.request_id)
            spaces = self.spaces
            parts = found.document.parts if found.document else ()
            opener = watched_opener(parts, found, goes_on(spaces)) if parts else None
            opened = open_copy(spaces, found, opener)
        except NoSuchItem:
            raise NotFound("request") from None
        except IntegrityError as error:
            logger.error("integrity: request %s: %s", self.request_id, error)
            raise NotFound("request") from None
        # The citizen sees each reading: this GET writes just that.
        alsoProvides(self.request, IDisableCSRFProtection)
        note_access(found, self.agent)
        person = spaces.get_space(found.space_id)
        note(person, READ, actor=administration(self.publisher))
        response, metadata = self.request.response, opened.metadata
        harmless(response)
        response.setHeader(
            "Content-Disposition",
            disposition(metadata.name, inline=metadata.kind in INLINE),
        )
        response.setHeader("Content-Type", MEDIA_TYPES.get(metadata.kind, OCTETS))
        response.setHeader("Content-Length", str(opened.size))
        if self.request.get("REQUEST_METHOD") == "HEAD":
            opened.close()
            return ""
        return DocumentStream(opened, 0, opened.size)

    @property
    def publisher(self) -> str:
        return self.context.getId()

    @property
    def spaces(self):
        return get_spaces(api.portal.get())

    @property
    def agent(self) -> str:
        user = api.user.get_current()
        return user.getProperty("fullname", "") or user.getId() or ""

    @property
    def url(self) -> str:
        return f"{self.context.absolute_url()}/@@demandes-de-documents"

    def typed(self, name: str) -> str:
        value = self.request.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def token(self) -> str:
        return createToken()

    def text(self, message) -> str:
        return translate(message, context=self.request)

    @property
    def durations(self) -> list[dict]:
        chosen = self.typed("days") or "30"
        return [
            {"days": days, "title": title, "selected": str(days) == chosen}
            for days, title in DURATIONS.items()
        ]

    @property
    def rows(self) -> list[dict]:
        identity = publisher_identity(self.publisher)
        found, ended = [], 0
        for request in requests_of(api.portal.get(), self.publisher):
            # Each takes two letters to be opened, and they are never fewer.
            ended += request.state not in (WAITING, GIVEN)
            if ended > SHOWN_ENDED and request.state not in (WAITING, GIVEN):
                continue
            try:
                found.append(self._row(request, identity))
            except IntegrityError as error:
                logger.error("integrity: request %s: %s", request.id, error)
        return found

    def _row(self, request: Request, identity: str) -> dict:
        question = read_question(request, identity)
        # Of what is over, the answer is the citizen's alone.
        known = request.state in (GIVEN, DECLINED)
        answer = read_answer(request, identity) if known else None
        over = is_over(self.spaces, request)
        state = request.state
        if over and state in (WAITING, GIVEN):
            state = ENDED
        given = state == GIVEN
        return {
            "id": request.id,
            "to": question.to,
            "paper": question.paper,
            "purpose": question.purpose,
            "by": question.by,
            "asked": day_text(request.asked_at),
            "state": STATES[state],
            "stop": state in (WAITING, GIVEN),
            "reason": answer.reason if answer else "",
            "url": f"{self.url}/{request.id}" if given else "",
            "title": answer.title if given else "",
            "size": self.text(size_text(answer.size)) if given else "",
            "until": last_day(request.until) if given else "",
        }
