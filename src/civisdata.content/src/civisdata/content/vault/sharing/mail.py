"""What is written to a recipient: that there is an offer, never of what."""

from civisdata.content import _
from civisdata.content.citizens import clock
from civisdata.content.citizens.account_mail import write
from civisdata.content.vault.sharing.storage import ensure_sharing
from civisdata.content.vault.storage import ensure_vault
from plone import api


OFFERED = (
    _("Somebody offers to share documents with you"),
    _(
        """Hello,

Another inhabitant offers to share documents with you. Log in to see who it is, and to
accept or refuse: ${link}

For your privacy, this message says neither who it is nor what is shared.

${site}
${url}
"""
    ),
)


#: Seconds between two mails to one citizen, however many offers there are.
PAUSE = 3600


def offered(space) -> None:
    """Tell a citizen that a share waits for an answer, at most once an hour."""
    sharing, now = ensure_sharing(ensure_vault(space)), clock.now()
    if now < sharing.told_at + PAUSE:
        return
    sharing.told_at = now
    link = f"{api.portal.get().absolute_url()}/@@mon-espace"
    write(space, OFFERED, link=link)
