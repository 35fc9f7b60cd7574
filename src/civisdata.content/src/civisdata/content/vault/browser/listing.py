"""The list of a folder: what is asked for by the address, and what the template shows."""

from civisdata.content import _
from civisdata.content.numbers import whole_number
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.quick import quick_template
from civisdata.content.vault.browser.rows import in_words
from civisdata.content.vault.browser.rows import Line
from civisdata.content.vault.browser.rows import LineMaker
from civisdata.content.vault.browser.rows import written_day
from civisdata.content.vault.browser.texts import ALTERED
from civisdata.content.vault.browser.texts import ALTERED_FOLDER
from civisdata.content.vault.browser.texts import ALTERED_FOLDER_TITLE
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import TOP
from civisdata.content.vault.listing import DEFAULT_SORT
from civisdata.content.vault.listing import list_items
from civisdata.content.vault.listing import Row
from civisdata.content.vault.listing import SORTS
from civisdata.content.vault.preferences import THUMBNAILS
from civisdata.content.vault.reminders import due
from functools import cached_property
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from urllib.parse import urlencode
from zExceptions import NotFound


PAGE = 50
COLUMNS = (
    ("titre", _("Name")),
    ("type", _("Type")),
    ("taille", _("Size")),
    ("date", _("Stored on")),
    ("validite", _("Valid until")),
)


class ListView(VaultView):
    """The list of a folder."""

    list_template = ViewPageTemplateFile("templates/files_list.pt")
    add_template = ViewPageTemplateFile("templates/files_add.pt")
    rows_template = quick_template(__file__, "rows.pt")
    cards_template = quick_template(__file__, "cards.pt")
    queue_template = ViewPageTemplateFile("templates/upload_queue.pt")
    here: Contents

    def show(self) -> str:
        """Open the vault, and show the folder; NotFound where it isn't there."""
        self.here = self.open_contents()
        if self.folder_id and self.folder_id not in self.here.folders:
            raise NotFound("folder")
        return self.index()

    @property
    def folder_id(self) -> str:
        return self.field("dossier")

    @property
    def folder_title(self) -> str:
        """The folder's title, empty at the top."""
        return self.here.folder(self.folder_id).title if self.folder_id else ""

    def folder_url(self, folder_id: str) -> str:
        return f"{self.list_url}?dossier={folder_id}" if folder_id else self.list_url

    @property
    def path(self) -> list[dict]:
        """Folders from the top down to this one, which comes without an address."""
        steps = [
            {"id": TOP, "title": self.text(_("My documents")), "url": self.list_url}
        ]
        for folder in self.here.path(self.folder_id):
            url = self.folder_url(folder.id)
            steps.append({"id": folder.id, "title": folder.title, "url": url})
        steps[-1]["url"] = ""
        return steps

    @property
    def sort(self) -> str:
        return self.field("tri") if self.field("tri") in SORTS else DEFAULT_SORT

    @property
    def descending(self) -> bool:
        order = self.field("ordre")
        return order == "desc" if order in ("asc", "desc") else SORTS[self.sort]

    @property
    def category(self) -> str:
        return self.field("type") if self.field("type") in self.category_titles else ""

    @property
    def favourites(self) -> bool:
        return bool(self.field("favoris"))

    @property
    def filtered(self) -> bool:
        return bool(self.category) or self.favourites

    @property
    def start(self) -> int:
        return whole_number(self.field("debut"), 10**6) or 0

    def address(self, **changes: Any) -> str:
        """The address of this list with other choices; the first page unless told."""
        asked = {
            "dossier": self.folder_id,
            "type": self.category,
            "favoris": "1" if self.favourites else "",
            "tri": self.field("tri") if self.field("tri") in SORTS else "",
            "ordre": self.field("ordre")
            if self.field("ordre") in ("asc", "desc")
            else "",
            **changes,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.list_url}?{query}" if query else self.list_url

    @property
    def columns(self) -> list[dict]:
        """Heads of columns: where a click leads, and how the list is sorted now."""
        found = []
        for name, title in COLUMNS:
            current = name == self.sort
            backwards = not self.descending if current else SORTS[name]
            found.append(
                {
                    "title": title,
                    "name": name,
                    "url": self.address(tri=name, ordre="desc" if backwards else "asc"),
                    "sorted": ("descending" if self.descending else "ascending")
                    if current
                    else None,
                }
            )
        return found

    @cached_property
    def all_rows(self) -> list[Row]:
        return list_items(
            self.here,
            self.folder_id,
            sort=self.sort,
            descending=self.descending,
            category=self.category,
            favourites=self.favourites,
            titles=self.category_titles,
        )

    @property
    def shown_rows(self) -> list[Row]:
        """The items of this page."""
        return self.all_rows[self.start : self.start + PAGE]

    @property
    def lines(self) -> dict[str, Any]:
        """What the templates of lines need."""
        maker = LineMaker(self, self.here)
        return {
            "rows": [self._line(maker, row) for row in self.shown_rows],
            "words": maker.words,
            "icons": f"{self.portal_url}/++resource++civisdata.vault/icons.svg",
        }

    def _line(self, maker: LineMaker, row: Row) -> Line:
        if row.is_folder:
            return maker.folder(row)
        place = ""
        if self.filtered and row.place != self.folder_id:
            place = " › ".join(folder.title for folder in self.here.path(row.place))
        return maker.document(row, place)

    @property
    def altered(self) -> list[dict]:
        """Items whose box doesn't open: they can be erased, no more."""
        if self.folder_id or self.start:
            return []
        return [self._altered_row(id) for id in self.here.altered]

    def _altered_row(self, item_id: str) -> dict:
        folder = item_id in self.vault.folders
        title = self.text(ALTERED_FOLDER_TITLE if folder else _("Altered document"))
        return {
            "title": title,
            "text": self.text(ALTERED_FOLDER if folder else ALTERED),
            "delete_url": f"{self.list_url}/{item_id}/supprimer",
            "delete_label": f"{self.text(_('Delete'))} {title}",
        }

    @property
    def count_text(self) -> str:
        """« 51 to 100 of 2000 », where there is more than one page."""
        total = len(self.all_rows)
        if total <= PAGE:
            return ""
        numbers = {
            "first": str(self.start + 1),
            "last": str(min(self.start + PAGE, total)),
            "total": str(total),
        }
        return self.text(_("${first} to ${last} of ${total}", mapping=numbers))

    @property
    def earlier_url(self) -> str | None:
        if not self.start:
            return None
        return self.address(debut=max(0, self.start - PAGE) or "")

    @property
    def later_url(self) -> str | None:
        if self.start + PAGE >= len(self.all_rows):
            return None
        return self.address(debut=self.start + PAGE)

    @property
    def thumbnails(self) -> bool:
        return self.preferences.view == THUMBNAILS

    @cached_property
    def filters(self) -> list[dict]:
        """Types that documents of the vault have, for the filter."""
        used = {item.category for item in self.here.documents.values()}
        return [
            {"id": id, "title": title, "selected": id == self.category}
            for id, title in self.category_titles.items()
            if id in used or id == self.category
        ]

    @cached_property
    def due(self) -> list[dict]:
        """What ends soon, for the top of the page."""
        return [
            {
                "title": one.metadata.title,
                "url": f"{self.list_url}/{one.id}/modifier",
                "day": written_day(one.day),
                "words": in_words(self, one.left),
                "temporary": one.temporary,
            }
            for one in due(self.here, self.today)
            if one.temporary
        ]
