"""Walk through all vaults in small steps, each a transaction of its own.

What is in memory and how long a snapshot of the database is held don't grow with the
number of vaults; a walk that is cut off goes on after its last step.
"""

from civisdata.content.citizens.account_record import get_account
from civisdata.content.vault.scrub.examine import check
from civisdata.content.vault.scrub.examine import examine
from civisdata.content.vault.scrub.examine import Found
from civisdata.content.vault.scrub.examine import stray_boxes
from civisdata.content.vault.scrub.interfaces import IKnownSigners
from civisdata.content.vault.scrub.interfaces import IOtherDocuments
from civisdata.content.vault.scrub.report import ensure_reports
from civisdata.content.vault.scrub.report import Report
from civisdata.content.vault.sharing.adding import drop_stale
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.transfer.intake import purge_intake
from civisdata.content.vault.uploads import purge_uploads
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from zope.component import getUtilitiesFor
import logging
import time
import transaction


logger = logging.getLogger("civisdata.vault")


@dataclass(frozen=True)
class Step:
    """How much is done in one transaction."""

    items: int = 200
    bytes: int = 256 * 1024 * 1024


def scrub(
    site,
    spaces,
    progress: Callable[[int, int], None],
    step: Step = Step(),
    clock: Callable[[], float] = time.time,
) -> Report:
    """Examine all documents, from where the last walk was cut off; give the report."""
    reports = ensure_reports(spaces)
    report = reports.begin(clock())
    # A step that looks again at something undoes what isn't committed.
    _commit(spaces)
    while _one_step(site, spaces, report, step):
        _commit(spaces)
        progress(report.spaces, spaces.objectCount())
    reports.end(clock())
    _commit(spaces)
    if report.findings:
        logger.error(
            "%d findings in %d documents: see @@controle-documents",
            report.findings,
            report.documents,
        )
    else:
        logger.info("all of %d documents are whole", report.documents)
    return report


def purge_stale_uploads(
    spaces,
    progress: Callable[[int, int], None],
    step: Step = Step(),
    now: float | None = None,
) -> int:
    """Drop uploads and archives that nobody went on with; give how many."""
    dropped = passed = 0
    after, more = "", True
    while more:
        more = False
        for space_id in _some(spaces.space_ids(after), step.items):
            after, more = space_id, True
            passed += 1
            space = spaces.get_space(space_id)
            vault = get_vault(space)
            if vault.uploads:
                dropped += purge_uploads(vault, now)
            dropped += drop_stale(sharing_of(vault), now)
            dropped += purge_intake(space, now)
        _commit(spaces)
        progress(passed, spaces.objectCount())
    return dropped


def _commit(spaces) -> None:
    transaction.commit()
    spaces._p_jar.cacheMinimize()


def _some(items: Iterator, count: int) -> Iterator:
    for _, item in zip(range(count), items, strict=False):
        yield item


def _one_step(site, spaces, report: Report, step: Step) -> bool:
    """Examine some items after ``report.at`` and note the outcome; False at the end."""
    signers = _known_signers(site)
    at, read, documents, passed = report.at, 0, 0, 0
    suspects: list[tuple[str, str]] = []
    for space_id, document_id in _some(_items(spaces, at), step.items):
        passed += not document_id
        documents += bool(document_id)
        size, kinds = _look(spaces, space_id, document_id, signers)
        if kinds:
            suspects.append((space_id, document_id))
        at = (space_id, document_id)
        read += size
        if read >= step.bytes:
            break
    if at == report.at:
        return False
    findings = _confirm(spaces, suspects, signers) if suspects else []
    for kind, space_id, document_id in findings:
        logger.error("document %s of space %s: %s", document_id, space_id, kind)
        report.add(kind, space_id, document_id)
    report.at = at
    report.spaces += passed
    report.documents += documents
    report.bytes += read
    return True


def _items(spaces, at: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """Give (space, document) after ``at``; each space begins with an empty document."""
    space_id, document_id = at
    if space_id:
        yield from _documents(spaces, space_id, document_id)
    for following in spaces.space_ids(space_id):
        yield following, ""
        yield from _documents(spaces, following, "")


def _documents(spaces, space_id: str, after: str) -> Iterator[tuple[str, str]]:
    space = spaces.get_space(space_id)
    if space is None:
        return
    documents = get_vault(space).documents
    for document_id in documents.keys(after, excludemin=bool(after)):
        yield space_id, document_id


def _look(
    spaces, space_id: str, document_id: str, signers: set[str]
) -> tuple[int, set[tuple[str, str]]]:
    """Examine one item; give bytes read and (kind, document id) of what is wrong."""
    space = spaces.get_space(space_id)
    if space is None:
        return 0, set()
    vault = get_vault(space)
    account = get_account(space)
    public = None if account is None else account.public
    owner = None if public is None else public.signing
    if not document_id:
        size, kinds = _look_elsewhere(space, owner, signers)
        return size, kinds | {("stray-box", stray) for stray in stray_boxes(vault)}
    if document_id not in vault.documents:
        return 0, set()
    found = examine(vault, space_id, document_id, owner, signers)
    return found.read, {(kind, document_id) for kind in found.kinds}


def _look_elsewhere(
    space, owner: bytes | None, signers: set[str]
) -> tuple[int, set[tuple[str, str]]]:
    """Examine what other rooms keep in a space: deposits that wait, for example."""
    read, kinds = 0, set()
    for _, documents in getUtilitiesFor(IOtherDocuments):
        for document in documents(space):
            found = Found()
            check(found, document, document.id, space.getId(), owner, signers)
            read += found.read
            kinds |= {(kind, document.id) for kind in found.kinds}
    return read, kinds


def _confirm(
    spaces, suspects: list[tuple[str, str]], signers: set[str]
) -> list[tuple[str, str, str]]:
    """Look again in a new transaction: its citizen may be deleting or changing it."""
    transaction.abort()
    found = []
    for space_id, document_id in suspects:
        _, kinds = _look(spaces, space_id, document_id, signers)
        found += [(kind, space_id, place) for kind, place in sorted(kinds)]
    return found


def _known_signers(site) -> set[str]:
    keys: set[str] = set()
    for _, signers in getUtilitiesFor(IKnownSigners):
        keys |= set(signers(site))
    return keys
