"""What visitors and citizens can reach of Plone; what is not listed is not there.

Plone publishes some hundred views, services and methods to anybody. Staff keep them,
with Plone's own permissions. For everybody else this is the list; what Civis Data
brings itself is open to its own permissions and to the table of roles and URLs that
the tests check.
"""

from plone.namedfile.interfaces import INamedFile
from plone.namedfile.scaling import ImageScale
from plone.resource.file import FilesystemFile
from plone.rest.interfaces import IService
from Products.Five.browser.resource import Resource
from types import MethodType
from typing import Any
from zope.publisher.interfaces.browser import IBrowserView


#: Names of Plone's views: pages of content, files and images, log-in, search.
VIEWS = frozenset(
    (
        # content
        "document_view",
        "file_view",
        "image_view",
        "link_redirect_view",
        "listing_view",
        "newsitem_view",
        "summary_view",
        "view",
        # files and images of public content
        "display-file",
        "documentviewer",
        "download",
        "dvpdffiles",
        "images",
        # the site
        "favicon.ico",
        "robots.txt",
        "search",
        "site-logo",
        "sitemap",
        "sitemap.xml.gz",
        # log-in
        "logged-out",
        "login",
        "logout",
        "require_login",
    )
)

#: REST services (HTTP method, name): reading and searching public content, and the
#: log-in of staff, which the limiter guards.
SERVICES = frozenset(
    (
        ("GET", ""),
        ("GET", "@breadcrumbs"),
        ("GET", "@navigation"),
        ("GET", "@search"),
        ("POST", "@login"),
        ("POST", "@login-renew"),
        ("POST", "@logout"),
    )
)

#: Files of packages and pictures in the sizes that views offer.
RESOURCES = (FilesystemFile, Resource, ImageScale)

#: Methods of an allowed object that the publisher may end at.
METHODS = frozenset(("GET", "HEAD", "index_html"))

#: Methods of HTTP that change something; only REST services and views of ours take them.
WRITING = frozenset(("DELETE", "PATCH", "PUT"))


def is_ours(published: Any) -> bool:
    """Say whether a published view or service comes with Civis Data."""
    return any(
        cls.__module__.startswith("civisdata.") for cls in type(published).__mro__
    )


def service_name(service: Any) -> tuple[str, str]:
    """Return (HTTP method, name) of a REST service, as plone.rest registered it.

    >>> class Service: __name__ = "GET_application_json_@search"
    >>> service_name(Service())
    ('GET', '@search')
    """
    method, _, name = (service.__name__ or "").partition("_application_json_")
    return method, name


def is_open(published: Any, view_names: frozenset[str] = VIEWS) -> bool:
    """Say whether visitors and citizens can reach ``published`` at all.

    Permissions are checked beside this, never instead of it.
    """
    if isinstance(published, MethodType):
        name, module = published.__name__, published.__func__.__module__ or ""
        published = published.__self__
        if name not in METHODS and not module.startswith("civisdata."):
            return False
    if isinstance(published, RESOURCES) or INamedFile.providedBy(published):
        return True
    if is_ours(published):
        return True
    if IService.providedBy(published):
        return service_name(published) in SERVICES
    if IBrowserView.providedBy(published):
        return published.__name__ in view_names
    return False
