"""Atom (RFC 4287) and JSON Feed 1.1, from plain values.

What goes in is public: entries of ``news.feed``. What comes out are bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import UTC
from xml.etree import ElementTree
import json
import re
import uuid


ATOM_TYPE = "application/atom+xml; charset=utf-8"
JSON_TYPE = "application/feed+json; charset=utf-8"

#: Entries of a feed.
ENTRIES = 30

_ATOM = "http://www.w3.org/2005/Atom"
_XML = "{http://www.w3.org/XML/1998/namespace}"

# What XML 1.0 has no way to write; editors paste it now and then.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One news item; times with their zone, ``image`` an absolute address or empty."""

    uid: str
    url: str
    title: str
    summary: str
    author: str
    published: datetime
    updated: datetime
    topics: tuple[tuple[str, str], ...] = ()
    image: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed: ``page`` is what people read instead, ``atom`` and ``json`` itself."""

    title: str
    page: str
    atom: str
    json: str
    author: str
    entries: Sequence[Entry]
    #: When anything in it last changed.
    updated: datetime
    language: str = "fr"


def urn(uid: str) -> str:
    """Return the id of an entry: the same wherever the portal moves."""
    return f"urn:uuid:{uuid.UUID(uid)}"


def feed_id(feed: Feed) -> str:
    """Return the id of a feed, made from its own address."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, feed.atom)}"


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _add(parent, name: str, text: str = "", **attributes: str):
    element = ElementTree.SubElement(parent, name, attributes)
    if text:
        element.text = _clean(text)
    return element


def atom(feed: Feed) -> bytes:
    """Return ``feed`` as an Atom document."""
    root = ElementTree.Element("feed", {"xmlns": _ATOM, f"{_XML}lang": feed.language})
    _add(root, "id", feed_id(feed))
    _add(root, "title", feed.title)
    _add(root, "updated", _time(feed.updated))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.atom)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    _add(_add(root, "author"), "name", feed.author)
    for entry in feed.entries:
        element = _add(root, "entry")
        _add(element, "id", urn(entry.uid))
        _add(element, "title", entry.title)
        _add(element, "updated", _time(entry.updated))
        _add(element, "published", _time(entry.published))
        _add(element, "link", rel="alternate", type="text/html", href=entry.url)
        _add(_add(element, "author"), "name", entry.author or feed.author)
        for id, title in entry.topics:
            _add(element, "category", term=id, label=_clean(title))
        _add(element, "summary", entry.summary or entry.title)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def json_feed(feed: Feed) -> bytes:
    """Return ``feed`` as a JSON Feed."""
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.json,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_json_item(entry, feed) for entry in feed.entries],
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _json_item(entry: Entry, feed: Feed) -> dict:
    item = {
        "id": urn(entry.uid),
        "url": entry.url,
        "title": _clean(entry.title),
        "content_text": _clean(entry.summary or entry.title),
        "date_published": _time(entry.published),
        "date_modified": _time(entry.updated),
        "authors": [{"name": entry.author or feed.author}],
        "language": feed.language,
    }
    if entry.topics:
        item["tags"] = [_clean(title) for _id, title in entry.topics]
    if entry.image:
        item["image"] = entry.image
    return item
