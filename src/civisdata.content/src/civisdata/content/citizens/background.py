"""Small writes that must not be felt in the answer to a request.

What is written for a known name and not for an unknown one would tell them apart by the
time that the answer takes. Such a write is done after the commit, by a thread and in a
transaction of its own.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from transaction import TransactionManager
from typing import Any
from ZODB.POSException import ConflictError
from ZODB.POSException import POSKeyError
import logging
import transaction


logger = logging.getLogger(__name__)

_TRIES = 10
_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="civisdata")


def after_commit(function: Callable[[], object]) -> None:
    """Call ``function`` once the transaction has been committed, else never."""

    def hook(committed: bool) -> None:
        if committed:
            function()

    transaction.get().addAfterCommitHook(hook)


def later(function: Callable[[], object]) -> None:
    """Let the thread call ``function`` once the transaction has been committed."""
    after_commit(lambda: _submit(function))


def _submit(function: Callable[[], object]) -> None:
    _pool.submit(_guarded, function)


def _guarded(function: Callable[[], object]) -> None:
    try:
        function()
    except Exception as error:
        logger.error("A write in the background failed: %s", type(error).__name__)


def wait() -> None:
    """Wait until all that was begun has ended: one thread does one after the other."""
    _pool.submit(lambda: None).result()


def writer(stored: Any) -> Callable[[Callable[[Any], object]], None]:
    """Return a function that changes a stored object in a transaction of its own.

    It outlives the running request: ``write(work)`` opens a connection, calls ``work``
    with the object, commits, tries again after a conflict, and closes the connection.
    """
    database, oid = stored._p_jar.db(), stored._p_oid

    def write(work: Callable[[Any], object]) -> None:
        for _attempt in range(_TRIES):
            manager = TransactionManager()
            connection = database.open(transaction_manager=manager)
            try:
                manager.begin()
                work(connection.get(oid))
                manager.commit()
                return
            except POSKeyError:
                manager.abort()
                logger.warning("An object to write to is gone")
                return
            except ConflictError:
                manager.abort()
            except BaseException:
                manager.abort()
                raise
            finally:
                connection.close()
        logger.error("A write was given up after %s conflicts", _TRIES)

    return write
