"""Lines of lists for templates: titles, addresses and words of each item."""

from civisdata.content import _
from civisdata.content.citizens.dates import ZONE
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.thumbnails import picture_url
from civisdata.content.vault.browser.thumbnails import sign_of
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import Folder
from civisdata.content.vault.deposits.marks import origin_of
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.kinds import can_be_shown
from civisdata.content.vault.listing import Row
from civisdata.content.vault.names import split_extension
from datetime import date
from datetime import datetime
from typing import Any
from zope.i18nmessageid import Message


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


def folder_row(view: VaultView, here: Contents, row: Row) -> dict[str, Any]:
    folder: Folder = row.item
    count = len(here.folders_in(row.id)) + len(here.documents_in(row.id))
    return {
        "id": row.id,
        "folder": True,
        "title": folder.title,
        "url": f"{view.list_url}?dossier={row.id}",
        "edit_url": f"{view.list_url}/{row.id}/modifier",
        "edit_label": view.text(_("Modify")) + f" {folder.title}",
        "share_url": f"{view.space_url}/@@partager?dossier={row.id}",
        "share_label": view.text(_("Share")) + f" {folder.title}",
        "choose_label": view.text(_("Choose")) + f" {folder.title}",
        "count": view.text(_how_many(count)),
    }


def document_row(view: VaultView, row: Row, place: str = "") -> dict[str, Any]:
    item: Metadata = row.item
    url = f"{view.list_url}/{row.id}"
    shown = can_be_shown(item.kind)
    title = item.title
    ends = item.ends_on and date.fromisoformat(item.ends_on)
    valid = item.valid_until and date.fromisoformat(item.valid_until)
    return {
        "id": row.id,
        "folder": False,
        "title": title,
        "place": place,
        "url": f"{url}/lire" if shown else f"{url}/telecharger",
        "download_url": f"{url}/telecharger",
        "edit_url": f"{url}/modifier",
        "delete_url": f"{url}/supprimer",
        "choose_label": view.text(_("Choose")) + f" {title}",
        "download_label": view.text(_("Download")) + f" {title}",
        "edit_label": view.text(_("Modify")) + f" {title}",
        "delete_label": view.text(_("Delete")) + f" {title}",
        "share_url": f"{view.space_url}/@@partager?document={row.id}",
        "share_label": view.text(_("Share")) + f" {title}",
        "favourite": item.favourite,
        "origin": origin_of(item),
        "favourite_label": view.text(_("Favourite:")) + f" {title}",
        "sign": sign_of(item),
        "picture": picture_url(view.context, view.request, url, item),
        "format": split_extension(item.name)[1].upper(),
        "category": view.category_title(item.category),
        "size": view.size(item.size),
        "date": day_of(item.stored_at),
        "notes": item.notes,
        "valid": written_day(valid) if valid else "",
        "over": bool(valid) and valid < view.today,
        "ends": view.text(_("Erased after ${day}", mapping={"day": written_day(ends)}))
        if ends
        else "",
    }
