"""``@@carnet-export`` and ``@@carnet-import``, of the portal or of one publisher."""

from base64 import b64decode
from base64 import b64encode
from civisdata.content import _
from civisdata.content.contacts.browser.base import ContactsView
from civisdata.content.contacts.exchange import plan
from civisdata.content.contacts.exchange import table
from civisdata.content.contacts.exchange.seal import holds
from civisdata.content.contacts.exchange.seal import seal
from civisdata.content.contacts.exchange.shelves import PortalShelves
from civisdata.content.territory.interfaces import IPublisher
from plone import api
from plone.protect import CheckAuthenticator
from zope.i18nmessageid import Message
import binascii


REASONS = {
    "empty": _("The file holds no line with a contact."),
    "size": _("The file is too large: 500 KB at most."),
    "lines": _("There are too many lines: 2,000 at most."),
    "encoding": _("The characters of this file can't be read: save it as CSV UTF-8."),
    "form": _(
        "This is not a table in CSV format: save it as CSV from the spreadsheet."
    ),
    "headers": _("The column « ${what} » is missing."),
    "unknown": _("No column of contacts is called « ${what} »."),
    "twice": _("The column « ${what} » stands twice."),
}

STATUSES = {
    plan.ADDED: _("Added"),
    plan.CHANGED: _("Changed"),
    plan.UNCHANGED: _("Unchanged"),
    plan.WRONG: _("Wrong"),
}


class _Exchange(ContactsView):
    @property
    def default(self) -> str:
        """The publisher of the page; empty on the portal's."""
        return self.context.getId() if IPublisher.providedBy(self.context) else ""

    @property
    def url(self) -> str:
        return self.context.absolute_url()


class ExportTable(_Exchange):
    """The contacts as a file for a spreadsheet, drafts too: never kept by caches."""

    def __call__(self) -> bytes:
        response = self.request.response
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("Content-Type", "text/csv; charset=utf-8")
        name = f"contacts-{self.default}.csv" if self.default else "contacts.csv"
        response.setHeader("Content-Disposition", f'attachment; filename="{name}"')
        return table.write(PortalShelves(self.context).rows())


class ImportTable(_Exchange):
    """Choose a file, read the report, apply the very same file."""

    page_title = _("Import contacts from a table")

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        self.error: Message | None = None
        self.lines: list[plan.Line] = []
        self.data, self.seal = b"", ""
        self.publish = True
        if self.request.get("REQUEST_METHOD") == "POST":
            CheckAuthenticator(self.request)
            if self._posted():
                self.request.response.redirect(
                    f"{self.url}/@@carnet-import", status=303
                )
                return ""
            if self.error:
                self.request.response.setStatus(400)
        return self.index()

    def _posted(self) -> bool:
        """Read the file that came; return whether it was applied."""
        form = self.request.form
        self.publish = form.get("publish") == "1"
        applies = form.get("action") == "apply"
        self.data = self._kept() if applies else self._sent()
        shelves = PortalShelves(self.context)
        try:
            rows = table.read(self.data)
        except table.TableError as error:
            self.error = Message(REASONS[error.reason], mapping={"what": error.what})
            return False
        self.lines = plan.plan(rows, shelves, self.default)
        user = api.user.get_current().getId() or ""
        path = "/".join(self.context.getPhysicalPath())
        self.seal = seal(self.data, self.lines, user, path, self.publish)
        if not applies:
            return False
        if not holds(form.get("seal"), self.seal):
            self.error = _(
                "The contacts have changed since the report, or the file is not the one "
                "that was read: nothing was imported. Here is the report as of now."
            )
            return False
        shelves.apply(self.lines, self.publish)
        self._say_done()
        return True

    def _sent(self) -> bytes:
        upload = self.request.form.get("file")
        if not hasattr(upload, "read"):
            return b""
        return upload.read(table.MAX_BYTES + 1)

    def _kept(self) -> bytes:
        kept = self.request.form.get("data")
        try:
            return b64decode(kept, validate=True) if isinstance(kept, str) else b""
        except (binascii.Error, ValueError):
            return b""

    def _say_done(self) -> None:
        found = plan.count(self.lines)
        message = _(
            "The file is imported: ${added} added, ${changed} changed, ${unchanged} "
            "unchanged, ${wrong} left out.",
            mapping={name: str(number) for name, number in found.items()},
        )
        api.portal.show_message(message, self.request)

    @property
    def kept(self) -> str:
        return b64encode(self.data).decode()

    def counts(self) -> list[dict]:
        found = plan.count(self.lines)
        return [
            {"title": title, "count": found[status]}
            for status, title in STATUSES.items()
        ]

    @property
    def to_apply(self) -> int:
        found = plan.count(self.lines)
        return found[plan.ADDED] + found[plan.CHANGED]

    def report(self) -> list[dict]:
        return [
            {
                "number": line.number,
                "title": line.title,
                "publisher": self.names.get(line.publisher, ""),
                "status": STATUSES[line.status],
                "wrong": line.status == plan.WRONG,
                "reasons": [
                    {"column": table.COLUMNS[name], "text": reason}
                    for name, reason in line.reasons
                ],
                "changes": ", ".join(
                    table.COLUMNS[name]
                    for name in table.COLUMNS
                    if line.status == plan.CHANGED and name in line.changes
                ),
            }
            for line in self.lines
        ]

    def columns(self) -> list[dict]:
        """Explain the columns of the file."""
        return [
            {"header": header, "hint": HINTS.get(name, "")}
            for name, header in table.COLUMNS.items()
        ]


HINTS = {
    "id": _(
        "Last part of the contact's address. Keep it: a line is the same contact by its "
        "identifier. Empty for a new one: it is made of the name."
    ),
    "publisher": _("« cub », or the name of the commune."),
    "kind": _("« service » or « personne »."),
    "scope": _("« locale » or « nationale » (the CUB's webmasters only)."),
    "title": _("Needed."),
    "procedures": _("Identifiers of procedures, separated by commas."),
    "website": _("It begins with https://."),
    "example": _("« oui » or « non »."),
    "state": _("To read only: an import changes nothing of it."),
}
