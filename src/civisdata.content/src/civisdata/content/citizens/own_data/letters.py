"""What the portal writes to citizens about changes of their data."""

from civisdata.content import _


CONFIRM_EMAIL = (
    _("Confirm your new e-mail address"),
    _(
        """Hello,

Someone, perhaps you, wants messages of a personal space to come to this address from now
on. It counts once you have confirmed it, logged in to this space, within ${hours} hours:

${link}

If it was not you, ignore this message: nothing changes.

${site}
${url}
"""
    ),
)

EMAIL_TAKEN = (
    _("Your e-mail address"),
    _(
        """Hello,

Someone, perhaps you, wants messages of a personal space to come to this address. It is
already that of another space: nothing was changed.

If you have two spaces, close one of them first. If it was not you, ignore this message.

${site}
${url}
"""
    ),
)

EMAIL_ASKED = (
    _("Another e-mail address is to be used for your space"),
    _(
        """Hello,

Someone, perhaps you, has asked that messages of your space go to another address. Until
it is confirmed there, they come to you.

If it was not you, stop it with this link, then change your password:

${link}

${site}
${url}
"""
    ),
)

EMAIL_CHANGED = (
    _("Messages of your space now go to another address"),
    _(
        """Hello,

The new e-mail address of your space was confirmed: messages go there from now on. This is
the last one to this address.

If it was not you, this link puts your address back and ends all sessions. It works for
${days} days:

${link}

${site}
${url}
"""
    ),
)

MOVED = (
    _("Your space now belongs to another commune"),
    _(
        """Hello,

You have moved to another commune: your space now belongs to ${commune}. Its agents see
your registration, those of ${former} no longer do. Your documents stay as they are.

If it was not you, change your password at once: ${forgotten_url}

${site}
${url}
"""
    ),
)
