"""collective.documentviewer's programs, within the vault's sandbox and its limits.

Its classes start programs without any limit; here a program gets no network, nothing to
read but its own folder and the system's, and little memory and time.
"""

from civisdata.content.tasks import TemporaryError
from civisdata.content.vault.reading import office
from civisdata.content.vault.reading.programs import MEGA
from civisdata.content.vault.reading.programs import run_program
from civisdata.content.vault.render import RenderError
from civisdata.policy.documents.setup import is_set_up
from collections.abc import Callable
from collections.abc import Iterator
from collective.documentviewer import convert
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from zope.component.hooks import getSite
import os
import shutil
import time


#: Seconds of one program, of a whole conversion; pages of a document.
SECONDS = 60.0
WHOLE = 900.0
MAX_PAGES = 400
#: Bytes: address space of a program, a file that it writes.
MEMORY = 2048 * MEGA
MAX_FILE = 256 * MEGA


@dataclass
class Conversion:
    """A conversion under way: its folder, when it has to be over, what it met."""

    folder: str
    until: float
    progress: Callable[[int, int], None]
    commands: int = 0
    busy: bool = False


_running: ContextVar[Conversion | None] = ContextVar("conversion", default=None)


@contextmanager
def limited(folder: str, progress: Callable[[int, int], None]) -> Iterator[Conversion]:
    """Within this, documentviewer's programs of this thread write to ``folder`` only."""
    state = Conversion(folder, time.monotonic() + WHOLE, progress)
    token = _running.set(state)
    try:
        yield state
    finally:
        _running.reset(token)


def too_busy(state: Conversion) -> None:
    """Raise TemporaryError where a conversion only failed because others were at work."""
    if state.busy:
        raise TemporaryError("LibreOffice is at work for somebody else")


def _is_elsewhere() -> bool:
    """Say whether another site of this process, without Civis Data, converts a file."""
    site = getSite()
    return _running.get() is None and site is not None and not is_set_up(site)


def _current() -> Conversion:
    state = _running.get()
    if state is None:
        raise RenderError("failed")
    return state


def run_command(self, cmd: str | list[str]) -> str:
    """Run a program of documentviewer's; takes the place of its own method."""
    if _is_elsewhere():
        return _own_run(self, cmd)
    command = cmd.split() if isinstance(cmd, str) else list(cmd)
    program = shutil.which(command[0], path="/usr/bin:/bin:/usr/local/bin")
    if program is None:
        raise RenderError("office")
    if os.path.basename(program) == "md5sum":
        # Reads the stored file, which no sandbox gets to see.
        return _own_run(self, cmd)
    state = _current()
    left = state.until - time.monotonic()
    if left <= 0:
        raise RenderError("timeout")
    state.commands += 1
    state.progress(state.commands, 0)
    output = run_program(
        [program, *command[1:]],
        seconds=min(SECONDS, left),
        memory=MEMORY,
        file=MAX_FILE,
        folder=state.folder,
        environ={"TMPDIR": state.folder, "HOME": state.folder, "OMP_NUM_THREADS": "1"},
    )
    text = output.decode("utf-8", "replace")
    if "--show-npages" in command:
        _few_enough(text)
    return text


def _few_enough(pages: str) -> None:
    if not 0 < int(pages.strip() or 0) <= MAX_PAGES:
        raise RenderError("big")


def convert_to_pdf(self, filepath: str, filename: str, output_dir: str) -> None:
    """Make an office file the PDF that the rest works on; takes documentviewer's place."""
    if _is_elsewhere():
        _own_pdf(self, filepath, filename, output_dir)
        return
    state = _current()
    kind = os.path.splitext(filename or "")[1][1:].lower()
    source = Path(filepath)
    try:
        content = office.to_pdf(kind, source.read_bytes())
    except RenderError as error:
        state.busy = error.reason == "busy"
        raise
    source.unlink()
    Path(output_dir, convert.DUMP_FILENAME).write_bytes(content)


def dump_images(self, filepath: str, *arguments, **options) -> None:
    """Draw the pages, unless there are too many."""
    if not _is_elsewhere():
        convert.qpdf.get_num_pages(filepath)
    _own_images(self, filepath, *arguments, **options)


_own_run = convert.BaseSubProcess._run_command
_own_pdf = convert.LibreOfficeSubProcess.convert_to_pdf
_own_images = convert.GraphicsMagickSubProcess.dump_images


def limit_programs() -> None:
    """Give documentviewer's classes these functions; once, when Plone starts."""
    convert.BaseSubProcess._run_command = run_command
    convert.LibreOfficeSubProcess.convert_to_pdf = convert_to_pdf
    convert.GraphicsMagickSubProcess.dump_images = dump_images
