"""Make an active citizen in the data of a stopped portal; print login and password.

Run as a script with the portal's environment. With « filled », the space has folders,
notes, dates, types, a favourite, a bin and consents.
"""

from pathlib import Path
import io
import random
import sys
import time


ROOT = Path(__file__).resolve().parents[2]
#: Name → (bytes, metadata); ``folder`` is a key of FOLDERS.
DOCUMENTS = {
    "Avis_d_imposition_2025.pdf": (
        b"%PDF-1.7 avis",
        {"folder": "2025", "notes": "À garder trois ans\nVoir aussi 2024"},
    ),
    "Passeport.bin": (
        random.Random(1).randbytes(9 * 1024 * 1024 + 7),
        {
            "favourite": True,
            "valid_until": "2031-05-06",
            "paper": "passport",
            "category": "national",
            "title": "Passeport de Zoé / Ann",
        },
    ),
    "Photo.bin": (b"photo", {"folder": "Vacances", "stored_at": 1_500_000_000}),
    "Bail.txt": (b"bail", {"ends_on": "2027-01-31", "origin": {"by": "Mairie"}}),
    # Five days ago: after thirty, the bin lets it go.
    "Vieux.txt": (b"vieux", {"binned_at": int(time.time()) - 5 * 86400}),
}
#: Title → parent.
FOLDERS = {"Impôts": "", "2025": "Impôts", "Vacances": "", "Vide": ""}


def main() -> None:
    sys.path[:0] = [str(ROOT / "bench")]
    from make_citizen import make
    from make_citizen import open_site
    import transaction

    site = open_site()
    space, login, password, bundle = make(site, *answers())
    if "filled" in sys.argv:
        fill(space, bundle)
    transaction.commit()
    print(login, password)


def answers() -> tuple[list, list]:
    """An answer to the information, and the text that was shown, where there is one."""
    from civisdata.content.citizens.notices import Consent
    from civisdata.content.citizens.notices import INFORMATION
    from civisdata.content.citizens.notices import notice
    from datetime import datetime
    from datetime import UTC

    if "filled" not in sys.argv:
        return [], []
    shown = notice(INFORMATION)
    return [Consent(shown.id, shown.version, datetime.now(UTC), True)], [shown]


def fill(space, bundle) -> None:
    from civisdata.content.vault.contents import make_folder
    from civisdata.content.vault.documents import update_metadata
    from civisdata.content.vault.storage import ensure_vault
    from civisdata.content.vault.uploads import Limits
    from civisdata.content.vault.uploads import store_stream

    space._registration["topics"] = ("elections",)
    vault, id = ensure_vault(space), space.getId()
    folders = {"": ""}
    for title, parent in FOLDERS.items():
        folders[title] = make_folder(vault, id, bundle, title, folders[parent]).id
    for name, (data, metadata) in DOCUMENTS.items():
        document = store_stream(
            vault,
            id,
            bundle,
            name=name,
            size=len(data),
            category="other",
            limits=Limits(10**9, 10**9),
            stream=io.BytesIO(data),
        )
        update_metadata(
            vault,
            id,
            vault.document(document),
            bundle,
            **{**metadata, "folder": folders[metadata.get("folder", "")]},
        )


if __name__ == "__main__":
    main()
