"""Work in the background: registered, enqueued after the commit, run by a worker.

The other rooms use what stands here; see docs/reference/tasks.md.
"""

from civisdata.content.tasks.enqueue import enqueue
from civisdata.content.tasks.errors import TemporaryError
from civisdata.content.tasks.progress import Progress
from civisdata.content.tasks.registry import nightly
from civisdata.content.tasks.registry import task


__all__ = ["Progress", "TemporaryError", "enqueue", "nightly", "task"]
