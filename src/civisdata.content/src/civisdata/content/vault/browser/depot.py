"""``@@depot``: uploads in pieces. JSON in and out, except for the pieces.

- ``POST`` ``{"name", "size", "category", "folder", "first"}`` → 201 ``{"id", "offset",
  "piece"}``, or 200 with the offset of the upload of this very file that stopped half-way:
  ``first`` is the SHA-256 (hexadecimal) of the first piece. ``folder`` (an id) and ``first``
  may be left out.
- ``PUT ?id=…&offset=…`` with the next piece (``application/octet-stream``) → 200
  ``{"offset"}``, and with the last one ``{"offset", "document"}``
- ``GET ?id=…`` → 200 ``{"offset", "size", "piece"}``
- ``DELETE ?id=…`` → 200 ``{}``

Errors have ``{"error", "message"}``: 400 refused, 403 CSRF token (header
``X-CSRF-TOKEN``), 404 unknown upload, 409 wrong offset (with the awaited ``offset``),
423 locked, 507 quota. Without a session there is no such address: 404.
"""

from civisdata.content.numbers import whole_number
from civisdata.content.vault.browser.base import VaultView
from civisdata.content.vault.browser.texts import FORBIDDEN
from civisdata.content.vault.browser.texts import GONE
from civisdata.content.vault.browser.texts import LOCKED
from civisdata.content.vault.browser.texts import OUT_OF_STEP
from civisdata.content.vault.browser.texts import REFUSED
from civisdata.content.vault.categories import DEFAULT
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.errors import WrongOffset
from civisdata.content.vault.interrupted import file_under
from civisdata.content.vault.interrupted import find_upload
from civisdata.content.vault.journal_words import STORED
from civisdata.content.vault.settings import limits
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.uploads import add_piece
from civisdata.content.vault.uploads import cancel_upload
from civisdata.content.vault.uploads import get_upload
from civisdata.content.vault.uploads import start_upload
from plone.protect.interfaces import IDisableCSRFProtection
from zExceptions import Forbidden
from zope.interface import alsoProvides
import json


_MAX_JSON = 64 * 1024


class BadInput(ValueError):
    """The request isn't of the protocol."""


class Depot(VaultView):
    """One address for an upload's whole life."""

    def locked(self):
        return self.fail(423, "locked", LOCKED)

    def respond(self):
        method = self.request.get("REQUEST_METHOD")
        actions = {
            "POST": self.start,
            "PUT": self.piece,
            "GET": self.state,
            "DELETE": self.cancel,
        }
        if method not in actions:
            self.request.response.setHeader("Allow", ", ".join(actions))
            return self.fail(405, "method")
        try:
            if method != "GET":
                self.check_token()
                # Checked here and now: what Plone adds looks at HTML only.
                alsoProvides(self.request, IDisableCSRFProtection)
            return actions[method]()
        except Forbidden:
            return self.fail(403, "token", FORBIDDEN)
        except NoSuchItem:
            return self.fail(404, "gone", GONE)
        except WrongOffset as error:
            return self.fail(409, "offset", OUT_OF_STEP, offset=error.offset)
        except Refused as error:
            status = 507 if error.reason == "quota" else 400
            return self.fail(status, error.reason, REFUSED[error.reason])
        except BadInput:
            return self.fail(400, "input")

    def crowded(self, text: str) -> str:
        return self.answer(503, error="crowded", message=text)

    def start(self) -> str:
        asked = self._json()
        vault, folder = ensure_vault(self.context), asked["folder"]
        if folder and folder not in vault.folders:
            raise NoSuchItem(folder)
        found = find_upload(
            vault,
            self.space_id,
            self.bundle,
            name=asked["name"],
            size=asked["size"],
            first_sha256=asked["first"],
        )
        if found is not None and asked["category"] in self.categories:
            file_under(
                vault, self.space_id, self.bundle, found, folder, asked["category"]
            )
            return self.answer(
                200, id=found.id, offset=found.received, piece=found.piece_size
            )
        upload = start_upload(
            vault,
            self.space_id,
            self.bundle,
            name=asked["name"],
            size=asked["size"],
            category=asked["category"],
            limits=limits(),
            folder=folder,
            categories=self.categories,
        )
        return self.answer(201, id=upload.id, offset=0, piece=upload.piece_size)

    def piece(self) -> str:
        body = self.request.get("BODYFILE")
        if body is None:
            raise BadInput
        offset = whole_number(self.request.form.get("offset"))
        if offset is None:
            raise BadInput
        progress = add_piece(
            self.vault, self.space_id, self.bundle, self._id(), offset, body
        )
        if progress.document_id is None:
            return self.answer(200, offset=progress.offset)
        self.note(STORED, progress.document_id, window=0)
        return self.answer(200, offset=progress.offset, document=progress.document_id)

    def state(self) -> str:
        upload = get_upload(self.vault, self._id())
        return self.answer(
            200, offset=upload.received, size=upload.size, piece=upload.piece_size
        )

    def cancel(self) -> str:
        cancel_upload(self.vault, self._id())
        return self.answer(200)

    def _id(self) -> str:
        value = self.request.form.get("id", "")
        if not isinstance(value, str):
            raise BadInput
        return value

    def _json(self) -> dict:
        body = self.request.get("BODYFILE")
        data = b"" if body is None else body.read(_MAX_JSON + 1)
        try:
            asked = json.loads(data)
        except ValueError:
            raise BadInput from None
        if len(data) > _MAX_JSON or not isinstance(asked, dict):
            raise BadInput
        asked = {
            "name": asked.get("name"),
            "size": asked.get("size"),
            "category": asked.get("category", DEFAULT),
            "folder": asked.get("folder", ""),
            "first": asked.get("first", ""),
        }
        types = dict.fromkeys(asked, str) | {"size": int}
        if any(type(asked[name]) is not kind for name, kind in types.items()):
            raise BadInput
        return asked

    def answer(self, status: int, **content) -> str:
        response = self.request.response
        # What was done may yet conflict with another request: then it is no success.
        response.setStatus(status, lock=status >= 300)
        response.setHeader("Content-Type", "application/json")
        return json.dumps(content)

    def fail(self, status: int, error: str, message=None, **content) -> str:
        self.undo()
        text = None if message is None else self.text(message)
        return self.answer(status, error=error, message=text, **content)
