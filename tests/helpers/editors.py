"""Those who write news, with browsers, over HTTP."""

from civisdata.content.territory.localroles import agents_group
from civisdata.content.territory.localroles import WEBMASTERS
from helpers.people import staff
from html import unescape
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
import pytest
import re
import requests
import transaction


class Person:
    """Somebody with a browser without JavaScript."""

    def __init__(self, server: str, auth: tuple[str, str] | None = None) -> None:
        self.server = server
        self.http = requests.Session()
        self.http.headers["Accept-Language"] = "fr"
        self.http.headers["Accept"] = "text/html"
        self.http.auth = auth
        self.page = ""

    def get(self, path: str, **options) -> requests.Response:
        answer = self.http.get(self._url(path), **options)
        self.page = unescape(answer.text)
        return answer

    def post(self, path: str, token: bool = True, **options) -> requests.Response:
        data = dict(options.pop("data", {}))
        if token:
            data["_authenticator"] = self.token
        answer = self.http.post(self._url(path), data=data, **options)
        self.page = unescape(answer.text)
        return answer

    @property
    def token(self) -> str:
        """The token of the last page; any page of one's own has one to give."""
        if found := re.search(r'name="_authenticator"[^>]*value="([^"]+)"', self.page):
            return found[1]
        self.get("/@@a-publier")
        self.get("/cub/actualites/++add++News%20Item")
        return re.search(r'name="_authenticator"[^>]*value="([^"]+)"', self.page)[1]

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else self.server + path

    def fill(self, path: str, **fields) -> requests.Response:
        """Open the form of a news item, fill fields in by their short names, save."""
        self.get(path)
        return self.save(self.form(), **fields)

    def form(self) -> str:
        """Return the form of a news item on the page at hand."""
        return re.search(r'<form[^>]*id="form".*?</form>', self.page, re.S)[0]

    def save(self, form: str, **fields) -> requests.Response:
        """Fill in fields of a form that was read before, and save it."""
        action = re.search(r'action="([^"]+)"', form)[1]
        data = {"form.buttons.save": "x"}
        files = {}
        names = {
            "title": "form.widgets.IBasic.title",
            "description": "form.widgets.IBasic.description",
            "text": "form.widgets.IRichTextBehavior.text",
            "image": "form.widgets.INews.image",
            "image_alt": "form.widgets.INews.image_alt",
            "image_caption": "form.widgets.INews.image_caption",
            "topics": "form.widgets.INews.topics",
            "age_brackets": "form.widgets.INews.age_brackets",
            "effective": "form.widgets.INewsDates.effective",
            "expires": "form.widgets.INewsDates.expires",
        }
        for name in ("title", "description", "image_alt", "image_caption"):
            value = re.search(
                rf'name="{names[name]}"[^>]*value="([^"]*)"', form
            ) or re.search(rf'name="{names[name]}"[^>]*>([^<]*)<', form)
            data[names[name]] = value[1] if value else ""
        for name in ("topics", "age_brackets"):
            data[f"{names[name]}-empty-marker"] = "1"
        for name, value in fields.items():
            if name == "image":
                files[names[name]] = value
                data[f"{names[name]}.action"] = "replace"
            else:
                data[names[name]] = value
        return self.post(action, data=data, files=files or None)


@pytest.fixture
def people(functional, server):
    """Visitor, agents of Bordeaux and Mérignac, webmaster, Manager."""
    found = {"visitor": Person(server)}
    for name, group in (
        ("agent", agents_group("33063")),
        ("colleague", agents_group("33063")),
        ("elsewhere", agents_group("33281")),
    ):
        found[name] = Person(server, (name, staff(name, ("Staff",), group)))
    password = staff("webmaster", ("Staff", "CUB Webmaster"), WEBMASTERS)
    found["webmaster"] = Person(server, ("webmaster", password))
    found["manager"] = Person(server, (SITE_OWNER_NAME, SITE_OWNER_PASSWORD))
    transaction.commit()
    return found
