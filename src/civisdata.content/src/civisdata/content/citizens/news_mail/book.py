"""What is kept of the mails: runs, each reader's last issue, what came back.

A run writes to the readers of one rhythm in the order of their ids. Before a mail is
handed to the mail server it is *claimed*, and the claim is committed with the reader's new
last issue. The next commit confirms it. So a server that dies in the middle leaves one
claim at most of which nobody knows whether its mail has left: it is reported, never sent
again.
"""

from Acquisition import aq_base
from BTrees.OIBTree import OIBTree
from BTrees.OOBTree import OOBTree
from civisdata.content.citizens.news_mail.arrivals import Arrivals
from civisdata.content.citizens.structure import get_spaces
from dataclasses import dataclass
from persistent import Persistent


#: Seconds after which the claim of a run that says nothing is taken for a dead one's: more
#: than the dialogue with a mail server can take.
LEASE = 180

#: Uncertain mails that are remembered, for the report.
MOST = 200

_ATTRIBUTE = "_civisdata_news_mail"


@dataclass(frozen=True)
class Claim:
    """A mail that is about to leave; ``former`` is the reader's last issue before."""

    space_id: str
    message_id: str
    at: float
    former: int | None
    former_habit: int | None = None


class Busy(Exception):
    """Another server is writing to the readers of this rhythm."""


class Run(Persistent):
    """One walk through the readers of a rhythm. ``until`` is the number of its issue."""

    def __init__(self) -> None:
        self.issue = ""
        self.until = 0
        self.position = ""
        self.owner = ""
        self.seen = 0.0
        self.claim: Claim | None = None
        self.again: tuple[str, ...] = ()
        self.finished = True
        self.sent = 0
        self.began = self.ended = 0.0

    def start(self, issue: str, until: int, now: float) -> None:
        self.issue, self.until = issue, until
        self.position, self.again, self.sent = "", (), 0
        self.finished, self.began, self.ended = False, now, 0.0

    def erase(self, space_id: str) -> None:
        """Name this reader no more; a walk that is there goes on from a little before."""
        if self.position == space_id:
            # Those between are passed again; nobody is written to twice.
            self.position = space_id[:2]
        if space_id in self.again:
            self.again = tuple(one for one in self.again if one != space_id)
        if self.claim is not None and self.claim.space_id == space_id:
            self.claim = None

    def end(self, now: float) -> None:
        self.finished, self.ended = True, now


class Book(Persistent):
    """All that is kept of news by e-mail, on the container of spaces."""

    def __init__(self) -> None:
        self.arrivals = Arrivals()
        self._runs = OOBTree()
        self.issues = OIBTree()
        self.habits = OIBTree()
        self.bounces = OOBTree()
        self.stopped = OOBTree()
        self.uncertain: tuple[tuple[str, str, float], ...] = ()

    def run(self, rhythm: str) -> Run:
        if rhythm not in self._runs:
            self._runs[rhythm] = Run()
        return self._runs[rhythm]

    def runs(self) -> dict[str, Run]:
        return dict(self._runs)

    def take_over(self, rhythm: str, owner: str, now: float) -> Run:
        """Give the run of a rhythm to ``owner``; what a dead one left is uncertain.

        Busy where another one is at work. To be committed before anything is sent.
        """
        run = self.run(rhythm)
        if run.claim is not None and run.owner != owner:
            if now - run.seen < LEASE:
                raise Busy
            self.doubt(run)
        run.owner, run.seen = owner, now
        return run

    def make_claim(self, run: Run, claim: Claim, habit: int | None, now: float) -> None:
        """Note that a mail is about to leave; to be committed before it does."""
        run.claim, run.seen = claim, now
        self.issues[claim.space_id] = run.until
        if habit is not None:
            self.habits[claim.space_id] = habit

    def confirm(self, run: Run) -> None:
        """The mail server has taken the mail."""
        run.claim = None
        run.sent += 1

    def give_back(self, run: Run) -> None:
        """The mail has certainly not left: it is as if it had never been claimed."""
        claim, run.claim = run.claim, None
        _put_back(self.issues, claim.space_id, claim.former)
        _put_back(self.habits, claim.space_id, claim.former_habit)

    def doubt(self, run: Run) -> None:
        """Nobody knows whether the mail has left: it is reported."""
        claim, run.claim = run.claim, None
        row = (claim.space_id, claim.message_id, claim.at)
        self.uncertain = (*self.uncertain, row)[-MOST:]

    def forget_gone(self, spaces) -> None:
        """Forget the readers whose space was deleted."""
        known = {id for tree in self._trees for id in tree if id not in spaces}
        for space_id in known:
            self.forget(space_id)

    @property
    def _trees(self) -> tuple:
        return self.issues, self.habits, self.bounces, self.stopped

    def forget(self, space_id: str) -> None:
        """Forget a reader: of the next mails, the first one begins anew."""
        for tree in self._trees:
            tree.pop(space_id, None)

    def erase(self, space_id: str) -> None:
        """Let nothing remain of a reader whose space is erased."""
        self.forget(space_id)
        if any(row[0] == space_id for row in self.uncertain):
            self.uncertain = tuple(r for r in self.uncertain if r[0] != space_id)
        for run in self.runs().values():
            run.erase(space_id)


def _put_back(tree: OIBTree, key: str, value: int | None) -> None:
    if value is None:
        tree.pop(key, None)
    else:
        tree[key] = value


def get_book(site, create: bool = False) -> Book:
    """Return what is kept of the mails; ``create`` where it will be written."""
    spaces = aq_base(get_spaces(site))
    found = getattr(spaces, _ATTRIBUTE, None)
    if found is None:
        found = Book()
        if create:
            setattr(spaces, _ATTRIBUTE, found)
    return found
