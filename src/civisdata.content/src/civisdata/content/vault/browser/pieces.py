"""The protocol of what comes in pieces. JSON in and out, except for the pieces.

- ``POST`` ``{"name", "size", …}`` → 201 ``{"id", "offset", "piece"}``
- ``PUT ?id=…&offset=…`` with the next piece (``application/octet-stream``) → 200
  ``{"offset"}``, and more with the last one
- ``GET ?id=…`` → 200 ``{"offset", "size", "piece"}``
- ``DELETE ?id=…`` → 200 ``{}``
- ``POST`` of small files, several at once (``application/vnd.civisdata.files``): for each
  a line of JSON ``{"id", "name", "size", …}`` and its bytes → 200 ``{"offset", "files"}``:
  for each ``{"document"}``, or ``{"error", "message"}`` where it was refused. ``id`` is
  drawn by who sends: the same files sent again are stored once.

Errors have ``{"error", "message"}``: 400 refused, 403 CSRF token (header
``X-CSRF-TOKEN``), 404 unknown, 409 wrong offset (with the awaited ``offset``),
413 more files or bytes at once than a request may have, 423 locked, 507 quota. Without
a session there is no such address: 404.
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
from civisdata.content.vault.parts import PIECE
from civisdata.content.vault.sealing import Window
from plone.protect.interfaces import IDisableCSRFProtection
from typing import Any
from typing import BinaryIO
from zExceptions import Forbidden
from zope.interface import alsoProvides
import json
import re


#: Content type of a request with several small files.
FILES = "application/vnd.civisdata.files"
#: Files of such a request, and their bytes together.
MAX_FILES = 24
MAX_BYTES = PIECE
_MAX_JSON = 64 * 1024
_ID = re.compile(r"[0-9a-f]{32}")


class BadInput(ValueError):
    """The request isn't of the protocol."""


class TooMuch(Exception):
    """More files or bytes than one request may have."""


class Pieces(VaultView):
    """One address for an upload's whole life."""

    #: Reason of ``Refused`` → what the citizen is told, where it differs.
    refusals: dict[str, Any] = {}

    def locked(self):
        return self.fail(423, "locked", LOCKED)

    def respond(self):
        method = self.request.get("REQUEST_METHOD")
        actions = {
            "POST": self.post,
            "PUT": self.put,
            "GET": self.get,
            "DELETE": self.delete,
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
            return self.fail(status, error.reason, self.refusal(error.reason))
        except TooMuch:
            return self.fail(413, "too_much")
        except BadInput:
            return self.fail(400, "input")

    def crowded(self, text: str) -> str:
        return self.answer(503, error="crowded", message=text)

    # What each depot does: NoSuchItem, Refused, WrongOffset.

    def start(self, asked: dict[str, Any]):
        """Begin an upload, or take up one that stopped; answer."""
        raise NotImplementedError

    def piece(self, id: str, offset: int, body: BinaryIO) -> dict[str, Any]:
        """Take the next piece; give what the answer holds."""
        raise NotImplementedError

    def find(self, id: str):
        """Give the upload of this id."""
        raise NotImplementedError

    def cancel(self, id: str) -> None:
        """Drop the upload of this id."""
        raise NotImplementedError

    def store(self, asked: dict[str, Any], stream: BinaryIO) -> str:
        """Store a whole small file; give the document's id.

        Refused, before anything has changed.
        """
        raise BadInput

    def list(self):
        """Answer to a GET without ``id``."""
        raise NoSuchItem("")

    # The protocol.

    def post(self):
        kind = self.request.getHeader("Content-Type") or ""
        if kind.partition(";")[0].strip() == FILES:
            return self.files()
        data = self.body.read(_MAX_JSON + 1)
        return self.start(self._asked(data))

    def put(self):
        offset = whole_number(self.request.form.get("offset"))
        if offset is None:
            raise BadInput
        return self.answer(200, **self.piece(self.id, offset, self.body))

    def get(self):
        if "id" not in self.request.form:
            return self.list()
        upload = self.find(self.id)
        return self.answer(
            200, offset=upload.received, size=upload.size, piece=upload.piece_size
        )

    def delete(self):
        self.cancel(self.id)
        return self.answer(200)

    def files(self):
        """Store small files, all in one transaction; what is refused is told."""
        body, answers, total = self.body, [], 0
        while line := body.readline(_MAX_JSON + 1):
            asked = self._asked(line)
            total += max(0, asked["size"])
            if len(answers) >= MAX_FILES or total > MAX_BYTES:
                raise TooMuch
            if not _ID.fullmatch(asked["id"]):
                raise BadInput
            answers.append(self._file(asked, body))
        if not answers:
            raise BadInput
        return self.answer(200, offset=total, files=answers)

    def _file(self, asked: dict[str, Any], body: BinaryIO) -> dict[str, Any]:
        left = Counted(Window(body, asked["size"]), asked["size"])
        try:
            return {"document": self.store(asked, left)}
        except Refused as error:
            if error.reason in ("short", "long"):
                raise
            left.skip()
            message = self.text(self.refusal(error.reason))
            return {"error": error.reason, "message": message}

    @property
    def body(self) -> BinaryIO:
        body = self.request.get("BODYFILE")
        if body is None:
            raise BadInput
        return body

    @property
    def id(self) -> str:
        value = self.request.form.get("id", "")
        if not isinstance(value, str):
            raise BadInput
        return value

    def _asked(self, data: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(data)
        except ValueError:
            raise BadInput from None
        if len(data) > _MAX_JSON or not isinstance(asked, dict):
            raise BadInput
        asked = {
            "id": asked.get("id", ""),
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

    def refusal(self, reason: str):
        return self.refusals.get(reason) or REFUSED[reason]

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


class Counted:
    """A stream of ``size`` bytes, of which what wasn't read can be passed over."""

    def __init__(self, stream: BinaryIO, size: int):
        self._stream = stream
        self.left = max(0, size)

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.left -= len(data)
        return data

    def skip(self) -> None:
        """Pass over what is left; Refused("short") where it isn't there."""
        while self.left:
            if not self.read(min(self.left, 1024 * 1024)):
                raise Refused("short")
