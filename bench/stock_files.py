"""Fills a bare Plone site with stock Files; run by ``servers.bare_classic``."""

from pathlib import Path
from plone import api
from plone.namedfile.file import NamedBlobFile
import os
import sys
import transaction


sys.path.insert(0, str(Path(__file__).parent))
from words import text
from words import vocabulary


def fill(site, count: int) -> None:
    words = vocabulary()
    folder = api.content.create(site, "Folder", "docs", title="Docs")
    for number in range(count):
        api.content.create(
            folder,
            "File",
            f"doc-{number}",
            title=f"Document {number}",
            file=NamedBlobFile(
                text(number, words).encode(), "text/plain", f"document-{number}.txt"
            ),
        )
        if number % 200 == 199:
            transaction.commit()


fill(site, int(os.environ["BENCH_FILES"]))  # noqa: F821
