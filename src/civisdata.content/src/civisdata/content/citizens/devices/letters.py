"""What the portal writes to citizens about log-ins with a browser never seen."""

from civisdata.content import _
from civisdata.content.citizens import account_mail
from civisdata.content.citizens import clock
from civisdata.content.citizens.dates import written_moment
from plone import api
from zope.i18n import translate


UNUSUAL = (
    _("A log-in with a new browser"),
    _(
        """Hello,

Somebody logged in to your space on ${moment} with a browser that you have not used here
before: ${client}.

If it was you, there is nothing to do. The portal knows a browser by a cookie: it also
seems new when its cookies were erased.

If it was not you, choose a new password at once: ${forgotten_url}
All sessions end by that. Then tell us about it.

${site}
${url}
"""
    ),
)

STOPPED_HALFWAY = (
    _("Your password was used with a new browser"),
    _(
        """Hello,

Somebody typed the right password of your space on ${moment}, with a browser that you have
not used here before: ${client}. The second step is asked for; without it, nobody comes in.

If it was you, there is nothing to do.

If it was not you, somebody knows your password: choose a new one at once:
${forgotten_url}

${site}
${url}
"""
    ),
)


def tell(space, client: str, halfway: bool = False) -> None:
    """Tell of a log-in; ``halfway``: it waits for the second step."""
    language = api.portal.get_default_language()
    unknown = translate(_("an unknown browser"), target_language=language)
    account_mail.write(
        space,
        STOPPED_HALFWAY if halfway else UNUSUAL,
        moment=written_moment(clock.now()),
        client=client or unknown,
    )
