"""The charter: style sheet, logo, and the form that changes them."""

from civisdata.theme import _
from civisdata.theme.charter import all_rules
from civisdata.theme.charter import Charter
from civisdata.theme.charter import declarations
from civisdata.theme.charter import pairs
from civisdata.theme.charter import shortfalls
from civisdata.theme.charter import style_sheet
from civisdata.theme.colours import HEX
from civisdata.theme.interfaces import ICharter
from civisdata.theme.logo import LogoError
from civisdata.theme.logo import MAX_BYTES
from civisdata.theme.logo import media_type
from hashlib import sha256
from plone import api
from plone.protect import CheckAuthenticator
from plone.registry.interfaces import IRegistry
from Products.Five import BrowserView
from urllib.parse import urlencode
from zExceptions import NotFound
from zope.component import getUtility
from zope.i18nmessageid import Message
import json


PREFIX = "civisdata.charter"
COLOURS = ("primary", "river", "stone")

#: One year: the address changes with what is served.
FOR_LONG = "public, max-age=31536000, immutable"

LOGO_REASONS = {
    "too-large": _("The logo is too large: 200 KB and 4,000 pixels at most."),
    "unknown": _("The logo has to be a PNG or SVG file."),
    "broken": _("The file of the logo is damaged."),
    "active": _(
        "This SVG holds scripts, links or other things than drawing: it is refused."
    ),
}

NAMES = {
    "primary": _("the main colour"),
    "river": _("the second colour"),
    "text": _("the text"),
    "note": _("the small text"),
    "stone": _("the background"),
    "white": _("white"),
}


def current() -> Charter:
    """Return the charter of the portal."""
    registry = getUtility(IRegistry)
    default = Charter()
    return Charter(
        **{
            name: registry.get(f"{PREFIX}.{name}") or getattr(default, name)
            for name in COLOURS
        }
    )


def addresses(portal_url: str) -> tuple[str | None, str | None]:
    """Return the addresses of style sheet and logo, ``None`` where nothing is set."""
    css = style_sheet(current())
    logo = getUtility(IRegistry).get(f"{PREFIX}.logo")
    return (
        f"{portal_url}/@@charte.css?v={_version(css.encode())}" if css else None,
        f"{portal_url}/@@charte-logo?v={_version(logo)}" if logo else None,
    )


def _version(data: bytes) -> str:
    return sha256(data).hexdigest()[:10]


class CharterCss(BrowserView):
    """The custom properties of the charter, as a style sheet."""

    def __call__(self) -> bytes:
        body = style_sheet(current()).encode()
        response = self.request.response
        response.setHeader("Content-Type", "text/css; charset=utf-8")
        asked = self.request.form.get("v")
        response.setHeader(
            "Cache-Control",
            FOR_LONG if asked == _version(body) else "public, max-age=300",
        )
        return body


class CharterLogo(BrowserView):
    """The uploaded logo; not found when there is none."""

    def __call__(self) -> bytes:
        registry = getUtility(IRegistry)
        data = registry.get(f"{PREFIX}.logo")
        if not data:
            raise NotFound("charte-logo")
        response = self.request.response
        response.setHeader("Content-Type", registry[f"{PREFIX}.logo_type"])
        response.setHeader("X-Content-Type-Options", "nosniff")
        response.setHeader(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        )
        asked = self.request.form.get("v")
        response.setHeader(
            "Cache-Control",
            FOR_LONG if asked == _version(data) else "public, max-age=300",
        )
        return data


def _asked(form: dict) -> Charter:
    """Return the charter of a request; what is no colour is as it is stored."""
    stored = current()
    found = {name: form.get(name) for name in COLOURS}
    return Charter(
        **{
            name: value.strip().lower()
            if isinstance(value, str) and HEX.match(value.strip())
            else getattr(stored, name)
            for name, value in found.items()
        }
    )


def contrasts(charter: Charter) -> list[dict]:
    """Return the pairs of a charter as the preview shows them, in words."""
    say = api.portal.translate
    return [
        {
            "colour": say(NAMES[pair.colour]).capitalize(),
            "ground": say(NAMES[pair.ground]),
            "ratio": _number(pair.ratio),
            "wanted": _number(pair.wanted),
            "enough": pair.enough,
        }
        for pair in pairs(charter)
    ]


class PreviewCss(BrowserView):
    """``@@charte-apercu.css``: colours that aren't saved, for the preview alone."""

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Content-Type", "text/css; charset=utf-8")
        response.setHeader("Cache-Control", "private, no-store")
        rules = all_rules(_asked(self.request.form))
        return f"#charte-apercu{{{declarations(rules)}}}\n"


class PreviewJson(BrowserView):
    """``@@charte-apercu.json``: the same with the contrasts, for who is choosing."""

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Content-Type", "application/json")
        response.setHeader("Cache-Control", "private, no-store")
        charter = _asked(self.request.form)
        return json.dumps(
            {"rules": all_rules(charter), "contrasts": contrasts(charter)}
        )


class CharterForm(BrowserView):
    """Colours and logo; refuses what cannot be read, and says why."""

    page_title = _("Charter: logo and colours")
    #: Whether what is chosen was asked to be seen, not saved.
    previewing = False

    def __call__(self) -> str:
        self.errors: list[str] = []
        self.values = {name: getattr(current(), name) for name in COLOURS}
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            if "reset" in self.request.form:
                self._store(Charter())
                self._store_logo(None, None)
                return self._done()
            if "preview" in self.request.form:
                self.previewing = True
                self._take_colours()
                return self.index()
            if self._save():
                return self._done()
            self.request.response.setStatus(400)
        return self.index()

    def fields(self) -> list[dict]:
        """Return the colour fields for the template."""
        return [
            {
                "name": name,
                "title": ICharter[name].title,
                "description": ICharter[name].description,
                "value": self.values[name],
            }
            for name in COLOURS
        ]

    @property
    def has_logo(self) -> bool:
        return bool(getUtility(IRegistry).get(f"{PREFIX}.logo"))

    @property
    def chosen(self) -> Charter:
        """The charter of the form at hand."""
        return _asked(self.values)

    def contrasts(self) -> list[dict]:
        return contrasts(self.chosen)

    @property
    def preview_css(self) -> str:
        """The address of the preview's colours."""
        chosen = {name: getattr(self.chosen, name) for name in COLOURS}
        url = api.portal.get().absolute_url()
        return f"{url}/@@charte-apercu.css?{urlencode(chosen)}"

    def _take_colours(self) -> None:
        for name in COLOURS:
            value = self.request.form.get(name)
            self.values[name] = value.strip() if isinstance(value, str) else ""

    def _save(self) -> bool:
        form = self.request.form
        self._take_colours()
        wrong = [name for name in COLOURS if not HEX.match(self.values[name])]
        for name in wrong:
            self._refuse(
                _(
                    "${colour}: six digits or letters a to f after #, as in #6d1233.",
                    mapping={"colour": self._say(ICharter[name].title)},
                )
            )
        if not wrong:
            self._check_contrast()
        upload = form.get("logo")
        data, kind = None, None
        if getattr(upload, "filename", None):
            data = upload.read(MAX_BYTES + 1)
            try:
                kind = media_type(data)
            except LogoError as error:
                self._refuse(LOGO_REASONS[error.reason])
        if self.errors:
            return False
        self._store(Charter(**{k: v.lower() for k, v in self.values.items()}))
        if kind:
            self._store_logo(data, kind)
        elif form.get("remove_logo"):
            self._store_logo(None, None)
        return True

    def _check_contrast(self) -> None:
        for short in shortfalls(Charter(**self.values)):
            self._refuse(
                _(
                    "${colour} on ${ground}: contrast ${ratio} to 1; "
                    "at least ${wanted} to 1 is needed to be read by all.",
                    mapping={
                        "colour": self._say(NAMES[short.colour]).capitalize(),
                        "ground": self._say(NAMES[short.ground]),
                        "ratio": _number(short.ratio),
                        "wanted": _number(short.wanted),
                    },
                )
            )

    def _refuse(self, reason: Message) -> None:
        self.errors.append(self._say(reason))

    def _say(self, message: Message) -> str:
        return api.portal.translate(message)

    def _store(self, charter: Charter) -> None:
        registry = getUtility(IRegistry)
        for name in COLOURS:
            registry[f"{PREFIX}.{name}"] = getattr(charter, name)

    def _store_logo(self, data: bytes | None, kind: str | None) -> None:
        registry = getUtility(IRegistry)
        registry[f"{PREFIX}.logo"] = data
        registry[f"{PREFIX}.logo_type"] = kind

    def _done(self) -> str:
        api.portal.show_message(_("The charter is saved."), self.request)
        url = f"{api.portal.get().absolute_url()}/@@charte-controlpanel"
        self.request.response.redirect(url)
        return ""


def _number(value: float) -> str:
    """Return a ratio with one decimal, never rounded up over a limit."""
    return f"{int(value * 10) / 10:.1f}".replace(".", ",")
