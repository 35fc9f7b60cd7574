"""``@@coffre-controlpanel``: quota, largest document, and types of documents."""

from civisdata.content import _
from civisdata.content.numbers import whole_number
from civisdata.content.vault import categories
from civisdata.content.vault.settings import offered_categories
from civisdata.content.vault.settings import vault_settings
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from zope.i18nmessageid import Message


NUMBERS = ("quota", "max_document")
#: The largest quota that can be set, in MB: 1 TB.
MOST = 1_000_000
REASONS = {
    "id": _(
        "${line}: begin with an identifier of small letters, digits and hyphens, then |."
    ),
    "title": _("${line}: give a title of at most 80 characters after |."),
    "twice": _("${line}: this identifier stands in two lines."),
    "default": _(
        "The identifier “other” has to stay: it is the type of what has none."
    ),
    "too_many": _("There are too many types: 60 at most."),
}


class VaultSettingsForm(BrowserView):
    """What webmasters set for all vaults."""

    page_title = _("Documents of citizens")

    def __call__(self) -> str:
        self.errors: list[str] = []
        settings = vault_settings()
        self.values = {name: str(getattr(settings, name)) for name in NUMBERS}
        self.values["categories"] = self._lines(offered_categories())
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            if self._save(settings):
                message = _("The settings are saved.")
                api.portal.show_message(message, self.request)
                self.request.response.redirect(self.url, status=303)
                return ""
            self.request.response.setStatus(400)
        return self.index()

    @property
    def url(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@coffre-controlpanel"

    @property
    def retired(self) -> list[str]:
        """Titles of types that are no longer offered, but that documents may have."""
        found = categories.read_lines(vault_settings().retired_categories or ())
        return [
            self._say(title or categories.CATEGORIES[id]) for id, title in found.items()
        ]

    def _lines(self, titles: dict) -> str:
        return "\n".join(f"{id}|{self._say(title)}" for id, title in titles.items())

    def _save(self, settings) -> bool:
        form = self.request.form
        for name in (*NUMBERS, "categories"):
            value = form.get(name)
            self.values[name] = value.strip() if isinstance(value, str) else ""
        numbers = {name: self._number(name) for name in NUMBERS}
        found = self._categories()
        if self.errors:
            return False
        before = categories.read_lines(settings.categories or ()) or dict.fromkeys(
            categories.CATEGORIES, ""
        )
        retired = categories.read_lines(settings.retired_categories or ())
        retired = categories.retire(before, retired, found)
        settings.quota, settings.max_document = numbers.values()
        settings.categories = [f"{id}|{title}" for id, title in found.items()]
        settings.retired_categories = [f"{id}|{title}" for id, title in retired.items()]
        return True

    def _number(self, name: str) -> int:
        number = whole_number(self.values[name], MOST)
        if number:
            return number
        self.errors.append(
            self._say(
                _("Give sizes as whole numbers of megabytes, from 1 to 1,000,000.")
            )
        )
        return 0

    def _categories(self) -> dict[str, str]:
        try:
            found = categories.read_lines(self.values["categories"].splitlines())
            categories.check_offered(found)
        except categories.BadCategories as error:
            message = Message(REASONS[error.reason], mapping={"line": error.line})
            self.errors.append(self._say(message))
            return {}
        # Shipped titles stay those of the catalog, in every language.
        return {
            id: ""
            if id in categories.CATEGORIES
            and title == self._say(categories.CATEGORIES[id])
            else title
            for id, title in found.items()
        }

    def _say(self, message) -> str:
        return api.portal.translate(message)
