"""The sitemap (sitemaps.org): an index, and parts of a bounded number of addresses.

Only what anybody may see now is in it. A part is made from the catalog's metadata of its
own entries; it is kept until the catalog changes.
"""

from DateTime import DateTime
from datetime import UTC
from functools import lru_cache
from html import escape
from plone import api
from plone.registry.interfaces import IRegistry
from zope.component import getUtility
from ZTUtils.Lazy import Lazy


#: Addresses of one part; the protocol allows 50 000.
PART = 5000

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

#: Shown as parts of other pages, not as pages.
_NOT_PAGES = ("Image",)


def _types() -> list[str]:
    tool = api.portal.get_tool("plone_utils")
    return [name for name in tool.getUserFriendlyTypes() if name not in _NOT_PAGES]


def public_rows() -> Lazy:
    """Return the catalog's rows of public content, read as far as they are looked at."""
    catalog = api.portal.get_tool("portal_catalog")
    return catalog.unrestrictedSearchResults(
        portal_type=_types(),
        allowedRolesAndUsers=["Anonymous"],
        effectiveRange=DateTime(),
        is_default_page=False,
    )


def count_of_parts() -> int:
    return max(1, -(-len(public_rows()) // PART))


def index_of_parts(portal_url: str) -> bytes:
    """Return the sitemap's index: one entry for each part."""
    rows = "".join(
        f"<sitemap><loc>{escape(portal_url)}/sitemap.xml?partie={number}</loc></sitemap>"
        for number in range(1, count_of_parts() + 1)
    )
    return f'{_HEAD}<sitemapindex xmlns="{NAMESPACE}">{rows}</sitemapindex>'.encode()


def part(portal_url: str, number: int) -> bytes:
    """Return part ``number`` (from 1); KeyError where there is none."""
    if not 1 <= number <= count_of_parts():
        raise KeyError(number)
    counter = api.portal.get_tool("portal_catalog").getCounter()
    # What starts or ends by its date changes no counter: at most an hour late.
    hour = int(DateTime().timeTime() // 3600)
    return _part(api.portal.get().getPhysicalPath(), portal_url, number, counter, hour)


@lru_cache(maxsize=24)
def _part(site: tuple, portal_url: str, number: int, counter: int, hour: int) -> bytes:
    rows = public_rows()[(number - 1) * PART : number * PART]
    viewed = frozenset(
        getUtility(IRegistry).get("plone.types_use_view_action_in_listings") or ()
    )
    lines = [_line(portal_url, None)] if number == 1 else []
    lines += [
        _line(
            row.getURL() + ("/view" if row.portal_type in viewed else ""), row.modified
        )
        for row in rows
    ]
    return f'{_HEAD}<urlset xmlns="{NAMESPACE}">{"".join(lines)}</urlset>'.encode()


def _line(url: str, modified: DateTime | None) -> str:
    when = ""
    if modified is not None:
        moment = modified.asdatetime().astimezone(UTC)
        when = f"<lastmod>{moment:%Y-%m-%dT%H:%M:%SZ}</lastmod>"
    return f"<url><loc>{escape(url)}</loc>{when}</url>"
