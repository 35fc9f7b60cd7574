"""``@@demandes``: what administrations ask of a citizen, and the answers."""

from civisdata.content import _
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.journal import note
from civisdata.content.territory.directory import publisher_names
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.requests import answering
from civisdata.content.vault.requests import noted
from civisdata.content.vault.requests.asking import read_answer
from civisdata.content.vault.requests.asking import read_question
from civisdata.content.vault.requests.browser.words import DURATIONS
from civisdata.content.vault.requests.browser.words import NOT_ANSWERED
from civisdata.content.vault.requests.browser.words import STATES
from civisdata.content.vault.requests.life import is_over
from civisdata.content.vault.requests.storage import ENDED
from civisdata.content.vault.requests.storage import forget_request
from civisdata.content.vault.requests.storage import GIVEN
from civisdata.content.vault.requests.storage import Request
from civisdata.content.vault.requests.storage import request_to
from civisdata.content.vault.requests.storage import requests_to
from civisdata.content.vault.requests.storage import WAITING
from civisdata.content.vault.sharing.browser.base import SharingView
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound


class Requests(SharingView):
    """Lists requests; gives a copy, declines, stops."""

    index = ViewPageTemplateFile("templates/requests.pt")
    page_title = _("Document requests")

    def act(self):
        actions = {
            "give": self.give,
            "decline": self.decline,
            "stop": self.stop,
            "forget": self.forget,
        }
        action = actions.get(self.typed("action"))
        if action is None:
            raise NotFound("action")
        try:
            found = request_to(api.portal.get(), self.context, self.typed("id"))
            message = action(found)
        except NoSuchItem:
            message = _("This request has ended already.")
        except Refused as error:
            return self.refused(NOT_ANSWERED[error.reason])
        return self.done(f"{self.space_url}/@@demandes", message)

    def give(self, found: Request):
        if self.typed("document") not in self.vault.documents:
            raise Refused("document")
        try:
            answering.give(self.context, self.bundle, found, self.typed("document"))
        except IntegrityError:
            raise Refused("document") from None
        note(self.context, noted.GIVEN, item=self.typed("document"))
        return _("The copy was given. You can erase it here at any time.")

    def decline(self, found: Request):
        answering.decline(self.context, self.bundle, found, self.typed("reason"))
        note(self.context, noted.DECLINED)
        return _("You have declined.")

    def stop(self, found: Request):
        answering.stop(found)
        note(self.context, noted.ENDED)
        return _("Access has ended: the copy is erased.")

    def forget(self, found: Request):
        if found.state in (WAITING, GIVEN):
            raise NoSuchItem(found.id)
        forget_request(api.portal.get(), self.context, found)
        return _("Taken out of the list.")

    @cached_property
    def _rows(self) -> list[dict]:
        names, found = publisher_names(), []
        for request in requests_to(api.portal.get(), self.context):
            try:
                found.append(self._row(request, names))
            except IntegrityError:
                continue
        return found

    def _row(self, request: Request, names: dict[str, str]) -> dict:
        question = read_question(request, self.bundle.identity)
        answer = read_answer(request, self.bundle.identity)
        state = request.state
        if state in (WAITING, GIVEN) and is_over(self.context.__parent__, request):
            state = ENDED
        who = names.get(request.publisher, request.publisher)
        return {
            "id": request.id,
            "state_id": state,
            "state": STATES[state],
            "who": who,
            "by": question.by,
            "paper": question.paper,
            "purpose": question.purpose,
            "duration": DURATIONS[question.days],
            "asked": self.day(request.asked_at),
            "until": self.last_day(request.until),
            "title": answer.title if answer else "",
            "reason": answer.reason if answer else "",
            "accesses": [
                {"at": written_moment(at), "who": reader}
                for at, reader in answering.accesses(request, self.bundle)
            ],
            "stop_label": f"{self.text(_('Erase this copy'))} : {question.paper}, {who}",
            "forget_label": (
                f"{self.text(_('Take out of the list'))} : {question.paper}, {who}"
            ),
        }

    @property
    def waiting(self) -> list[dict]:
        return [row for row in self._rows if row["state_id"] == WAITING]

    @property
    def given(self) -> list[dict]:
        return [row for row in self._rows if row["state_id"] == GIVEN]

    @property
    def over(self) -> list[dict]:
        return [row for row in self._rows if row["state_id"] not in (WAITING, GIVEN)]

    @cached_property
    def documents(self) -> list[dict]:
        """The citizen's documents, by title."""
        contents = open_contents(self.vault, self.space_id, self.bundle)
        rows = [
            {"id": id, "title": metadata.title}
            for id, metadata in contents.documents.items()
            if not contents.is_binned(metadata)
        ]
        return sorted(rows, key=lambda row: row["title"].casefold())
