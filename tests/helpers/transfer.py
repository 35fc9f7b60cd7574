"""Spaces with a vault in a plain database, and archives out of and into them."""

from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.vault.contents import make_folder
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.documents import update_metadata
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.transfer import importing
from civisdata.content.vault.transfer import intake as intakes
from civisdata.content.vault.transfer.export import choose
from civisdata.content.vault.transfer.export import prepare
from civisdata.content.vault.transfer.types import known_types
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import store_stream
from pathlib import Path
from persistent import Persistent
import io
import os
import pty
import transaction


QUOTA = 50_000_000
PORTAL = {"name": "Communauté urbaine d’essai", "url": "https://essai.example"}
PIECE = 4 * 64 * 1024


class Space(Persistent):
    """As much of a personal space as a vault needs."""

    def __init__(self, id: str):
        self.id = id

    @property
    def aq_base(self):
        return self

    def getId(self) -> str:
        return self.id


class Holder:
    """A citizen with an opened vault."""

    def __init__(self, root, id: str):
        root[id] = Space(id)
        transaction.commit()
        self.space = root[id]
        self.bundle = KeyBundle.new()

    @property
    def vault(self):
        return get_vault(self.space)

    @property
    def contents(self):
        return open_contents(self.vault, self.space.id, self.bundle)

    def folder(self, title: str, parent: str = "") -> str:
        vault = ensure_vault(self.space)
        made = make_folder(vault, self.space.id, self.bundle, title, parent)
        transaction.commit()
        return made.id

    def store(self, name: str, data: bytes, **metadata) -> str:
        vault = ensure_vault(self.space)
        document_id = store_stream(
            vault,
            self.space.id,
            self.bundle,
            name=name,
            size=len(data),
            category="other",
            limits=Limits(QUOTA, QUOTA),
            stream=io.BytesIO(data),
        )
        if metadata:
            document = vault.document(document_id)
            update_metadata(vault, self.space.id, document, self.bundle, **metadata)
        transaction.commit()
        return document_id

    def read(self, document_id: str) -> bytes:
        document = self.vault.document(document_id)
        with open_document(self.vault, self.space.id, document, self.bundle) as opened:
            return opened.bytes()

    def prepared(self, with_bin: bool = True, sections: dict | None = None, only=None):
        chosen = choose(
            self.vault, self.space.id, self.bundle, with_bin=with_bin, only=only
        )
        return prepare(
            chosen,
            self.space._p_jar.db(),
            self.bundle,
            space_id=self.space.id,
            portal=PORTAL,
            sections=sections or {},
            translate=str,
            types=known_types(self.vault, self.space.id, self.bundle),
        )

    def export(self, **options) -> bytes:
        prepared = self.prepared(**options)
        data = b"".join(prepared.chunks)
        assert len(data) == prepared.size
        return data

    @property
    def intake(self):
        return intakes.current_intake(self.space)

    @property
    def state(self) -> dict:
        return intakes.load_state(self.space, self.bundle, self.intake)

    def send(self, data: bytes) -> None:
        """Bring an archive in, piece by piece, each in its transaction."""
        intake = intakes.start_intake(
            self.space,
            self.bundle,
            name="archive.zip",
            size=len(data),
            quota=QUOTA,
            piece_size=PIECE,
        )
        transaction.commit()
        while intake.received < len(data):
            piece = data[intake.received : intake.received + PIECE]
            intakes.add_piece(
                self.space, self.bundle, intake, intake.received, io.BytesIO(piece)
            )
            transaction.commit()
        importing.look(self.space, self.bundle, intake)
        transaction.commit()

    def step(self, **budget) -> dict:
        state = importing.step(self.space, self.bundle, self.intake, QUOTA, **budget)
        transaction.commit()
        return state

    def go_on(self, **budget) -> dict:
        """Take steps as long as something changes."""
        state, last = self.state, None
        while state != last and state["phase"] in (
            intakes.VERIFYING,
            intakes.IMPORTING,
        ):
            last, state = state, self.step(**budget)
        return state

    def import_(self, data: bytes, **budget) -> dict:
        """Bring an archive in, verify it and import it; give the last state."""
        self.send(data)
        state = self.go_on(**budget)
        if state["phase"] == intakes.READY:
            importing.agree(self.space, self.bundle, self.intake)
            transaction.commit()
            state = self.go_on(**budget)
        return state


def damage(part, place: int = -1) -> None:
    """Flip a bit in a part's file."""
    with part.open("r") as stream:
        path = stream.name
    os.chmod(path, 0o600)
    with open(path, "r+b") as stored:
        stored.seek(place, 2 if place < 0 else 0)
        byte = stored.read(1)
        stored.seek(-1, 1)
        stored.write(bytes([byte[0] ^ 1]))


def age_with_passphrase(
    arguments: list[str], passphrase: str, folder: Path, prompts: int
) -> None:
    """Run Debian's age in ``folder``: it asks a terminal for its passphrase."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(folder)
        os.execvp("age", ["age", *arguments])
    for _ in range(prompts):
        seen = b""
        while b":" not in seen.replace(b"age:", b""):
            seen += os.read(terminal, 1000)
        os.write(terminal, passphrase.encode() + b"\n")
    while True:
        try:
            if not os.read(terminal, 1000):
                break
        except OSError:
            break
    assert os.waitpid(child, 0)[1] == 0
    os.close(terminal)
