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

OFFERED = (
    _("Somebody wishes to count on you"),
    _(
        """Hello,

A citizen who has a space here wishes to name you as a trusted person: somebody who helps
to get documents back when password and recovery code are lost. You would not be able to
read these documents.

Log in to see who it is, and to accept or refuse: open « My account », then « Trusted
persons ».

${site}
${url}
"""
    ),
)

CALLED = (
    _("Your trusted persons are called for help"),
    _(
        """Hello,

Someone, perhaps you, has called your trusted persons for help, to unlock the documents of
your space. They can answer from ${moment} on, not before.

If it was not you: log in with your former password, which cancels the call. If you do not
have it any more, choose a new password at once, which cancels it too: ${forgotten_url}
And warn your trusted persons.

${site}
${url}
"""
    ),
)

CALLED_YOU = (
    _("Somebody who counts on you calls for help"),
    _(
        """Hello,

A person who has named you as a trusted person has lost password and recovery code, and
calls you for help. You can answer from ${moment} on, in your space: open « My account »,
then « Trusted persons ».

Speak to this person first, by telephone or face to face, and make sure that you know the
voice: somebody else may have broken into the account. Trust no message.

${site}
${url}
"""
    ),
)

CALL_ANSWERED = (
    _("A trusted person has answered your call"),
    _(
        """Hello,

One of your trusted persons has answered the call for help of your space. Log in to see
whether enough of them have answered.

If you have not called for help: log in with your former password, which cancels the call,
or choose a new password at once, which cancels it too: ${forgotten_url}

${site}
${url}
"""
    ),
)

CALL_DENIED = (
    _("Your call for help is cancelled"),
    _(
        """Hello,

One of your trusted persons has said that the call for help of your space was not from
you. It is cancelled.

If it was from you, speak to this person, then call for help anew. If not, choose a new
password at once: ${forgotten_url}

${site}
${url}
"""
    ),
)

CALL_CANCELLED = (
    _("The call for help is cancelled"),
    _(
        """Hello,

The call for help of your space was cancelled, because your former password was typed at
the log-in. Choose a new password now: ${forgotten_url}
Then unlock your documents with the former one.

${site}
${url}
"""
    ),
)

HELPED = (
    _("Your documents are unlocked again"),
    _(
        """Hello,

The documents of your space have been unlocked with the help of your trusted persons. Now
make a new recovery code: open « My account ».

If it was not you, choose a new password at once: ${forgotten_url}
and tell us about it.

${site}
${url}
"""
    ),
)
