"""``@@documents/<id>/modifier``: all that a citizen writes of a document or a folder."""

from civisdata.content import _
from civisdata.content.numbers import whole_number
from civisdata.content.vault import filing
from civisdata.content.vault.browser.base import DocumentView
from civisdata.content.vault.browser.rows import written_day
from civisdata.content.vault.browser.texts import ALTERED
from civisdata.content.vault.browser.texts import NO_ITEM
from civisdata.content.vault.browser.texts import OVERTAKEN
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.categories import BadCategories
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Overtaken
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.listing import sort_key
from civisdata.content.vault.papers import last_day
from civisdata.content.vault.papers import PAPERS
from civisdata.content.vault.preferences import keep_preferences
from civisdata.content.vault.preferences import with_type
from civisdata.content.vault.storage import ensure_vault
from collections.abc import Iterator
from datetime import date
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
import json


#: Fields that are texts, as the form sends them.
TEXTS = ("title", "category", "notes", "paper", "valid_until", "ends_on")


class Modify(DocumentView):
    """The form; what was typed is kept where it can't be taken."""

    index = ViewPageTemplateFile("templates/properties.pt")
    page_title = _("Modify")
    errors: tuple[str, ...] = ()
    #: What is there now, where a change was overtaken.
    overtaken: list[dict] | None = None
    proposed = False
    issued = ""

    def respond(self):
        try:
            self.item = self.opened.item(self.document_id or "")
        except NoSuchItem:
            raise NotFound("item") from None
        except IntegrityError as error:
            self.altered(error)
            self.request.response.setStatus(500, lock=1)
            self.failure_text = self.text(ALTERED)
            return self.failure()
        self.here = self.open_contents()
        if self.document_id not in (
            self.here.folders if self.is_folder else self.here.documents
        ):
            # In the bin, or just over.
            raise NotFound("item")
        self.values = self._values(self.item)
        self.revision = self.item.revision
        if self.request.method != "POST":
            return self.index()
        self.check_token()
        self.values = self._asked()
        self.issued = self.field("issued")
        if self.field("propose"):
            return self.propose()
        return self.save()

    @property
    def is_folder(self) -> bool:
        return isinstance(self.item, Folder)

    @staticmethod
    def _values(item: Folder | Metadata) -> dict:
        if isinstance(item, Folder):
            return {"title": item.title, "folder": item.parent}
        names = (*TEXTS, "folder", "favourite")
        return {name: getattr(item, name) for name in names}

    def _asked(self) -> dict:
        names = ("title", "folder") if self.is_folder else (*TEXTS, "folder")
        asked = {name: self.field(name) for name in names}
        if not self.is_folder:
            asked["favourite"] = bool(self.field("favourite"))
        return asked

    def propose(self):
        """Fill in the last day that such a paper usually has."""
        try:
            day = last_day(self.values["paper"], date.fromisoformat(self.issued))
        except (ValueError, OverflowError):
            return self.refuse(self.text(REFUSED["date"]))
        if day is None:
            return self.refuse(
                self.text(
                    _("This kind of paper has no usual validity: give its last day.")
                )
            )
        self.values["valid_until"], self.proposed = day.isoformat(), True
        return self.index()

    def save(self):
        revision = whole_number(self.field("revision"))
        ensure_vault(self.context)
        changes = dict(self.values)
        target = changes.pop("folder")
        try:
            if changes.get("category") == "+":
                changes["category"] = self._new_type()
            filing.change(
                self.opened,
                self.document_id,
                changes,
                -1 if revision is None else revision,
                self.categories,
                self.today,
            )
            place = self.item.parent if self.is_folder else self.item.folder
            if target != self.here.place_of(place):
                filing.move(self.opened, [self.document_id], target)
        except Overtaken as error:
            self.undo()
            return self.show_overtaken(error.current)
        except Refused as error:
            return self.refuse(self.text(REFUSED[error.reason]))
        except BadCategories:
            return self.refuse(
                self.text(_("Give your own type a name of at most 80 characters."))
            )
        except NoSuchItem:
            return self.refuse(self.text(NO_ITEM))
        self.changed()
        url = f"{self.list_url}?dossier={target}" if target else self.list_url
        return self.go(url, _("The changes are kept."))

    def _new_type(self) -> str:
        preferences, category = with_type(self.preferences, self.field("own_type"))
        keep_preferences(self.vault, self.space_id, self.bundle, preferences)
        for stale in ("preferences", "category_titles"):
            self.__dict__.pop(stale, None)
        return category

    def refuse(self, message: str):
        self.undo()
        self.request.response.setStatus(400, lock=1)
        self.errors = (message,)
        revision = whole_number(self.field("revision"))
        self.revision = self.revision if revision is None else revision
        return self.index()

    def show_overtaken(self, current: Folder | Metadata):
        """Show what is there now beside what was typed, which can be sent again."""
        self.request.response.setStatus(409, lock=1)
        self.errors = (self.text(OVERTAKEN),)
        self.revision = current.revision
        names = {
            "title": _("Name"),
            "category": _("Type of document"),
            "folder": _("Folder"),
            "notes": _("Notes"),
            "favourite": _("Favourite"),
            "paper": _("Kind of paper"),
            "valid_until": _("Valid until"),
            "ends_on": _("Temporary, until"),
        }
        there = self._values(current)
        self.overtaken = [
            {"name": names[name], "value": self._in_words(name, value)}
            for name, value in there.items()
            if value != self.values[name]
        ]
        return self.index()

    def _in_words(self, name: str, value) -> str:
        if name == "category":
            return self.category_title(value)
        if name == "folder":
            return self._folder_title(value)
        if name == "favourite":
            return self.text(_("yes") if value else _("no"))
        if name == "paper" and value in PAPERS:
            return self.text(PAPERS[value].title)
        if name in ("valid_until", "ends_on") and value:
            return written_day(date.fromisoformat(value))
        return value or "—"

    def _folder_title(self, folder_id: str) -> str:
        if folder_id in self.here.folders:
            return self.here.folders[folder_id].title
        return self.text(_("My documents"))

    @property
    def back_url(self) -> str:
        folder = self.item.parent if self.is_folder else self.item.folder
        folder = self.here.place_of(folder)
        return f"{self.list_url}?dossier={folder}" if folder else self.list_url

    @property
    def folders(self) -> list[dict]:
        """All folders as an indented list, without the item itself and below."""
        chosen = self.here.place_of(self.values["folder"])
        rows = [{"id": TOP, "title": self.text(_("My documents")), "level": 0}]

        def add(parent: str, level: int) -> Iterator[dict]:
            below = self.here.folders_in(parent)
            for folder in sorted(below, key=lambda one: sort_key(one.title)):
                if folder.id != self.document_id:
                    yield {"id": folder.id, "title": folder.title, "level": level}
                    yield from add(folder.id, level + 1)

        rows += add(TOP, 1)
        return [
            {
                "id": row["id"],
                "title": "\u2003" * row["level"] + row["title"],
                "selected": row["id"] == chosen,
            }
            for row in rows
        ]

    @property
    def papers(self) -> list[dict]:
        return [
            {
                "id": id,
                "title": self.text(paper.title),
                "selected": id == self.values["paper"],
            }
            for id, paper in PAPERS.items()
        ]

    @property
    def rules(self) -> str:
        """Years of usual validity, or the one last day, for the script; JSON."""
        return json.dumps(
            {
                id: paper.last_day.isoformat() if paper.last_day else paper.years
                for id, paper in PAPERS.items()
            }
        )

    @property
    def facts(self) -> list[dict]:
        """What can't be changed."""
        if self.is_folder:
            return []
        return [
            {"name": _("File name"), "value": self.item.name},
            {"name": _("Size"), "value": self.size(self.item.size)},
        ]
