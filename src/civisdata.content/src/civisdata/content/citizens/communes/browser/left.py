"""What the space of a citizen says when its commune has left, or was merged."""

from Acquisition import aq_base
from civisdata.content.territory.interfaces import ICommune
from functools import cached_property
from plone import api
from Products.Five import BrowserView


class CommuneLeft(BrowserView):
    """Shown at once on the home page of the space; nothing while the commune takes part."""

    def __call__(self) -> str:
        commune = self.commune
        if commune is None or commune.participating or commune.successor:
            return ""
        return self.index()

    @cached_property
    def commune(self):
        folder = api.portal.get().get("communes")
        found = None if folder is None else folder.get(self.context.commune)
        return found if ICommune.providedBy(aq_base(found)) else None

    @property
    def name(self) -> str:
        return self.commune.title
