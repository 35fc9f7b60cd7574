"""``@@desabonnement``: one click ends the mails, without a log-in."""

from civisdata.content import _
from civisdata.content.citizens.browser.one_click import OneClickEnd
from civisdata.content.citizens.news_mail.tokens import space_of_token
from civisdata.content.citizens.news_mail.wishes import BY_LINK
from civisdata.content.citizens.news_mail.wishes import turn_off
from civisdata.content.citizens.structure import get_spaces
from plone import api


class Unsubscribe(OneClickEnd):
    """Asks, and ends the mails at the POST."""

    page_title = _("No more news by e-mail")

    @property
    def settings_url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@mon-espace"

    def end(self, site) -> None:
        space_id = space_of_token(self.token)
        space = None if space_id is None else get_spaces(site).get_space(space_id)
        if space is not None:
            turn_off(space, BY_LINK)
