"""« Réunir »: a webmaster says that a commune was merged into another."""

from civisdata.content import _
from civisdata.content.citizens.communes.merging import begin
from civisdata.content.citizens.communes.merging import CannotMerge
from civisdata.content.citizens.communes.merging import TASK
from civisdata.content.tasks import enqueue
from civisdata.content.territory.directory import directory
from civisdata.content.territory.finding import plain
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five import BrowserView
from zope.i18nmessageid import Message


REASONS = {
    "unknown": _("Choose the commune that goes on."),
    "same": _("A commune can't be merged into itself."),
    "merged": _("One of the two has been merged already."),
}


class MergeCommune(BrowserView):
    """Asks for the commune that goes on, and for the name of this one, typed out."""

    page_title = _("Merge this commune into another")

    def __call__(self) -> str:
        self.error: Message | None = None
        self.request.response.setHeader("Cache-Control", "private, no-store")
        self.request.set("disable_plone.leftcolumn", 1)
        if self.request.method == "POST":
            CheckAuthenticator(self.request)
            if self._merge():
                return ""
            self.request.response.setStatus(422)
        return self.index()

    @property
    def merged(self) -> bool:
        return bool(self.context.successor)

    def communes(self) -> list[dict]:
        """The communes that may go on."""
        chosen = self._typed("successor")
        return [
            {"id": row.slug, "name": row.name, "selected": row.slug == chosen}
            for row in directory()
            if row.slug != self.context.getId()
        ]

    def _typed(self, name: str) -> str:
        value = self.request.form.get(name, "")
        return value if isinstance(value, str) else ""

    def _merge(self) -> bool:
        if plain(self._typed("name")) != plain(self.context.title):
            self.error = _("Type the name of the commune that ends, to confirm.")
            return False
        former, successor = self.context.getId(), self._typed("successor")
        try:
            begin(api.portal.get(), former, successor)
        except CannotMerge as error:
            self.error = REASONS[error.reason]
            return False
        enqueue(TASK, former=former, successor=successor)
        api.portal.show_message(
            _("The merger has begun. Its progress is seen among the tasks."),
            self.request,
        )
        url = api.portal.get().absolute_url()
        self.request.response.redirect(f"{url}/communes/{successor}", status=303)
        return True
