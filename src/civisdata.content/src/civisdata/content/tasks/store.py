"""The table of tasks: what is to be done, by whom it is being done, and how it ended.

It is what counts; huey's queue beside it only carries ids to whoever works. A message
that comes twice, or for a task that is done, finds nothing to do; one that was lost with
its server is sent again from this table. SQL that SQLite and PostgreSQL both know.
"""

from civisdata.content.tasks.schedule import MAX_ATTEMPTS
from collections.abc import Collection
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import fields
from typing import Any
import json
import secrets


#: Told to the enqueuing transaction only, until it is committed.
PREPARED = "prepared"
WAITING = "waiting"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
#: What staff see.
STATES = (WAITING, RUNNING, DONE, FAILED)

#: Written as the class of an error where the server died each time.
DIED = "ServerDied"
#: Written where nobody knows whether the enqueuing transaction was committed.
UNSURE = "CommitUnknown"

SCHEMA = (
    "create table if not exists civis_task (id text not null primary key, "
    "name text not null, arguments text not null, state text not null, "
    "attempts integer not null default 0, done bigint not null default 0, "
    "total bigint not null default 0, created double precision not null, "
    "due double precision not null, started double precision, "
    "finished double precision, worker text not null default '', "
    "error text not null default '')",
    "create index if not exists civis_task_state on civis_task (state, due)",
    "create index if not exists civis_task_created on civis_task (created)",
)


@dataclass(frozen=True)
class Row:
    """One task; times in seconds since 1970, ``error`` the class of the last error."""

    id: str
    name: str
    arguments: str
    state: str
    attempts: int
    done: int
    total: int
    created: float
    due: float
    started: float | None
    finished: float | None
    worker: str
    error: str

    @property
    def values(self) -> dict[str, Any]:
        return json.loads(self.arguments)


_COLUMNS = ", ".join(field.name for field in fields(Row))


def new_task_id() -> str:
    """Draw an id that says nothing."""
    return secrets.token_hex(16)


class TaskStore:
    """The table, through the SQL storage of the queue; each method is a transaction."""

    def __init__(self, storage) -> None:
        self._storage = storage

    @contextmanager
    def _cursor(self, reads: bool = False):
        with self._storage.db(commit=not reads) as cursor:
            yield _Cursor(cursor, self._storage.placeholder)

    def _change(self, sql: str, *parameters) -> int:
        with self._cursor() as cursor:
            return cursor.run(sql, *parameters)

    def _rows(self, where: str, *parameters) -> list[Row]:
        with self._cursor(reads=True) as cursor:
            cursor.run(f"select {_COLUMNS} from civis_task {where}", *parameters)  # noqa: S608
            return [Row(*row) for row in cursor.all()]

    # Enqueuing

    def prepare(self, tasks: Iterable[tuple[str, str, str]], now: float) -> None:
        """Note (id, name, arguments) of a transaction that is about to commit."""
        with self._cursor() as cursor:
            for task_id, name, arguments in tasks:
                self._insert(cursor, task_id, name, arguments, PREPARED, now)

    def release(self, ids: Iterable[str]) -> None:
        """The transaction is committed: they may run."""
        with self._cursor() as cursor:
            for task_id in ids:
                cursor.run(
                    "update civis_task set state = ? where id = ? and state = ?",
                    WAITING,
                    task_id,
                    PREPARED,
                )

    def discard(self, ids: Iterable[str]) -> None:
        """The transaction is aborted: they never were."""
        with self._cursor() as cursor:
            for task_id in ids:
                cursor.run(
                    "delete from civis_task where id = ? and state = ?",
                    task_id,
                    PREPARED,
                )

    def plan(self, task_id: str, name: str, now: float) -> bool:
        """Note a nightly run, unless it is known or another of the name is open."""
        with self._cursor() as cursor:
            self._storage.lock_name(cursor, name)
            cursor.run(
                "select 1 from civis_task where id = ? or (name = ? and state in (?, ?))",
                task_id,
                name,
                WAITING,
                RUNNING,
            )
            if cursor.all():
                return False
            self._insert(cursor, task_id, name, "{}", WAITING, now)
            return True

    @staticmethod
    def _insert(cursor, task_id, name, arguments, state, now) -> None:
        cursor.run(
            "insert into civis_task (id, name, arguments, state, created, due) "
            "values (?, ?, ?, ?, ?, ?)",
            task_id,
            name,
            arguments,
            state,
            now,
            now,
        )

    # Running

    def claim(
        self, task_id: str, worker: str, now: float, alone: bool = False
    ) -> Row | None:
        """Take a waiting task that is due; None where there is nothing to take.

        ``alone``: not while another task of the same name runs.
        """
        with self._cursor() as cursor:
            cursor.run("select name from civis_task where id = ?", task_id)
            found = cursor.all()
            if not found:
                return None
            if alone:
                name = found[0][0]
                self._storage.lock_name(cursor, name)
                cursor.run(
                    "select 1 from civis_task where name = ? and state = ?",
                    name,
                    RUNNING,
                )
                if cursor.all():
                    return None
            taken = cursor.run(
                "update civis_task set state = ?, worker = ?, started = ?, "
                "finished = null, done = 0, total = 0, attempts = attempts + 1 "
                "where id = ? and state = ? and due <= ?",
                RUNNING,
                worker,
                now,
                task_id,
                WAITING,
                now,
            )
        return self.get(task_id) if taken else None

    def progress(self, task_id: str, worker: str, done: int, total: int) -> None:
        self._change(
            "update civis_task set done = ?, total = ? "
            "where id = ? and worker = ? and state = ?",
            done,
            total,
            task_id,
            worker,
            RUNNING,
        )

    def finish(self, task_id: str, worker: str, now: float) -> None:
        self._end(task_id, worker, DONE, "", now)

    def fail(self, task_id: str, worker: str, error: str, now: float) -> None:
        self._end(task_id, worker, FAILED, error, now)

    def _end(self, task_id, worker, state, error, now) -> None:
        self._change(
            "update civis_task set state = ?, error = ?, finished = ? "
            "where id = ? and worker = ? and state = ?",
            state,
            error,
            now,
            task_id,
            worker,
            RUNNING,
        )

    def postpone(self, task_id: str, worker: str, error: str, due: float) -> None:
        """Try again at ``due``."""
        self._change(
            "update civis_task set state = ?, error = ?, due = ?, worker = '' "
            "where id = ? and worker = ? and state = ?",
            WAITING,
            error,
            due,
            task_id,
            worker,
            RUNNING,
        )

    def give_back(self, task_id: str, worker: str) -> None:
        """The server ends: as if this attempt had not been begun."""
        self._change(
            "update civis_task set state = ?, worker = '', attempts = attempts - 1 "
            "where id = ? and worker = ? and state = ?",
            WAITING,
            task_id,
            worker,
            RUNNING,
        )

    # Looking after

    def workers(self) -> set[str]:
        """Whoever claims to be running a task."""
        with self._cursor(reads=True) as cursor:
            cursor.run(
                "select distinct worker from civis_task where state = ?", RUNNING
            )
            return {worker for (worker,) in cursor.all()}

    def recover(self, worker: str, now: float, active: Collection[str] = ()) -> int:
        """Let others run again what a dead worker was running; give how much.

        ``active``: what is being run after all. A task that was being run at each of
        many deaths may be their cause: it fails.
        """
        lost = [
            row
            for row in self._rows("where worker = ? and state = ?", worker, RUNNING)
            if row.id not in active
        ]
        for row in lost:
            if row.attempts >= MAX_ATTEMPTS:
                self.fail(row.id, worker, DIED, now)
            else:
                self.postpone(row.id, worker, DIED, now)
        return len(lost)

    def due(self, now: float) -> list[str]:
        """Ids of the tasks that may run, in their order."""
        rows = self._rows(
            "where state = ? and due <= ? order by due, created", WAITING, now
        )
        return [row.id for row in rows]

    def give_up_prepared(self, before: float, now: float) -> int:
        """Show as failed what was prepared long ago and neither released nor discarded."""
        return self._change(
            "update civis_task set state = ?, error = ?, finished = ? "
            "where state = ? and created < ?",
            FAILED,
            UNSURE,
            now,
            PREPARED,
            before,
        )

    def purge(self, state: str, before: float) -> int:
        """Forget what ended so before a time."""
        return self._change(
            "delete from civis_task where state = ? and finished < ?", state, before
        )

    def retry(self, task_id: str, now: float) -> bool:
        """Let a failed task run again; False where it isn't one."""
        return bool(
            self._change(
                "update civis_task set state = ?, due = ?, attempts = 0, worker = '', "
                "finished = null where id = ? and state = ?",
                WAITING,
                now,
                task_id,
                FAILED,
            )
        )

    # Reading

    def get(self, task_id: str) -> Row | None:
        rows = self._rows("where id = ?", task_id)
        return rows[0] if rows else None

    def page(self, start: int, size: int) -> list[Row]:
        """The tasks that staff see, the newest first."""
        return self._rows(
            "where state <> ? order by created desc, id limit ? offset ?",
            PREPARED,
            size,
            start,
        )

    def count(self) -> dict[str, int]:
        """How many tasks are in each state that staff see."""
        with self._cursor(reads=True) as cursor:
            cursor.run("select state, count(*) from civis_task group by state")
            found = dict(cursor.all())
        return {state: found.get(state, 0) for state in STATES}


class _Cursor:
    """A cursor whose placeholders are ``?`` everywhere."""

    def __init__(self, cursor, placeholder: str) -> None:
        self._cursor = cursor
        self._placeholder = placeholder

    def run(self, sql: str, *parameters) -> int:
        self._cursor.execute(sql.replace("?", self._placeholder), parameters)
        return self._cursor.rowcount

    def all(self) -> list[tuple]:
        return self._cursor.fetchall()
