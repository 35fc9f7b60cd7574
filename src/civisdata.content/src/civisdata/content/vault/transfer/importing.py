"""From an archive into a vault, in steps: all is verified first, then all is imported.

Each step is one transaction and says how far it came in the sealed state of the intake,
so that an import that was interrupted goes on where it stopped. Each imported document
says from where it comes (``origin["import"]``), so that importing the same or a later
archive of the same space again doubles nothing.
"""

from base64 import b64decode
from base64 import b64encode
from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.documents import Metadata
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.kinds import HEAD
from civisdata.content.vault.kinds import kind_of
from civisdata.content.vault.kinds import OTHER
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.transfer import intake as intakes
from civisdata.content.vault.transfer import reader
from civisdata.content.vault.transfer.errors import ArchiveError
from civisdata.content.vault.transfer.errors import WrongPassphrase
from civisdata.content.vault.transfer.folders import take_in_folders
from civisdata.content.vault.transfer.former import check_room
from civisdata.content.vault.transfer.former import former_file
from civisdata.content.vault.transfer.former import keep_former
from civisdata.content.vault.transfer.manifest import Item
from civisdata.content.vault.transfer.manifest import Manifest
from civisdata.content.vault.transfer.portal_keys import identities
from civisdata.content.vault.transfer.reader import Archive
from civisdata.content.vault.transfer.sections import import_sections
from civisdata.content.vault.transfer.store import Intake
from civisdata.content.vault.transfer.types import take_in_types
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import store_stream
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import replace
from typing import Any
import hashlib
import transaction


#: Bytes and documents of one step.
STEP_BYTES = 64 * 1024 * 1024
STEP_DOCUMENTS = 100
#: A name that promises nothing: the bytes are looked at, and the true name comes after.
_NEUTRAL = "document"


def look(space, bundle: KeyBundle, intake: Intake) -> str:
    """Say what came in (``reader.ZIP``…); what opens without a question is opened.

    An archive that can't be one is refused for good, and its bytes are dropped.
    """
    state = intakes.load_state(space, bundle, intake)
    if state["phase"] != intakes.RECEIVED:
        return state.get("kind", "")
    try:
        with _received(intake, state) as file:
            state["kind"] = kind = reader.kind_of(file)
            if kind == reader.ZIP:
                state["phase"] = intakes.VERIFYING
            elif kind == reader.RECIPIENT:
                _unlock(file, state, identities=identities())
    except ArchiveError as error:
        refuse(space, bundle, intake, error)
        return ""
    intakes.save_state(space, bundle, intake, state)
    return kind


def unlock(space, bundle: KeyBundle, intake: Intake, passphrase: str) -> None:
    """Open an archive with its passphrase; WrongPassphrase, TooBusy.

    Anything else that is wrong refuses it for good.
    """
    state = intakes.load_state(space, bundle, intake)
    if state["phase"] != intakes.RECEIVED:
        return
    try:
        with _received(intake, state) as file:
            _unlock(file, state, passphrase=passphrase)
    except WrongPassphrase:
        raise
    except ArchiveError as error:
        refuse(space, bundle, intake, error)
        return
    intakes.save_state(space, bundle, intake, state)


def _unlock(file, state: dict[str, Any], **secret: Any) -> None:
    key = reader.file_key_of(file, **secret)
    # A cut file shows now, before anything else is read of it.
    reader.clear_file(file, key)
    state["inner_key"] = b64encode(key).decode()
    state["phase"] = intakes.VERIFYING


@contextmanager
def _received(intake: Intake, state: dict[str, Any]):
    try:
        file = intakes.open_bytes(intake, state)
    except IntegrityError:
        raise ArchiveError("altered") from None
    try:
        yield file
    except IntegrityError:
        raise ArchiveError("altered") from None
    finally:
        file.close()


@contextmanager
def _archive(intake: Intake, state: dict[str, Any]) -> Iterator[Archive]:
    with _received(intake, state) as file:
        if "inner_key" in state:
            file = reader.clear_file(file, b64decode(state["inner_key"]))
        with reader.opened_archive(file) as archive:
            yield archive


def refuse(space, bundle: KeyBundle, intake: Intake, error: ArchiveError) -> None:
    """End an import that can't be: its bytes are dropped, the reason is kept."""
    state = {
        "phase": intakes.REFUSED,
        "reason": error.reason,
        "detail": error.detail[:300],
        "name": intakes.load_state(space, bundle, intake)["name"],
    }
    intake.drop_bytes()
    intakes.save_state(space, bundle, intake, state)


def step(
    space,
    bundle: KeyBundle,
    intake: Intake,
    quota: int,
    *,
    step_bytes: int = STEP_BYTES,
    step_documents: int = STEP_DOCUMENTS,
) -> dict[str, Any]:
    """Go on verifying or importing for one step; give the state.

    Whatever is wrong with the archive refuses it, and undoes the step (the transaction
    is aborted). Only where there is no room, the citizen may make some and go on: the
    state then has a ``problem``. Nothing is done in other phases. TooBusy.
    """
    state = intakes.load_state(space, bundle, intake)
    work = {intakes.VERIFYING: _verify, intakes.IMPORTING: _import}.get(state["phase"])
    if work is None:
        return state
    state.pop("problem", None)
    budget = _Budget(step_bytes, step_documents)
    try:
        with _archive(intake, state) as archive:
            work(space, bundle, archive, state, quota, budget)
    except ArchiveError as error:
        transaction.abort()
        if error.reason == "quota":
            state = intakes.load_state(space, bundle, intake)
            state["problem"] = "quota"
            intakes.save_state(space, bundle, intake, state)
        else:
            refuse(space, bundle, intake, error)
        return intakes.load_state(space, bundle, intake)
    if state["phase"] == intakes.DONE:
        intake.drop_bytes()
        state.pop("inner_key", None)
    intakes.save_state(space, bundle, intake, state)
    return state


class _Budget:
    """What one step may take: bytes, and documents; at least one document."""

    def __init__(self, size: int, documents: int):
        self._size = size
        self._documents = documents

    def take(self, size: int) -> None:
        self._size -= size
        self._documents -= 1

    @property
    def spent(self) -> bool:
        return self._size <= 0 or self._documents <= 0


def _verify(space, bundle, archive: Archive, state, quota, budget) -> None:
    manifest = archive.manifest
    if "summary" not in state:
        vault = get_vault(space)
        known = _known(
            vault, space.getId(), open_contents(vault, space.getId(), bundle)
        )
        arriving = sum(
            item.metadata.size
            for item in archive.documents
            if _source(manifest, item) not in known
        )
        if vault.held + arriving > quota:
            raise ArchiveError("quota")
        check_room(space, manifest)
        state["summary"] = summary(archive)
        state["next"] = state["bytes"] = 0
    documents = archive.documents
    for item in documents[state["next"] :]:
        if budget.spent:
            return
        digest = hashlib.sha256()
        for data in archive.read(item):
            digest.update(data)
        if digest.hexdigest() != item.metadata.sha256:
            raise ArchiveError("hash", item.metadata.title)
        budget.take(item.metadata.size)
        state["next"] += 1
        state["bytes"] += item.metadata.size
    state["phase"] = intakes.READY
    state["next"] = state["bytes"] = 0


def summary(archive: Archive) -> dict[str, Any]:
    """Give what a citizen is told of an archive, as plain JSON."""
    manifest = archive.manifest
    lost = [
        item.metadata.title for item in manifest.documents if item.id in archive.altered
    ]
    return {
        "archive_id": manifest.archive_id,
        "made_at": manifest.made_at,
        "portal": asdict(manifest.portal),
        "documents": len(manifest.documents) - len(lost),
        "folders": len(manifest.folders),
        "size": sum(item.metadata.size for item in archive.documents),
        "altered": lost[:100],
        "unreadable": len(manifest.unreadable),
        "sections": sorted(manifest.sections),
    }


def agree(space, bundle: KeyBundle, intake: Intake) -> None:
    """Let a verified archive be imported; nothing happens in another phase."""
    state = intakes.load_state(space, bundle, intake)
    if state["phase"] == intakes.READY:
        state.update(phase=intakes.IMPORTING, next=0, bytes=0, imported=0, known=0)
        intakes.save_state(space, bundle, intake, state)


def _import(space, bundle, archive: Archive, state, quota, budget) -> None:
    vault, space_id = ensure_vault(space), space.getId()
    manifest = archive.manifest
    contents = open_contents(vault, space_id, bundle)
    if "folders" not in state:
        state["folders"] = take_in_folders(vault, space_id, bundle, contents, manifest)
        state["types"] = take_in_types(vault, space_id, bundle, manifest)
    known = _known(vault, space_id, contents)
    for item in archive.documents[state["next"] :]:
        if budget.spent:
            return
        if _source(manifest, item) in known:
            state["known"] += 1
        else:
            _store(vault, space_id, bundle, archive, item, state, quota)
            state["imported"] += 1
        budget.take(item.metadata.size)
        state["next"] += 1
        state["bytes"] += item.metadata.size
    taken = import_sections(space, bundle, manifest.sections)
    keep_former(space, bundle, manifest.archive_id, former_file(manifest, taken))
    state["phase"] = intakes.DONE


def _source(manifest: Manifest, item: Item) -> str:
    return f"{manifest.space_id}/{item.id}"


def _known(vault: Vault, space_id: str, contents: Contents) -> set[str]:
    """Give the sources of what is here: imported before, or this space's own."""
    known = {f"{space_id}/{document_id}" for document_id in vault.documents}
    for metadata in contents.documents.values():
        came = (metadata.origin or {}).get("import")
        if isinstance(came, dict):
            known.add(str(came.get("source")))
    return known


def _store(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    archive: Archive,
    item: Item,
    state: dict[str, Any],
    quota: int,
) -> None:
    stream = _Stream(archive.read(item), item.metadata)
    try:
        document_id = store_stream(
            vault,
            space_id,
            bundle,
            name=_NEUTRAL,
            size=item.metadata.size,
            category="other",
            limits=Limits(quota=quota, max_document=quota),
            stream=stream,
        )
    except Refused as error:
        room = error.reason in ("quota", "too_big", "too_many")
        raise ArchiveError("quota" if room else "size", item.metadata.title) from None
    stream.check()
    document = vault.document(document_id)
    update_metadata(
        vault, space_id, document, bundle, **_arrived(archive, item, stream, state)
    )
    # Its words, if it has some: now that its kind and name are known.
    vault.ensure_sidecars().expect_text(document_id)


def _arrived(
    archive: Archive, item: Item, stream: "_Stream", state: dict[str, Any]
) -> dict[str, Any]:
    """Give the metadata that a document has here: all it had, but who signs it now."""
    manifest, metadata = archive.manifest, item.metadata
    came = {
        "archive": manifest.archive_id,
        "source": _source(manifest, item),
        "portal": asdict(manifest.portal),
        "at": int(clock.now()),
        "signer": metadata.signer or manifest.citizen,
        "record": item.record,
        "signature": item.signature,
        # What another portal says of a deposit is kept, but isn't said here.
        "origin": metadata.origin,
    }
    values = asdict(
        replace(
            metadata,
            kind=stream.kind,
            folder=state["folders"].get(metadata.folder, ""),
            category=state["types"].get(metadata.category, metadata.category),
            signer="",
            origin=None,
        )
    )
    del values["revision"]
    return {**values, "origin": {"import": came}}


class _Stream:
    """A member of an archive as a stream; ``check`` says whether it was the right one."""

    def __init__(self, chunks: Iterator[bytes], metadata: Metadata):
        self._chunks = chunks
        self._metadata = metadata
        self._held = b""
        self._digest = hashlib.sha256()
        self.kind = ""

    def read(self, size: int) -> bytes:
        while len(self._held) < size and (data := next(self._chunks, b"")):
            self._held += data
        data, self._held = self._held[:size], self._held[size:]
        self._digest.update(data)
        if not self.kind and data:
            self.kind = self._kind(data[:HEAD])
        return data

    def _kind(self, head: bytes) -> str:
        try:
            return kind_of(self._metadata.name, head)
        except Refused:
            # Another portal took it in under this name: it is kept, and not shown.
            return OTHER

    def check(self) -> None:
        if self._digest.hexdigest() != self._metadata.sha256:
            raise ArchiveError("hash", self._metadata.title)
