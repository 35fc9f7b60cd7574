"""What is written to a citizen who was asked: by whom, never for what."""

from civisdata.content import _
from civisdata.content.citizens.account_mail import write
from plone import api


ASKED = (
    _("You are asked for a document"),
    _(
        """Hello,

${publisher} asks you for a document. Log in to see which one and what for, and to give
it or to decline: ${link}

For your privacy, this message does not name the document. You are free to decline.

${site}
${url}
"""
    ),
)


def asked(space, publisher: str) -> None:
    """Tell a citizen that a request waits for an answer."""
    link = f"{api.portal.get().absolute_url()}/@@mon-espace"
    write(space, ASKED, link=link, publisher=publisher)
