"""Uploads that stopped half-way and go on."""

from civisdata.content.vault import documents
from civisdata.content.vault import uploads
from civisdata.content.vault.agefile import CHUNK
from civisdata.content.vault.interrupted import file_under
from civisdata.content.vault.interrupted import find_upload
from civisdata.content.vault.interrupted import interrupted
from io import BytesIO
import hashlib


SPACE = "a" * 32
PIECE = 2 * CHUNK


def start(vault, bundle, limits, size, name):
    return uploads.start_upload(
        vault,
        SPACE,
        bundle,
        name=name,
        size=size,
        category="local",
        limits=limits,
        piece_size=PIECE,
    )


def test_an_upload_is_found_again_by_its_file(vault, bundle, limits):
    data = bytes(range(256)) * 1024 * 2
    first = hashlib.sha256(data[:PIECE]).hexdigest()
    started = start(vault, bundle, limits, size=len(data), name="a.bin")
    known = {"name": "a.bin", "size": len(data), "first_sha256": first}
    assert find_upload(vault, SPACE, bundle, **known) is None
    uploads.add_piece(vault, SPACE, bundle, started.id, 0, BytesIO(data[:PIECE]))
    assert find_upload(vault, SPACE, bundle, **known) is started
    for other in ({"name": "b.bin"}, {"size": 5}, {"first_sha256": ""}):
        assert find_upload(vault, SPACE, bundle, **{**known, **other}) is None
    assert interrupted(vault, SPACE, bundle) == [(started, "a.bin")]
    file_under(vault, SPACE, bundle, started, "f" * 32, "bills")
    offset = PIECE
    while (
        progress := uploads.add_piece(
            vault, SPACE, bundle, started.id, offset, BytesIO(data[offset:][:PIECE])
        )
    ).document_id is None:
        offset = progress.offset
    document = vault.document(progress.document_id)
    metadata = documents.metadata_of(vault, SPACE, document, bundle)
    assert (metadata.folder, metadata.category) == ("f" * 32, "bills")


def test_an_upload_begun_by_the_former_version_ends(vault, bundle, limits):
    data = b"x" * (PIECE + 5)
    started = start(vault, bundle, limits, size=len(data), name="a.bin")
    state = uploads.open_state(bundle, SPACE, started)
    for new in ("folder", "first_sha256"):
        del state[new]
    uploads.seal_state(bundle, SPACE, started, state)
    uploads.add_piece(vault, SPACE, bundle, started.id, 0, BytesIO(data[:PIECE]))
    done = uploads.add_piece(
        vault, SPACE, bundle, started.id, PIECE, BytesIO(data[PIECE:])
    )
    assert done.document_id


def test_an_upload_that_was_tampered_with_is_passed_over(vault, bundle, limits):
    started = start(vault, bundle, limits, size=PIECE + 5, name="a.bin")
    uploads.add_piece(vault, SPACE, bundle, started.id, 0, BytesIO(bytes(PIECE)))
    started.box = started.box[:-1] + b"x"
    assert interrupted(vault, SPACE, bundle) == []
