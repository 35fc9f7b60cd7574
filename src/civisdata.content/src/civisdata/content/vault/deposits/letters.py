"""The message that tells a citizen of a deposit: not from whom, not what."""

from civisdata.content import _
from civisdata.content.citizens.account_mail import write


ARRIVED = (
    _("A document awaits you in your space"),
    _(
        """Hello,

An administration that you have allowed to do so has put a document into your space. Log
in to read it: ${link}

For your safety, this message does not say which document it is, and from whom. You may
withdraw your consent at any time, in your space, under « Who may deposit documents ».

${site}
${url}
"""
    ),
)


def announce(space) -> None:
    """Tell the citizen, once the transaction is committed."""
    write(space, ARRIVED, page="@@login")
