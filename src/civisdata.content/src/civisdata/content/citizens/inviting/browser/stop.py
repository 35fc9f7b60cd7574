"""``@@ne-plus-m-inviter``: one click ends invitations, without a log-in."""

from civisdata.content import _
from civisdata.content.citizens.browser.one_click import OneClickEnd
from civisdata.content.citizens.inviting.book import book_of
from civisdata.content.citizens.inviting.book import mark_to_stop
from civisdata.content.citizens.structure import get_spaces


class NoInvitations(OneClickEnd):
    """Asks, and ends invitations at the POST."""

    page_title = _("No more invitations")

    def end(self, site) -> None:
        mark = mark_to_stop(self.token)
        if mark is not None:
            book_of(get_spaces(site), create=True).stop(mark)
