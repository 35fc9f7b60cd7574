"""What the portal writes to citizens about their account.

A mail server that is down must not tell known from unknown names, nor hold up a
change of password: these letters leave after the commit, in the background.
"""

from Acquisition import aq_base
from civisdata.content import _
from civisdata.content.citizens.settings import account_setting
from civisdata.content.mail import compose
from civisdata.content.mail import MailManager
from civisdata.content.mail import sender_of
from civisdata.content.mail import server_of
from plone import api
from Products.MailHost.MailHost import MailBase
from zope.i18n import translate
from zope.i18nmessageid import Message
import logging
import threading
import transaction


logger = logging.getLogger(__name__)

#: Name of the threads that send.
THREAD = "civisdata-letter"

RESET = (
    _("Choose a new password"),
    _(
        """Hello,

Someone, perhaps you, has said on ${site} that the password of your space is forgotten.
This link lets you choose a new one. It works once, for ${minutes} minutes:

${link}

Know this before: a new password opens your account, but not the documents that you
stored. For them you then need your recovery code, or your old password.

If it was not you, ignore this message: nothing changes.

${site}
${url}
"""
    ),
)

PASSWORD_CHANGED = (
    _("Your password has been changed"),
    _(
        """Hello,

The password of your space has just been changed, and your other sessions have ended.

If it was not you, ask for a new one at once: ${forgotten_url}
and tell us about it.

${site}
${url}
"""
    ),
)

CODE_CHANGED = (
    _("Your recovery code has been changed"),
    _(
        """Hello,

A new recovery code was made for your space and counts from now on. The old one is worth
nothing any more: destroy it.

If it was not you, change your password at once, then make another recovery code.

${site}
${url}
"""
    ),
)

ANEW_ASKED = (
    _("Your space is to start anew, without your documents"),
    _(
        """Hello,

Someone, perhaps you, has asked that your space start anew with no documents. This can be
done from ${moment} on. All that is stored there is then lost for ever.

If it was not you, or if you have found your recovery code: log in and take it back.

${site}
${url}
"""
    ),
)


def reset_link(space, ticket: str) -> None:
    """Send the link to choose a new password."""
    link = f"{api.portal.get().absolute_url()}/@@mot-de-passe-oublie?jeton={ticket}"
    minutes = str(account_setting("reset_link_minutes"))
    write(space, RESET, link=link, minutes=minutes)


def password_changed(space) -> None:
    """Tell of a new password."""
    write(space, PASSWORD_CHANGED)


def code_changed(space) -> None:
    """Tell of a new recovery code."""
    write(space, CODE_CHANGED)


def anew_asked(space, moment: str) -> None:
    """Tell of the wish to give the documents up."""
    write(space, ANEW_ASKED, moment=moment)


def write(
    space, letter: tuple[Message, Message], page: str = "", to: str = "", **values: str
) -> None:
    """Send a letter (subject and text, see above) to a citizen, if it can be sent.

    Other rooms send theirs; ``page`` of the portal is linked as ``${link}``. ``to``:
    another address than the citizen's own.
    """
    if page:
        values["link"] = f"{api.portal.get().absolute_url()}/{page}"
    to = to or space.email
    if not to:
        return
    portal = api.portal.get()
    url = portal.absolute_url()
    language = api.portal.get_default_language()
    values.update(
        site=portal.Title(), url=url, forgotten_url=f"{url}/@@mot-de-passe-oublie"
    )
    subject, text = letter
    name, address = sender_of(portal)
    try:
        message = compose(
            sender_name=name,
            sender=address,
            to=to,
            subject=translate(subject, target_language=language),
            text=translate(Message(text, mapping=values), target_language=language),
        )
    except ValueError:
        logger.warning("The address of %s can't be written to", space.getId())
        return
    _send_after_commit(message, address, to)


def _send_after_commit(message, sender: str, to: str) -> None:
    mailhost = api.portal.get_tool("MailHost")
    if getattr(type(aq_base(mailhost)), "_send", None) is not MailBase._send:
        mailhost.send(message)
        return
    manager = MailManager(server_of(mailhost), sender, to, message)

    def deliver() -> None:
        try:
            manager._deliver()
        except Exception as error:
            logger.error("A letter about an account was not sent: %s", error)

    def hook(committed: bool) -> None:
        if committed:
            threading.Thread(target=deliver, name=THREAD, daemon=True).start()

    transaction.get().addAfterCommitHook(hook)
