"""``@@partenaires``: partners, their keys and their last calls."""

from civisdata.content import _
from civisdata.content.citizens.browser.account_form import OUT_OF_DATE
from civisdata.content.citizens.browser.forms import FormView
from civisdata.content.citizens.dates import written_moment
from civisdata.content.citizens.publishers import publishers
from civisdata.content.citizens.publishers import SERVICE
from civisdata.content.partners import registry
from functools import cached_property
from zope.i18nmessageid import Message


BAD = {
    "id": _("The short name has 2 to 40 small letters, digits or hyphens."),
    "taken": _("This short name is taken."),
    "title": _("Give a name of at most 120 characters."),
    "publisher": _("This publisher does not exist."),
}
ACTIONS = {"may-i-send": _("Question"), "deposit": _("One deposit")}


class Partners(FormView):
    """Lists partners; makes and stops keys."""

    page_title = _("Partners")
    #: The new key, on the one page that shows it.
    shown_key = ""
    error: Message | None = None

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.posted:
            if not self.token_is_valid():
                return self.fail(OUT_OF_DATE, 403)
            return self.act(self.typed("action"))
        return self.index()

    def fail(self, message: Message, status: int = 422) -> str:
        self.error = message
        self.request.response.setStatus(status, lock=1)
        return self.index()

    def act(self, action: str) -> str:
        if action == "add":
            try:
                registry.add_partner(
                    self.context,
                    self.typed("id").strip(),
                    self.typed("title"),
                    self.typed("publisher"),
                )
            except registry.BadPartner as error:
                return self.fail(BAD[error.reason])
            return self.again()
        partner = registry.get_partners(self.context).by_id.get(self.typed("partner"))
        if partner is None:
            return self.again()
        if action == "key":
            self.shown_key = registry.add_key(
                self.context, partner, self.typed("label")
            )
            self.shown_for = partner.title
            return self.index()
        key = partner.keys.get(self.typed("key"))
        if action == "stop-key" and key is not None:
            key.active = False
        elif action in ("stop", "resume"):
            partner.active = action == "resume"
        return self.again()

    def again(self) -> str:
        return self.redirect(f"{self.portal_url}/@@partenaires")

    @cached_property
    def _publishers(self):
        return publishers(self.context)

    def choices(self) -> list[dict]:
        """The publishers for which a partner may deposit, beside itself."""
        return [
            {"id": found.id, "title": found.title}
            for found in self._publishers.values()
            if found.kind != SERVICE
        ]

    def partners(self) -> list[dict]:
        return [
            {
                "id": partner.id,
                "title": partner.title,
                "active": partner.active,
                "publisher": self._publisher_title(partner),
                "gone": partner.publisher_id not in self._publishers,
                "key_rows": [self._key(partner, key) for key in partner.keys.values()],
                "uses": [
                    {
                        "date": written_moment(use.date),
                        "key": use.key_id,
                        "action": ACTIONS.get(use.action, use.action),
                        "result": use.result,
                    }
                    for use in partner.uses(20)
                ],
            }
            for partner in registry.get_partners(self.context).by_id.values()
        ]

    def _publisher_title(self, partner: registry.Partner) -> str:
        """For whom a partner deposits: empty for itself; an id where that one is gone."""
        if partner.is_publisher:
            return ""
        found = self._publishers.get(partner.publisher_id)
        return partner.publisher_id if found is None else found.title

    @staticmethod
    def _key(partner: registry.Partner, key: registry.ApiKey) -> dict:
        used = partner.last_use(key.id)
        return {
            "id": key.id,
            "label": key.label,
            "active": key.active,
            "created": written_moment(key.created),
            "used": used and written_moment(used),
        }
