"""Transfers of a citizen whose keys are replaced: former files, an archive coming in."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.resealing import BoxPair
from civisdata.content.vault.resealing import left_behind
from civisdata.content.vault.resealing import WRONG
from civisdata.content.vault.transfer.former import PURPOSE as FORMER
from civisdata.content.vault.transfer.intake import PURPOSE as ARCHIVE
from civisdata.content.vault.transfer.store import get_transfers
from typing import Any


def reseal_transfers(space: Any, old: KeyBundle, new: KeyBundle) -> None:
    """Seal what transfers hold of a space under its new keys."""
    transfers = get_transfers(space)
    boxes = BoxPair(old, new, space.getId())
    for archive_id, box in list(transfers.former.items()):
        try:
            transfers.keep_former(archive_id, boxes.again(box, archive_id, FORMER))
        except WRONG as error:
            left_behind("former file", archive_id, error)
    intake = transfers.intake
    if intake is None or not intake.box:
        return
    try:
        intake.box = boxes.again(intake.box, intake.id, ARCHIVE)
    except WRONG as error:
        left_behind("archive", intake.id, error)
