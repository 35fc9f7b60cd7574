"""What the portal writes to an address that somebody signed up with."""

from civisdata.content import _


CONFIRM = (
    _("One click left: confirm your address for Civis Data"),
    _(
        """Hello ${name},

Someone, most likely you, has asked for a personal space with this e-mail address.
Confirm that it is yours with this link, then with the button that it shows:

${link}

Your registration is checked after that. The link is good until ${until}; what was
written in the form is erased on that day if nobody has confirmed it.

If it was not you, there is nothing to do: without a confirmation there is no space, and
nothing is kept.

${site}
${url}
""",
    ),
)
