"""``@@lire-actualite`` opens an item from the space, ``@@tout-lu`` marks all as read."""

from civisdata.content import _
from civisdata.content.citizens.browser.account_form import from_elsewhere
from civisdata.content.citizens.browser.account_form import no_store
from civisdata.content.citizens.browser.account_form import OUT_OF_DATE
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.journal.visits import HEAD_KEY
from civisdata.content.citizens.newsread.browser.part import places_of
from civisdata.content.citizens.newsread.choices import choices_of
from civisdata.content.citizens.newsread.marks import mark_all_read
from civisdata.content.citizens.newsread.marks import mark_read
from civisdata.content.citizens.registrations import registration_of
from civisdata.content.news.ages import ages
from civisdata.content.news.dates import PARIS
from civisdata.content.news.feed import find_public
from civisdata.content.numbers import whole_number
from datetime import datetime
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from zope.interface import alsoProvides
import time


class _Back(FormView):
    def back(self, message, kind: str) -> str:
        api.portal.show_message(message, self.request, type=kind)
        return self.redirect(f"{self.context.absolute_url()}#actualites")


class ReadItem(_Back):
    """A plain link: notes that its citizen read the item, and leads to the public page.

    The address of that page comes from the catalog, never from the request. The session's
    cookie comes with links of this site alone (SameSite=Strict), so that no other site
    can have something noted; a browser that only looks ahead notes nothing either.
    """

    def __call__(self) -> str:
        no_store(self.request)
        uid = self.typed("uid")
        found = find_public(uid) if uid else None
        if found is None:
            return self.back(_("This news item is no longer public."), "warning")
        url, seconds = found
        if self._is_opened():
            # The one change by a GET: what the link is there for, wanted by its citizen.
            alsoProvides(self.request, IDisableCSRFProtection)
            person = registration_of(self.context)
            choices = choices_of(person, datetime.now(PARIS).date(), ages())
            mark_read(self.context, uid, seconds, places_of(choices))
        return self.redirect(url)

    def _is_opened(self) -> bool:
        ahead = self.request.get_header("Sec-Purpose") or self.request.get_header(
            "Purpose"
        )
        return (
            self.request.get("REQUEST_METHOD") == "GET"
            and not self.request.environ.get(HEAD_KEY)
            and "prefetch" not in (ahead or "")
            and not from_elsewhere(self.request)
        )


class AllRead(_Back):
    """Marks as read what was published before the page with the button was made."""

    def __call__(self) -> str:
        no_store(self.request)
        if not self.posted:
            return self.redirect(f"{self.context.absolute_url()}#actualites")
        if not self.token_is_valid():
            return self.back(OUT_OF_DATE, "error")
        now = int(time.time())
        shown = whole_number(self.typed("jusque"), now)
        mark_all_read(self.context, now if shown is None else shown)
        return self.back(_("All your news are marked as read."), "info")
