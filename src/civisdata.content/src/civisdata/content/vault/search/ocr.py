"""Text of images, by tesseract where it is installed: through pipes, in memory."""

from civisdata.content.vault.reading.programs import MEGA
from civisdata.content.vault.reading.programs import run_program
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.turns import turn
from functools import cache
from pathlib import Path
import shutil
import threading


#: Seconds that a page may take.
TIMEOUT = 20.0
MEMORY = 1024 * MEGA
#: Pixels across of a page that is read: about 215 for each inch of A4.
WIDTH = 1800
_WAIT = 30.0
_slots = threading.BoundedSemaphore(1)
_DATA = ("/usr/share/tesseract-ocr/*/tessdata", "/usr/share/tessdata")


def tesseract() -> str | None:
    """Give the path of tesseract, or None where it isn't installed."""
    return shutil.which("tesseract", path="/usr/bin:/usr/local/bin")


@cache
def language() -> str:
    """Give French where tesseract has it, or what it has always: English."""
    for pattern in _DATA:
        if any(Path("/").glob(f"{pattern[1:]}/fra.traineddata")):
            return "fra"
    return "eng"


def read_image(image: bytes) -> str:
    """Read a PNG or JPEG that our own child drew; RenderError."""
    program = tesseract()
    if program is None:
        raise RenderError("ocr")
    with turn():
        if not _slots.acquire(timeout=_WAIT):
            raise RenderError("busy")
        try:
            output = run_program(
                [program, "stdin", "stdout", "-l", language(), "--psm", "3"],
                seconds=TIMEOUT,
                memory=MEMORY,
                data=image,
                environ={"OMP_THREAD_LIMIT": "1"},
            )
        finally:
            _slots.release()
    return output.decode("utf-8", "replace")
