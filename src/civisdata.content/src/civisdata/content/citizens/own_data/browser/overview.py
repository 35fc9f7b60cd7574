"""``@@mon-compte``: all settings in groups; and the way back from each of them."""

from civisdata.content import _
from civisdata.content.citizens.browser.my_account import MyAccount
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.own_settings import GROUPS
from civisdata.content.citizens.own_settings import is_setting
from civisdata.content.citizens.own_settings import offered_settings
from civisdata.content.citizens.registrations import registration_of
from Products.Five import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zExceptions import NotFound
from zope.component import queryMultiAdapter


class Overview(MyAccount):
    """Lists the pages that there are; what is sent here is for the page of safety."""

    index_of_safety = ViewPageTemplateFile("../../browser/templates/my_account.pt")
    index_of_all = ViewPageTemplateFile("templates/overview.pt")
    page_title = _("My account")

    def index(self) -> str:
        return self.index_of_safety() if self.posted else self.index_of_all()

    def groups(self) -> list[dict]:
        rows = [
            {"title": title, "id": id, "settings": self._settings(id)}
            for id, title in GROUPS.items()
        ]
        return [row for row in rows if row["settings"]]

    def _settings(self, group: str) -> list[dict]:
        return [
            {
                "url": f"{self.space_url}/@@{setting.view}",
                "title": setting.title,
                "text": setting.text,
                "icon": setting.icon,
            }
            for setting in offered_settings(group)
            if queryMultiAdapter((self.context, self.request), name=setting.view)
            is not None
        ]

    @property
    def person(self):
        """The registration; None for a space without one."""
        stored = getattr(self.context.aq_base, "_registration", None)
        return None if stored is None else registration_of(self.context)


class Above(BrowserView):
    """Called by the frame of each page; not a page of its own."""

    def __call__(self) -> str:
        raise NotFound(self.__name__)

    def places(self, view) -> list[dict]:
        """Return what stands between the space and a page of its settings."""
        name = getattr(view, "__name__", "") or ""
        if not IPersonalSpace.providedBy(self.context) or not is_setting(name):
            return []
        url = f"{self.context.absolute_url()}/@@mon-compte"
        return [{"url": url, "title": _("My account")}]
