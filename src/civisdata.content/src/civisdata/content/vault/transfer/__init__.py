"""Taking everything along: archives out of a space, and into one of another portal."""

# Rooms add what they hold of a citizen with ``sections.register_export``.
from civisdata.content.vault.transfer import journal_words  # noqa: F401
from civisdata.content.vault.transfer import own_sections  # noqa: F401
