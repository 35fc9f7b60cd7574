"""``@@classer``: what is done with chosen documents and folders.

``POST`` with ``action`` and ``item`` (ids, one or more), as forms send them. With
``format=json`` the answer is JSON: ``{"message", …}``, and for errors ``{"error",
"message"}``: 400 refused, 403 CSRF token, 404 an item that is gone, 409 overtaken (with
``current``), 423 locked. Without it, a page follows.
"""

from civisdata.content import _
from civisdata.content.numbers import whole_number
from civisdata.content.vault import bin
from civisdata.content.vault import filing
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.texts import ALTERED
from civisdata.content.vault.browser.texts import FORBIDDEN
from civisdata.content.vault.browser.texts import LOCKED
from civisdata.content.vault.browser.texts import NO_ITEM
from civisdata.content.vault.browser.texts import NOTHING_CHOSEN
from civisdata.content.vault.browser.texts import OVERTAKEN
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.contents import make_folder
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.copies import copy
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Overtaken
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.journal_words import DELETED
from civisdata.content.vault.journal_words import STORED
from civisdata.content.vault.listing import sort_key
from civisdata.content.vault.preferences import keep_preferences
from civisdata.content.vault.preferences import VIEWS
from civisdata.content.vault.settings import limits
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import cancel_upload
from collections.abc import Iterator
from dataclasses import replace
from plone.protect.interfaces import IDisableCSRFProtection
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import Forbidden
from zope.i18nmessageid import Message
from zope.interface import alsoProvides
import json


#: Items of one request.
MAX_ITEMS = 5000


class Nothing(Exception):
    """No item was chosen."""


class Classify(VaultView):
    """Does one action, then goes back to where it was asked for."""

    target_template = ViewPageTemplateFile("templates/target.pt")
    page_title = _("My documents")
    #: What a page that asks for a target shows.
    action = ""
    error = ""

    def locked(self):
        return self.fail(423, "locked", LOCKED) if self.wants_json else super().locked()

    def respond(self):
        if self.request.method != "POST":
            return self.go(self.list_url)
        try:
            self.check_token()
            if self.wants_json:
                # Checked here and now: what Plone adds looks at HTML only.
                alsoProvides(self.request, IDisableCSRFProtection)
            return self.act()
        except Forbidden:
            if not self.wants_json:
                raise
            return self.fail(403, "token", FORBIDDEN)
        except Nothing:
            return self.fail(400, "nothing", NOTHING_CHOSEN)
        except NoSuchItem:
            return self.fail(404, "gone", NO_ITEM)
        except Refused as error:
            return self.fail(400, error.reason, REFUSED[error.reason])
        except IntegrityError:
            return self.fail(400, "altered", ALTERED)
        except Overtaken as error:
            current = {
                "title": error.current.title,
                "revision": error.current.revision,
            }
            return self.fail(409, "overtaken", OVERTAKEN, current=current)

    def act(self):
        # « bin:<id> » is a button of one line; the boxes that are ticked don't matter.
        name, _colon, single = self.field("action").partition(":")
        self.single = single
        actions = {
            "dossier": self.new_folder,
            "chemin": self.path,
            "renommer": self.rename,
            "deplacer": self.move,
            "copier": self.copy,
            "corbeille": self.bin,
            "restaurer": self.restore,
            "effacer": self.erase,
            "vider": self.empty,
            "favori": self.favourite,
            "affichage": self.view_as,
            "abandonner": self.give_up,
        }
        if name not in actions:
            return self.fail(400, "input", _("This form is not complete."))
        self.action = name
        return actions[name]()

    @property
    def vault(self) -> Vault:
        return ensure_vault(self.context)

    @property
    def items(self) -> list[str]:
        """The ids that were chosen; Nothing."""
        found = self.single or self.request.form.get("item") or []
        found = found if isinstance(found, list) else [found]
        found = [id for id in found if isinstance(id, str) and id]
        if not found:
            raise Nothing
        return list(dict.fromkeys(found))[:MAX_ITEMS]

    @property
    def target(self) -> str | None:
        """The folder asked for; None where none was."""
        found = self.request.form.get("target")
        return found if isinstance(found, str) else None

    def new_folder(self):
        folder = make_folder(
            self.vault,
            self.space_id,
            self.bundle,
            self.field("title"),
            self._place_of_new(),
        )
        return self.done(_("The folder was made."), folder=folder.id)

    def _place_of_new(self) -> str:
        parent, contents = self.target or TOP, self.opened.contents()
        if parent != TOP and contents.is_binned(contents.folder(parent)):
            raise NoSuchItem(parent)
        return parent

    def path(self):
        """Find or make the folders at ``path`` (a JSON list of names)."""
        try:
            names = json.loads(self.field("path"))
        except ValueError:
            names = None
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            return self.fail(400, "input", _("This form is not complete."))
        known = set(self.vault.folders)
        folder = filing.ensure_path(self.opened, self.target or TOP, names)
        made = folder not in known
        return self.done(_("The folder was made."), folder=folder, made=made)

    def rename(self):
        [item_id], revision = self.items[:1], whole_number(self.field("revision"))
        item = filing.change(
            self.opened,
            item_id,
            {"title": self.field("title")},
            -1 if revision is None else revision,
        )
        return self.done(
            _("The new name is kept."), title=item.title, revision=item.revision
        )

    def move(self):
        items = self.items
        if self.target is None:
            return self.ask()
        count = filing.move(self.opened, items, self.target)
        return self.done(_("Moved: ${count}.", mapping={"count": str(count)}))

    def copy(self):
        items = self.items
        if self.target is None:
            return self.ask()
        made = copy(self.opened, items, self.target, limits(), self._name_copy)
        for document_id in made:
            self.note(STORED, document_id, window=0)
        return self.done(
            _("Documents copied: ${count}.", mapping={"count": str(len(made))})
        )

    def _name_copy(self, title: str) -> str:
        return self.text(_("${title} (copy)", mapping={"title": title}))

    def bin(self):
        count = bin.put_in_bin(self.opened, self.items)
        return self.done(
            _("Put into the bin: ${count}.", mapping={"count": str(count)})
        )

    def restore(self):
        count = bin.restore(self.opened, self.items)
        return self.done(_("Restored: ${count}.", mapping={"count": str(count)}))

    def erase(self):
        return self._erased(bin.erase(self.opened, self.items))

    def empty(self):
        return self._erased(bin.empty_bin(self.opened))

    def _erased(self, gone: list[str]):
        for document_id in gone:
            self.note(DELETED, document_id, window=0)
        count = {"count": str(len(gone))}
        return self.done(_("Documents erased for ever: ${count}.", mapping=count))

    def favourite(self):
        [item_id] = self.items[:1]
        item = self.opened.item(item_id)
        if self.opened.is_folder(item_id):
            raise NoSuchItem(item_id)
        filing.change(self.opened, item_id, {"favourite": not item.favourite})
        return self.done(None, favourite=not item.favourite)

    def view_as(self):
        if self.field("vue") not in VIEWS:
            return self.fail(400, "input", _("This form is not complete."))
        keep_preferences(
            self.vault,
            self.space_id,
            self.bundle,
            replace(self.preferences, view=self.field("vue")),
        )
        return self.done(None)

    def give_up(self):
        for upload_id in self.items:
            cancel_upload(self.vault, upload_id)
        return self.done(_("The upload was given up."))

    def done(self, message: Message | None, **content):
        """Answer after a change: JSON, or back to the list it was asked from."""
        self.changed()
        if self.wants_json:
            text = "" if message is None else self.text(message)
            return self.answer(200, message=text, **content)
        return self.go(self._back(), message)

    def _back(self) -> str:
        """The list that the form came from: one of this space, nothing else."""
        back = self.field("retour")
        allowed = (self.list_url, f"{self.space_url}/@@corbeille")
        if any(back == url or back.startswith(f"{url}?") for url in allowed):
            return back
        return self.list_url

    @property
    def wants_json(self) -> bool:
        return self.request.form.get("format") == "json"

    def answer(self, status: int, **content) -> str:
        response = self.request.response
        # What was done may yet conflict with another request: then it is no success.
        response.setStatus(status, lock=status >= 300)
        response.setHeader("Content-Type", "application/json")
        return json.dumps(content)

    def fail(self, status: int, error: str, message, **content):
        self.undo()
        text = self.text(message)
        if self.wants_json:
            return self.answer(status, error=error, message=text, **content)
        self.request.response.setStatus(status, lock=1)
        if self.action in ("deplacer", "copier") and status == 400:
            self.error = text
            if error in ("into_itself", "depth", "quota"):
                return self.ask()
        self.failure_text = text
        return self.failure()

    # The page that asks where to.

    def ask(self):
        if self.wants_json:
            return self.fail(400, "input", _("This form is not complete."))
        return self.target_template()

    @property
    def ask_title(self) -> Message:
        return _("Move to…") if self.action == "deplacer" else _("Copy to…")

    @property
    def chosen(self) -> list[dict]:
        """The items, with their titles."""
        return [{"id": id, "title": self.opened.item(id).title} for id in self.items]

    @property
    def back_url(self) -> str:
        return self._back()

    @property
    def folders(self) -> list[dict]:
        """All folders as a tree; those that the items can't come to lie in are left out."""
        here = self.open_contents()
        chosen = set(self.items)
        rows = [{"id": TOP, "title": self.text(_("My documents")), "level": 0}]

        def add(parent: str, level: int) -> Iterator[dict]:
            below = here.folders_in(parent)
            for folder in sorted(below, key=lambda one: sort_key(one.title)):
                if folder.id not in chosen:
                    yield {"id": folder.id, "title": folder.title, "level": level}
                    yield from add(folder.id, level + 1)

        rows += add(TOP, 1)
        for number, row in enumerate(rows):
            row["name"] = f"target-{number}"
            row["css"] = f"civ-check files-level-{min(row['level'], 8)}"
        return rows
