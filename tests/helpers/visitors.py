"""Somebody with a browser without JavaScript, and what a test knows of a citizen."""

from civisdata.content.citizens import keys
from dataclasses import dataclass
from webtest import TestApp


PASSWORD = "canal vernis tortue plume"
NEW_PASSWORD = "brouette mandarine sifflet"
BASE = "http://127.0.0.1:8099"


class Visitor:
    """Somebody with a browser without JavaScript."""

    def __init__(self, app: TestApp) -> None:
        self.app = app
        self.page = None

    def get(self, path, status="*", **kwargs):
        self.page = self.app.get(path, status=status, **kwargs)
        return self.page

    def post(self, path, params, status="*", **kwargs):
        self.page = self.app.post(path, params, status=status, **kwargs)
        return self.page

    def send(self, action, **fields):
        """Fill in the form with this button, and press it; follow redirects."""
        (form,) = [
            form
            for form in {id(form): form for form in self.page.forms.values()}.values()
            if any(
                getattr(field, "_value", None) == action
                for field in form.fields.get("action", [])
            )
        ]
        for name, value in fields.items():
            form[name] = value
        self.page = form.submit("action", value=action, status="*")
        return self.follow()

    def follow(self):
        while self.page.status_int in (301, 302, 303):
            self.page = self.page.follow(status="*")
        return self.page

    def log_in(self, login, password, came_from=""):
        self.get(f"/@@login?came_from={came_from}")
        return self.send("log-in", login=login, password=password)

    @property
    def path(self) -> str:
        """The path of the page at hand, without what the door puts before it."""
        return self.page.request.path.partition("VirtualHostRoot")[2] or "/"

    @property
    def text(self) -> str:
        return " ".join(self.page.html.get_text().split())

    @property
    def logged_in(self) -> bool:
        return b"@@logout" in self.app.get("/", status="*").body

    @property
    def cookies(self) -> dict:
        return self.app.cookies


@dataclass
class Citizen:
    """What is known of a test's citizen."""

    id: str
    login: str
    first_password: str = ""
    code: str = ""
    bundle: keys.KeyBundle | None = None
