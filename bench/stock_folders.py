"""Fills a bare Plone site with folders of Files; run by ``servers.bare_classic``."""

from pathlib import Path
from plone.dexterity.utils import createContentInContainer
from plone.namedfile.file import NamedBlobFile
import sys
import transaction


sys.path.insert(0, str(Path(__file__).parent))
from lists import SIZES


for size in SIZES:
    name = f"f{size}"
    folder = createContentInContainer(site, "Folder", title=name, id=name)  # noqa: F821
    for number in range(size):
        name = f"Document_{number}"
        data = NamedBlobFile(b"0123456789", filename=f"{name}.txt")
        createContentInContainer(folder, "File", title=name, file=data)
        if number % 100 == 99:
            transaction.commit()
    transaction.commit()
