"""What the portal writes to citizens about the closing of their space."""

from civisdata.content import _


CLOSED = (
    _("Your space is closed, and will be erased on ${day}"),
    _(
        """Hello,

You have closed your space. Nobody can send you anything there any more, and nothing of
it is shared any more. On ${day} all of it is erased, for good: your documents, your data,
your journal.

Until then, log in to take your documents with you, or to take the closing back with one
click: ${link}

If it was not you, take it back at once, then change your password.

${site}
${url}
"""
    ),
)

CLOSED_BY_ADMINISTRATION = (
    _("Your space is closed by the administration"),
    _(
        """Hello,

The administration has closed your space. On ${day} all of it is erased, for good: your
documents, your data, your journal.

Until then, log in to take your documents with you: ${link}

If you think that this is an error, write to the administration before that day.

${site}
${url}
"""
    ),
)

TAKEN_BACK = (
    _("Your space stays open"),
    _(
        """Hello,

The closing of your space was taken back: nothing is erased. What had ended with it (shares,
consents, trusted persons, news by e-mail) is yours to begin again.

If it was not you, change your password at once: ${forgotten_url}

${site}
${url}
"""
    ),
)

ERASED = (
    _("Your space has been erased"),
    _(
        """Hello,

Your space was erased on ${day}, as announced. This is the receipt; this message is the last
one, and your address is erased with it.

    Number:          ${number}
    Documents:       ${documents}
    Shares:          ${shares}
    Deposits:        ${deposits}
    Lines of journal: ${journal}

The portal keeps this number, this day and these counts, signed and without your name.
Copies of safety keep what was erased, encrypted as it was, for at most 30 days.

${site}
${url}
"""
    ),
)
