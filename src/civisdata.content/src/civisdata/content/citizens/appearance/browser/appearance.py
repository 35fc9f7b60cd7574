"""``@@apparence``: how the own space looks, and in which order its home page is."""

from civisdata.content import _
from civisdata.content.citizens.appearance.look import arranged
from civisdata.content.citizens.appearance.look import keep_look
from civisdata.content.citizens.appearance.look import Look
from civisdata.content.citizens.appearance.look import look_of
from civisdata.content.citizens.appearance.look import moved
from civisdata.content.citizens.appearance.look import with_order
from civisdata.content.citizens.browser.account_form import SpaceForm
from civisdata.content.citizens.browser.space import home_blocks
from civisdata.content.citizens.journal.actions import ACCOUNT
from civisdata.content.citizens.journal.actions import register_action
from civisdata.content.citizens.journal.visits import note_once
from dataclasses import replace
from zope.i18nmessageid import Message


LOOK_CHANGED = "look-changed"
register_action(LOOK_CHANGED, _("You changed how your space looks."), ACCOUNT)

SCHEMES = {
    "": _("Like my device"),
    "light": _("Light"),
    "dark": _("Dark"),
}
DENSITIES = {
    "": _("Airy"),
    "compact": _("Compact"),
}
ACCENTS = {
    "": _("The portal’s colour"),
    "garonne": _("Garonne blue"),
    "pins": _("Pine green"),
    "glycine": _("Wisteria violet"),
    "ardoise": _("Slate grey"),
    "brique": _("Brick red"),
}


class Appearance(SpaceForm):
    """Two forms: what is chosen from a few things, and the order of the blocks."""

    page_title = _("Appearance")

    @property
    def look(self) -> Look:
        return look_of(self.context)

    def groups(self) -> list[dict]:
        """Return the three choices for the template."""
        rows = (
            ("scheme", _("Display"), SCHEMES),
            ("accent", _("Colour"), ACCENTS),
            ("density", _("Density"), DENSITIES),
        )
        return [
            {
                "name": name,
                "title": title,
                "options": [
                    {
                        "id": f"{name}-{value or 'default'}",
                        "value": value,
                        "title": words,
                        "sample": value if name == "accent" else "",
                        "checked": getattr(self.look, name) == value,
                    }
                    for value, words in options.items()
                ],
            }
            for name, title, options in rows
        ]

    def order(self) -> list[dict]:
        """Return the blocks in their order."""
        titles: dict[str, Message] = home_blocks()
        ids = arranged(self.look.order, titles)
        return [
            {
                "id": id,
                "title": titles[id],
                "first": id == ids[0],
                "last": id == ids[-1],
            }
            for id in ids
        ]

    def act(self, action: str) -> str | None:
        if action == "look":
            return self._choose()
        if action == "default-order":
            self._keep(replace(self.look, order=()))
            self.say(_("Your home page has its first order again."))
            return self._again("#ordre")
        if action == "order":
            self._order(self.typed("order").split())
            self.request.response.setStatus(204)
            return ""
        way, _colon, id = action.partition(":")
        if way in ("up", "down"):
            ids = arranged(self.look.order, home_blocks())
            self._order(moved(ids, id, -1 if way == "up" else 1))
            return self._again(f"#bloc-{id}" if id in ids else "#ordre")
        return self._again()

    def _choose(self) -> str:
        chosen = {
            name: self.typed(name)
            for name, known in (
                ("scheme", SCHEMES),
                ("accent", ACCENTS),
                ("density", DENSITIES),
            )
            if self.typed(name) in known
        }
        self._keep(replace(self.look, **chosen))
        self.say(_("Your choices are saved: they count from now on, on each device."))
        return self._again()

    def _order(self, ids: list[str]) -> None:
        self._keep(with_order(self.look, ids, home_blocks()))

    def _keep(self, look: Look) -> None:
        """Keep a look; changes of one visit are one line of the journal."""
        if keep_look(self.context, look):
            note_once(self.context, self.request, LOOK_CHANGED)

    def _again(self, fragment: str = "") -> str:
        return self.redirect(f"{self.space_url}/@@apparence{fragment}")
