"""What the portal writes to citizens about their log-in in two steps."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from plone import api
from zope.i18n import translate
from zope.i18nmessageid import Message


CHANGED = (
    _("Your log-in in two steps has changed"),
    _(
        """Hello,

${what}

If it was not you, somebody knows your password and is in your space: change it at once,
end the other sessions, and look at « Log-in in two steps » in your account: ${link}

${site}
${url}
"""
    ),
)

APP_ADDED = _("An authentication app is asked for at your log-in from now on.")
APP_REMOVED = _("The authentication app was removed from your log-in.")
PASSKEY_ADDED = _("A passkey was added to your log-in.")
PASSKEY_REMOVED = _("A passkey was removed from your log-in.")
CODES_RENEWED = _("New single-use codes were made; those before are worth nothing.")
STOPPED = _("Your log-in has no second step any more: your password is enough.")
CODE_USED = _("One of your single-use codes served to log in.")
RECOVERY_USED = _(
    "The recovery code of your documents served to log in, instead of the second step."
)


def tell(space, what: Message) -> None:
    """Tell of a change; ``what`` is one of the sentences above."""
    language = api.portal.get_default_language()
    sentence = translate(what, target_language=language)
    page = f"espaces/{space.getId()}/@@connexion-en-deux-etapes"
    account_mail.write(space, CHANGED, page=page, what=sentence)
