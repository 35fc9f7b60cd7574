"""What the portal writes to citizens about their keys: no names, no documents."""

from civisdata.content import _


KEYS_RENEWED = (
    _("The keys of your space have been replaced"),
    _(
        """Hello,

The keys of your space, its password and its recovery code have just been replaced. Those
before are worth nothing any more: destroy the old code. Your other sessions have ended.

If it was not you, ask for a new password at once: ${forgotten_url}
and tell us about it.

${site}
${url}
"""
    ),
)
