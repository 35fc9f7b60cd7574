"""The one place that changes what a citizen chose of services and news, page and mail."""

from civisdata.content import _
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.storage import SELF
from civisdata.content.citizens.registrations import change_choices
from civisdata.content.citizens.registrations import registration_of
from typing import Any


CHANGED = "choices-changed"
MAIL_ENDED, MAIL_STOPPED = "news-mail-ended-by-link", "news-mail-stopped"

register_action(CHANGED, _("You changed your choice of services and news."), ACCOUNT)
register_action(
    MAIL_ENDED,
    _("News by e-mail were ended through the link of a message."),
    ACCOUNT,
)
register_action(
    MAIL_STOPPED,
    _("The portal ended your news by e-mail: several messages had come back."),
    ACCOUNT,
)


def choose(
    space: Any, action: str = CHANGED, actor: str = SELF, **choices: Any
) -> bool:
    """Change choices (values of ``Registration``, checked before); say whether any did.

    ``action``: how the journal says it, empty where it follows from what is noted.
    """
    before = registration_of(space)
    changed = {
        name: value for name, value in choices.items() if getattr(before, name) != value
    }
    if not changed:
        return False
    change_choices(space, **changed)
    if action:
        note(space, action, actor=actor)
    return True
