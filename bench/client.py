"""A citizen and a Plone editor as HTTP clients, without a browser's own costs."""

from base64 import b64encode
from collections.abc import Iterator
from html import unescape
from http.client import HTTPConnection
from servers import Server
from urllib.parse import urlencode
from urllib.parse import urlsplit
import json
import re


PIECE = 8 * 1024 * 1024
BOUNDARY = "----civis-bench-boundary"


class Client:
    """One kept-alive connection with cookies."""

    def __init__(self, server: Server, headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(server.url)
        self.base = parts.path
        self.connection = HTTPConnection(parts.hostname, parts.port, timeout=600)
        self.cookies: dict[str, str] = {}
        self.headers = headers or {}

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def send(self, method: str, path: str, body=None, **headers: str):
        """Send a request; return the answer, its body not read yet."""
        sent = {**self.headers, **headers}
        if self.cookies:
            sent["Cookie"] = self.cookie
        self.connection.request(method, path, body=body, headers=sent)
        answer = self.connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer

    def text(self, path: str, expected: int = 200) -> str:
        answer = self.send("GET", path)
        body = answer.read().decode()
        if answer.status != expected:
            raise RuntimeError(f"GET {path} answered {answer.status}")
        return body

    def download(self, path: str) -> int:
        """Read a whole answer and return its bytes."""
        answer = self.send("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"GET {path} answered {answer.status}")
        received = 0
        buffer = bytearray(1024 * 1024)
        while count := answer.readinto(buffer):
            received += count
        return received


def token_of(page: str) -> str:
    """Return the CSRF token of a page."""
    found = re.search(r'name="_authenticator"[^>]*value="([^"]+)"', page) or re.search(
        r'value="([^"]+)"[^>]*name="_authenticator"', page
    )
    if found is None:
        raise RuntimeError("no CSRF token in the page")
    return unescape(found.group(1))


class Citizen(Client):
    """A citizen who is logged in, with the vault open."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        login, password = server.citizen
        form = {
            "_authenticator": token_of(self.text("/@@login")),
            "login": login,
            "password": password,
            "action": "log-in",
        }
        answer = self.send(
            "POST",
            "/@@login",
            urlencode(form),
            **{"Content-Type": "application/x-www-form-urlencoded"},
        )
        answer.read()
        if answer.status not in (302, 303):
            raise RuntimeError(f"the log-in answered {answer.status}")
        self.space = urlsplit(answer.headers["Location"]).path
        self.token = token_of(self.text(f"{self.space}/@@documents"))

    def json(self, method: str, path: str, body, kind: str = "application/json"):
        answer = self.send(
            method, path, body, **{"Content-Type": kind, "X-CSRF-TOKEN": self.token}
        )
        data = json.loads(answer.read())
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path} answered {answer.status}: {data}")
        return data

    def upload(self, source, size: int, name: str) -> str:
        """Store a file piece by piece, as the page's script does; return its id."""
        depot = f"{self.space}/@@depot"
        started = self.json("POST", depot, json.dumps({"name": name, "size": size}))
        offset, document = 0, None
        while document is None:
            piece = source.read(started["piece"])
            done = self.json(
                "PUT",
                f"{depot}?id={started['id']}&offset={offset}",
                piece,
                "application/octet-stream",
            )
            offset, document = done["offset"], done.get("document")
        return document


class Editor(Client):
    """Zope's Manager of a bare Plone site, uploading through Plone's own form."""

    def __init__(self, server: Server) -> None:
        credentials = b64encode(":".join(server.admin).encode()).decode()
        super().__init__(server, {"Authorization": f"Basic {credentials}"})

    def upload(self, source, size: int, name: str) -> str:
        """Add a File with Plone's form; return its path."""
        form = f"{self.base}/++add++File"
        fields = {
            "_authenticator": token_of(self.text(form)),
            "form.widgets.title": name,
            "form.buttons.save": "Save",
        }
        head = "".join(
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
            f'name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items()
        )
        head += (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
            f'name="form.widgets.file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        tail = f"\r\n--{BOUNDARY}--\r\n"

        def body() -> Iterator[bytes]:
            yield head.encode()
            while piece := source.read(PIECE):
                yield piece
            yield tail.encode()

        answer = self.send(
            "POST",
            form,
            body(),
            **{
                "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
                "Content-Length": str(len(head.encode()) + size + len(tail)),
            },
        )
        answer.read()
        if answer.status not in (302, 303):
            raise RuntimeError(f"Plone's form answered {answer.status}")
        return urlsplit(answer.headers["Location"]).path.removesuffix("/view")
