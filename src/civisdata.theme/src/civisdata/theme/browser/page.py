"""What the frame of a page shows: title, navigation, account, footer."""

from AccessControl import getSecurityManager
from Acquisition import aq_base
from Acquisition import aq_inner
from Acquisition import aq_parent
from civisdata.theme import _
from civisdata.theme.browser.charter import addresses
from plone import api
from plone.base.interfaces import IPloneSiteRoot
from plone.base.utils import safe_text
from Products.CMFCore.interfaces import IContentish
from Products.Five import BrowserView
from Products.statusmessages.interfaces import IStatusMessage
from urllib.parse import urlsplit
from zExceptions import NotFound
from zope.component import queryMultiAdapter


#: Main navigation: path below the portal and title.
NAVIGATION = (
    ("", _("Home")),
    ("/communes", _("Communes")),
    ("/actualites", _("News")),
    ("/demarches", _("Procedures")),
    ("/cub", _("The CUB")),
)

#: Footer: path below the portal and title. The pages are content of the portal.
LEGAL = (
    ("/accessibilite", _("Accessibility: partially compliant")),
    ("/mentions-legales", _("Legal notice")),
    ("/donnees-personnelles", _("Personal data")),
    ("/contact", _("Contact")),
)

#: Whose portal it is: a name, the same in all languages.
OWNER = "Communauté urbaine de Bordeaux"

MESSAGE_CLASSES = {
    "info": "alert-success",
    "success": "alert-success",
    "warning": "alert-warning",
    "warn": "alert-warning",
    "error": "alert-danger",
}


class Page(BrowserView):
    """Called once a page by the main template."""

    owner = OWNER

    def __init__(self, context, request) -> None:
        super().__init__(context, request)
        self.portal = api.portal.get()
        self.portal_url = self.portal.absolute_url()
        self.charter_url, self.logo_url = addresses(self.portal_url)
        security = getSecurityManager()
        self.anonymous = security.getUser().getId() is None
        #: Whether Plone's own editing tools (and their scripts) are on the page.
        self.editing = (
            not self.anonymous
            # A preview shows the page as visitors get it.
            and not request.other.get("civisdata.as_public")
            and bool(security.checkPermission("Show Toolbar", aq_inner(context)))
        )
        if self.editing:
            request.other["civisdata.editing"] = True
        elif not self.anonymous:
            request.response.setHeader("Cache-Control", "private, no-store")

    def __call__(self) -> None:
        """Not a page of its own."""
        raise NotFound(self.__name__)

    def title(self, view) -> str:
        """Return the title of the window: the page's, then the portal's."""
        site = safe_text(self.portal.Title())
        for name in ("page_title", "label", "title"):
            value = getattr(aq_base(view), name, None)
            if value is not None:
                value = getattr(view, name)
                value = value() if callable(value) else value
            if value:
                return f"{self._translate(value)} – {site}"
        if IPloneSiteRoot.providedBy(self.context):
            return site
        title = getattr(self.context, "Title", None)
        own = self._translate(title() or "") if title is not None else ""
        return f"{own} – {site}" if own else site

    def description(self, view) -> str:
        """Return one line for search engines, or nothing."""
        value = getattr(aq_base(view), "page_description", None)
        if value:
            return self._translate(value)
        method = getattr(self.context, "Description", None)
        return safe_text(method()) if method is not None else ""

    @property
    def site_title(self) -> str:
        return safe_text(self.portal.Title())

    def look(self) -> dict[str, str]:
        """Return attributes of ``html`` for what a citizen chose for the own space.

        The room of the citizens gives them by a view ``civis_look`` with a method
        ``attributes()``; everybody else's pages follow charter and device.
        """
        own = queryMultiAdapter((self.context, self.request), name="civis_look")
        return {} if own is None else own.attributes()

    def bare(self, view) -> bool:
        """Return whether the view lays out the whole width itself."""
        return bool(getattr(aq_base(view), "full_width", False))

    def at_place(self) -> bool:
        """Return whether the page is the place itself, not a view beneath it."""
        here = self.request.get("ACTUAL_URL", "").rstrip("/")
        return here == self.context.absolute_url()

    def body_class(self, view) -> str:
        """Return the classes of ``body`` on a visitor's page."""
        name = getattr(view, "__name__", "") or "view"
        kind = getattr(aq_base(self.context), "portal_type", "") or "none"
        return f"civ-public template-{name} portaltype-{kind.lower().replace(' ', '-')}"

    def _translate(self, value) -> str:
        """Return text in the language of the page, without markup."""
        if hasattr(value, "domain"):
            return api.portal.translate(value)
        return safe_text(value)

    def navigation(self) -> list[dict]:
        """Return the main navigation with the current entry marked."""
        here = urlsplit(self.request.get("ACTUAL_URL", "")).path.rstrip("/")
        base = urlsplit(self.portal_url).path.rstrip("/")
        entries = []
        for path, title in NAVIGATION:
            full = base + path
            inside = here == full or (path and here.startswith(full + "/"))
            entries.append(
                {
                    "url": self.portal_url + path or "/",
                    "title": title,
                    "current": "page" if here == full else ("true" if inside else None),
                }
            )
        return entries

    def account(self) -> list[dict]:
        """Return the links of who is logged in, or how to log in.

        The room of the citizens gives its own by a view ``account-links`` with a
        method ``links()`` that answers a list of ``{url, title, primary}``.
        """
        own = queryMultiAdapter((self.context, self.request), name="account-links")
        if own is not None:
            links = own.links()
            if links is not None:
                return links
        if self.anonymous:
            return [
                {"url": f"{self.portal_url}/@@login", "title": _("Log in")},
                {
                    "url": f"{self.portal_url}/@@inscription",
                    "title": _("Create my space"),
                    "primary": True,
                },
            ]
        return [{"url": f"{self.portal_url}/@@logout", "title": _("Log out")}]

    def crumbs(self, view) -> list[dict]:
        """Return the places above this page that the visitor may see, and the page.

        The home page comes first; the last entry is the page itself and has no
        ``url`` unless it is a place. There are none on the home page.
        """
        places = []
        may = getSecurityManager().checkPermission
        item = aq_inner(self.context)
        status = self.request.response.getStatus()
        # A form with errors (422) still has its place; an error page has none.
        if not IContentish.providedBy(item) or (status >= 400 and status != 422):
            return []
        while item is not None and not IPloneSiteRoot.providedBy(item):
            title = getattr(aq_base(item), "Title", None)
            if title is not None and safe_text(item.Title()) and may("View", item):
                places.append(
                    {"url": item.absolute_url(), "title": safe_text(item.Title())}
                )
            item = aq_parent(item)
        own = getattr(view, "page_title", "") if not self.at_place() else ""
        if not places and not own:
            return []
        places.append({"url": self.portal_url, "title": _("Home")})
        places.reverse()
        above = queryMultiAdapter((self.context, self.request), name="civis_above")
        if above is not None:
            places += above.places(view)
        if own:
            places.append({"url": None, "title": self._translate(own)})
        return places

    def footer(self) -> list[dict]:
        """Return the links that the law asks for."""
        return [
            {"url": self.portal_url + path, "title": title} for path, title in LEGAL
        ]

    def messages(self) -> list[dict]:
        """Return and forget the messages for this visitor."""
        return [
            {
                "text": message.message,
                "css": MESSAGE_CLASSES.get(message.type, "alert-info"),
                "role": "alert" if message.type == "error" else "status",
            }
            for message in IStatusMessage(self.request).show()
        ]
