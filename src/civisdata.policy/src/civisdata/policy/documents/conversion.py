"""The conversion of public documents: asked for by whoever stores one, done by a task.

What is known of it lies beside collective.documentviewer's own data, in its annotation.
"""

from civisdata.content import _
from civisdata.content.tasks import enqueue
from civisdata.content.tasks import Progress
from civisdata.content.tasks import task
from civisdata.policy.documents.limits import limited
from civisdata.policy.documents.limits import too_busy
from collective.documentviewer.convert import Converter
from collective.documentviewer.settings import GlobalSettings
from collective.documentviewer.settings import Settings
from collective.documentviewer.utils import allowedDocumentType
from plone import api
from plone.app.contenttypes.interfaces import IFile
from zope.annotation.interfaces import IAnnotations
import hashlib
import shutil


TASK = "convert-document"

KEY = "collective.documentviewer"
#: Of the annotation: the SHA-256 of the file that is converted, or about to be.
DIGEST = "civisdata_digest"

#: What belongs to one file and goes when another takes its place.
_OF_A_FILE = {
    "blob_files": None,
    "catalog": None,
    "exception_msg": None,
    "exception_traceback": None,
    "filehash": None,
    "num_pages": None,
    "successfully_converted": None,
}


def digest_of(document: IFile) -> str:
    """Return the SHA-256 of the file's bytes; empty without a file."""
    if not document.file:
        return ""
    with document.file.open("r") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def convert_later(document: IFile) -> bool:
    """Have a file converted after this transaction; the same only again if it failed.

    Takes the place of documentviewer's ``queueJob``. Returns whether there is something
    to do. What was converted of a former file is gone at once.
    """
    digest = digest_of(document)
    settings = Settings(document)
    known = settings._metadata.get(DIGEST) == digest
    if not digest or (known and settings.successfully_converted is not False):
        return False
    settings._metadata.update(_OF_A_FILE, converting=True)
    settings._metadata[DIGEST] = digest
    enqueue(TASK, uid=api.content.get_uuid(document), digest=digest)
    return True


def file_changed(document: IFile, event) -> None:
    """Forget the pages of a former file where the new one can't be converted."""
    data = IAnnotations(document).get(KEY)
    if not data or not data.get(DIGEST):
        return
    types = GlobalSettings(api.portal.get()).auto_layout_file_types
    if not allowedDocumentType(document, types) and digest_of(document) != data[DIGEST]:
        data.update(_OF_A_FILE, converting=False)
        data[DIGEST] = ""


@task(TASK, title=_("Public documents are prepared for reading in the page"))
def convert_document(site, progress: Progress, uid: str, digest: str) -> None:
    """Convert the file ``digest`` of a document; nothing where that is done or gone.

    A file that can't be converted is marked so, for the viewer to say it. Raises
    TemporaryError while the programs are at work for others.
    """
    document = _find(site, uid)
    if document is None:
        return
    settings = Settings(document)
    if settings._metadata.get(DIGEST) != digest or not settings.converting:
        return
    converter = Converter(document)
    try:
        with limited(converter.storage_dir, progress) as state:
            converter(False)
        too_busy(state)
    finally:
        shutil.rmtree(converter.storage_dir, ignore_errors=True)


def _find(site, uid: str):
    brains = site.portal_catalog.unrestrictedSearchResults(UID=uid)
    return brains[0]._unrestrictedGetObject() if brains else None
