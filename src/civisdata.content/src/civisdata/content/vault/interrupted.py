"""Uploads that stopped half-way: found again by their file, from any page or server."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.suites import UnknownSuite
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.names import clean_name
from civisdata.content.vault.storage import Vault
from civisdata.content.vault.uploads import open_state
from civisdata.content.vault.uploads import seal_state
from civisdata.content.vault.uploads import Upload
from collections.abc import Iterator
from typing import Any


def find_upload(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    *,
    name: str,
    size: int,
    first_sha256: str,
) -> Upload | None:
    """Give the upload under way of just this file, or None.

    ``first_sha256`` is the hash (hexadecimal) of the first piece, which is stored already.
    """
    if not first_sha256:
        return None
    name = clean_name(name)
    for upload, state in _begun(vault, space_id, bundle):
        known = (state["name"], state.get("first_sha256"), upload.size)
        if known == (name, first_sha256, size):
            return upload
    return None


def _begun(
    vault: Vault, space_id: str, bundle: KeyBundle
) -> Iterator[tuple[Upload, dict[str, Any]]]:
    """Give uploads of which something is stored, but those that were tampered with."""
    for upload in vault.uploads.values():
        if upload.received:
            try:
                state = open_state(bundle, space_id, upload)
            except (IntegrityError, UnknownSuite, ValueError):
                continue
            yield upload, state


def file_under(
    vault: Vault,
    space_id: str,
    bundle: KeyBundle,
    upload: Upload,
    folder: str,
    category: str,
) -> None:
    """Let an upload under way end in this folder, with this type."""
    state = open_state(bundle, space_id, upload)
    if (state.get("folder", ""), state["category"]) != (folder, category):
        state |= {"folder": folder, "category": category}
        seal_state(bundle, space_id, upload, state)


def interrupted(
    vault: Vault, space_id: str, bundle: KeyBundle
) -> list[tuple[Upload, str]]:
    """Give the uploads that have begun and not ended, with the names of their files."""
    return [
        (upload, state["name"]) for upload, state in _begun(vault, space_id, bundle)
    ]
