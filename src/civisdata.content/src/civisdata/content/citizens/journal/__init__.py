"""The citizen's journal: what happened in one's own space (docs/reference/journal.md).

``note`` appends; ``visits.note_once`` does so for pages that are asked for again and
again; ``actions.register_action`` says how an entry reads.
"""

from civisdata.content.citizens.journal.chain import checkpoint
from civisdata.content.citizens.journal.chain import purge
from civisdata.content.citizens.journal.chain import verify
from civisdata.content.citizens.journal.storage import entries
from civisdata.content.citizens.journal.storage import Entry
from civisdata.content.citizens.journal.storage import head
from civisdata.content.citizens.journal.storage import note


__all__ = ["Entry", "checkpoint", "entries", "head", "note", "purge", "verify"]
