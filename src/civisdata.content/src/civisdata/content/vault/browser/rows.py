"""Lines of lists for templates: titles, addresses and words of each item."""

from civisdata.content import _
from civisdata.content.citizens.dates import ZONE
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.thumbnails import draws_pictures
from civisdata.content.vault.browser.thumbnails import has_picture
from civisdata.content.vault.browser.thumbnails import sign_of
from civisdata.content.vault.browser.thumbnails import VIEW
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.deposits.marks import origin_of
from civisdata.content.vault.kinds import can_be_shown
from civisdata.content.vault.listing import Row
from civisdata.content.vault.names import split_extension
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from types import SimpleNamespace
from zope.i18nmessageid import Message


#: Words that stand on many lines.
WORDS = {
    "choose": _("Choose"),
    "favourite": _("Favourite:"),
    "download": _("Download"),
    "share": _("Share"),
    "edit": _("Modify"),
    "delete": _("Delete"),
    "new": _("New"),
    "over": _("(over)"),
}


def written_day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def day_of(seconds: int) -> str:
    """Write the day of seconds since 1970, as « 23/11/2026 »."""
    return written_day(datetime.fromtimestamp(seconds, ZONE).date())


def in_words(view: VaultView, left: int) -> str:
    """Say how far away a day is: today, in n days, over."""
    if left < 0:
        return view.text(_("over"))
    if left == 0:
        return view.text(_("today"))
    if left == 1:
        return view.text(_("tomorrow"))
    return view.text(_("in ${days} days", mapping={"days": str(left)}))


def _how_many(count: int) -> Message:
    if count < 2:
        return _("1 item") if count else _("empty")
    return _("${count} items", mapping={"count": str(count)})


@dataclass(frozen=True)
class Line:
    """What the templates show of a folder or document.

    ``base`` is the address below which its pages lie, ``url`` where a click on it leads.
    """

    id: str
    folder: bool
    title: str
    url: str
    base: str
    share_url: str
    count: str = ""
    place: str = ""
    favourite: bool = False
    origin: str = ""
    new: bool = False
    sign: str = ""
    picture: str = ""
    format: str = ""
    category: str = ""
    size: str = ""
    date: str = ""
    valid: str = ""
    over: bool = False
    ends: str = ""


class LineMaker:
    """Makes the lines of one page; what is the same for all of them is asked for once."""

    def __init__(self, view: VaultView, here: Contents):
        self._view, self._here = view, here
        self._list_url, self._space_url = view.list_url, view.space_url
        self._pictures = draws_pictures(view.context, view.request)
        self._today = view.today
        self.words = SimpleNamespace(
            **{name: view.text(text) for name, text in WORDS.items()}
        )

    def folder(self, row: Row) -> Line:
        here, folder = self._here, row.item
        count = len(here.folders_in(row.id)) + len(here.documents_in(row.id))
        return Line(
            id=row.id,
            folder=True,
            title=folder.title,
            url=f"{self._list_url}?dossier={row.id}",
            base=f"{self._list_url}/{row.id}",
            share_url=f"{self._space_url}/@@partager?dossier={row.id}",
            count=self._view.text(_how_many(count)),
        )

    def document(self, row: Row, place: str = "") -> Line:
        """Give the line of a document; ``place`` names the folder that it lies in."""
        view, item = self._view, row.item
        base = f"{self._list_url}/{row.id}"
        origin = origin_of(item)
        ends = item.ends_on and date.fromisoformat(item.ends_on)
        valid = item.valid_until and date.fromisoformat(item.valid_until)
        return Line(
            id=row.id,
            folder=False,
            title=item.title,
            place=place,
            base=base,
            url=f"{base}/{'lire' if can_be_shown(item.kind) else 'telecharger'}",
            share_url=f"{self._space_url}/@@partager?document={row.id}",
            favourite=item.favourite,
            origin=view.text(origin.text) if origin else "",
            new=bool(origin) and origin.new,
            sign=sign_of(item),
            picture=f"{base}/{VIEW}" if self._pictures and has_picture(item) else "",
            format=split_extension(item.name)[1].upper(),
            category=view.category_title(item.category),
            size=view.size(item.size),
            date=day_of(item.stored_at),
            valid=written_day(valid) if valid else "",
            over=bool(valid) and valid < self._today,
            ends=view.text(_("Erased after ${day}", mapping={"day": written_day(ends)}))
            if ends
            else "",
        )
