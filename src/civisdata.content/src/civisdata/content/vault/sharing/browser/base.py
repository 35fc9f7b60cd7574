"""What the pages of sharing have in common."""

from civisdata.content.citizens.dates import ZONE
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.sharing.browser.words import day_text
from civisdata.content.vault.sharing.browser.words import last_day
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from plone import api
import re


_FRENCH = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})")


def end_of_day(text: str) -> int:
    """Give the end of « 2027-12-31 » or « 31/12/2027 » in seconds since 1970.

    0 for nothing; Refused("date").
    """
    text = text.strip()
    if not text:
        return 0
    found = _FRENCH.fullmatch(text)
    try:
        if found:
            day = date(int(found[3]), int(found[2]), int(found[1]))
        else:
            day = date.fromisoformat(text)
        after = datetime.combine(day + timedelta(days=1), time(), ZONE)
    except (OverflowError, ValueError):
        raise Refused("date") from None
    return int(after.timestamp())


class SharingView(VaultView):
    """A page of sharing; what waited for the keys is done before it is shown."""

    error = ""

    def respond(self):
        if self.request.get("REQUEST_METHOD") == "POST":
            self.check_token()
            return self.act()
        self.announce()
        return self.show()

    def show(self):
        return self.index()

    def act(self):
        raise NotImplementedError

    def typed(self, name: str) -> str:
        value = self.request.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def refused(self, message) -> str:
        """Show the page again with an error; nothing is kept."""
        self.undo()
        self.request.response.setStatus(400, lock=1)
        self.error = self.text(message)
        return self.show()

    def done(self, url: str, message) -> str:
        api.portal.show_message(message, self.request)
        self.request.response.redirect(url, status=303)
        return ""

    @property
    def given_url(self) -> str:
        return f"{self.space_url}/@@partages"

    @property
    def received_url(self) -> str:
        return f"{self.space_url}/@@partages-recus"

    @property
    def language(self) -> str:
        return self.request.get("LANGUAGE") or "fr"

    def day(self, seconds: float) -> str:
        return day_text(seconds, self.language)

    def last_day(self, until: int) -> str:
        return last_day(until, self.language)
