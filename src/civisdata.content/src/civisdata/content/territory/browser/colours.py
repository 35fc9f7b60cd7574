"""The colours of all communes, as a part of the panel of the charter."""

from civisdata.content.territory.interfaces import ICommune
from plone import api
from Products.Five import BrowserView


class CommunesColours(BrowserView):
    """``communes-couleurs``: communes with colours of their own, and how many have none."""

    def _communes(self) -> list:
        found = api.portal.get().get("communes")
        return [
            commune
            for commune in (found.objectValues() if found is not None else ())
            if ICommune.providedBy(commune) and not commune.successor
        ]

    def rows(self) -> list[dict]:
        """Return the communes that have set at least one colour."""
        return [
            {
                "title": commune.title,
                "url": commune.absolute_url(),
                "main": commune.colour_main or "",
                "second": commune.colour_second or "",
            }
            for commune in self._communes()
            if commune.colour_main or commune.colour_second
        ]

    @property
    def others(self) -> int:
        """How many have the colours of the portal."""
        return len(self._communes()) - len(self.rows())
