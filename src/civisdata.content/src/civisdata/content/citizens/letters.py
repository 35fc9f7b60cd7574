"""What the portal writes to people about their registration: subject and text."""

from civisdata.content import _
from zope.i18n import translate
from zope.i18nmessageid import Message


RECEIVED = (
    _("Your registration with Civis Data has been received"),
    _(
        """Hello ${name},

Your request for a personal space has been received. It will be checked, and the answer
comes to this address: if it is accepted, with your login and a first password.

There is nothing to do meanwhile. If you did not ask for a space, ignore this message.

${site}
${url}
""",
    ),
)

ALREADY_KNOWN = (
    _("Your registration with Civis Data"),
    _(
        """Hello,

Someone, perhaps you, has just asked for a personal space with this e-mail address. There
is one already, or a request for one is being checked: nothing was changed.

If you have forgotten your password, or have not received one: ${forgotten_url}

If it was not you, ignore this message: whoever typed your address learns nothing from it.

${site}
${url}
""",
    ),
)

ACCEPTED = (
    _("Your personal space is open"),
    _(
        """Hello ${name},

Your registration has been accepted. Here is what opens your space:

    Login:          ${login}
    First password: ${password}

Log in here: ${login_url}

This password serves once: you then choose your own, which nobody else knows. Your login
stays the same: keep it.

Nobody of the Communauté urbaine or of your commune will ever ask you for your password.

${site}
${url}
""",
    ),
)

BY_POST = (
    _("Your registration has been accepted"),
    _(
        """Hello ${name},

Your registration has been accepted. Your login and a first password come by post, on a
letter to the address that you have given.

Nobody of the Communauté urbaine or of your commune will ever ask you for your password.

${site}
${url}
""",
    ),
)

PRINTED = (
    _("Your letter has been printed"),
    _(
        """Hello,

The letter with your login and your first password has just been printed, and leaves by
post. The password is valid until ${moment}, and serves once.

If the letter has not come within a week, or was opened, write to us: a new one is made,
and the one before is worth nothing any more.

${site}
${url}
""",
    ),
)

SAME_PERSON = (
    _("One registration instead of two"),
    _(
        """Hello ${name},

You have signed up twice with Civis Data. This registration has been ended, as your space
with another login is the one that you use. Nothing was stored in the one that has ended.

If you have not signed up twice, write to us at once.

${site}
${url}
""",
    ),
)

NEW_PASSWORD = (
    _("A new first password for your personal space"),
    _(
        """Hello ${name},

A new first password has been made for your space. The one before no longer works.

    Login:          ${login}
    First password: ${password}

Log in here: ${login_url}

It opens your account. If you had already chosen a password, your documents stay locked
until you give your recovery code or that password.

If you did not ask for it, write to us at once.

${site}
${url}
""",
    ),
)

REFUSED = (
    _("Your registration with Civis Data could not be accepted"),
    _(
        """Hello ${name},

Your registration could not be accepted, for this reason:

${reason}

You may sign up again once this is settled: ${sign_up_url}

${site}
${url}
""",
    ),
)

SUSPENDED = (
    _("Your personal space is suspended"),
    _(
        """Hello ${name},

Your personal space is suspended for now, for this reason:

${reason}

Your documents are kept, still encrypted, and stay yours. You cannot log in meanwhile.

${site}
${url}
""",
    ),
)

REINSTATED = (
    _("Your personal space is open again"),
    _(
        """Hello ${name},

Your personal space is open again. You can log in as before: ${login_url}

${site}
${url}
""",
    ),
)


def written(
    letter: tuple[Message, Message], language: str, **values: str
) -> tuple[str, str]:
    """Return subject and text of a letter in ``language``, with ``values`` filled in."""
    subject, text = letter
    return (
        translate(subject, target_language=language),
        translate(Message(text, mapping=values), target_language=language),
    )
