"""``@@corbeille``: what is in the bin, for thirty days."""

from civisdata.content import _
from civisdata.content.numbers import whole_number
from civisdata.content.vault import bin
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.rows import day_of
from civisdata.content.vault.browser.rows import written_day
from civisdata.content.vault.browser.thumbnails import sign_of
from civisdata.content.vault.contents import Folder
from functools import cached_property
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


PAGE = 100


class Trash(VaultView):
    """The bin; its forms go to ``@@classer``."""

    index = ViewPageTemplateFile("templates/trash.pt")
    page_title = _("Bin")

    def respond(self):
        self.here = self.open_contents()
        return self.index()

    @property
    def url(self) -> str:
        return f"{self.space_url}/@@corbeille"

    @property
    def filing_url(self) -> str:
        return f"{self.space_url}/@@classer"

    @property
    def days(self) -> int:
        return bin.DAYS

    @cached_property
    def _binned(self) -> dict:
        return bin.binned(self._contents)

    @cached_property
    def _contents(self):
        return self.opened.contents()

    @property
    def start(self) -> int:
        return whole_number(self.field("debut"), 10**6) or 0

    @property
    def later_url(self) -> str | None:
        more = self.start + PAGE < len(self._binned)
        return f"{self.url}?debut={self.start + PAGE}" if more else None

    @property
    def earlier_url(self) -> str | None:
        return f"{self.url}?debut={max(0, self.start - PAGE)}" if self.start else None

    @cached_property
    def rows(self) -> list[dict]:
        found = list(self._binned.items())[self.start : self.start + PAGE]
        return [self._row(id, item) for id, item in found]

    def _row(self, id: str, item) -> dict:
        folder = isinstance(item, Folder)
        if folder:
            documents, _folders = bin.within(self._contents, id)
            size = sum(self._contents.documents[one].size for one in documents)
            place = item.parent
        else:
            size, place = item.size, item.folder
        path = self._contents.path(self._contents.place_of(place))
        return {
            "id": id,
            "title": item.title,
            "sign": "folder" if folder else sign_of(item),
            "size": self.size(size),
            "place": " › ".join(one.title for one in path)
            or self.text(_("My documents")),
            "binned": day_of(item.binned_at),
            "erased": written_day(bin.erased_on(item)),
            "choose_label": f"{self.text(_('Choose'))} {item.title}",
            "restore_label": f"{self.text(_('Restore'))} {item.title}",
        }
