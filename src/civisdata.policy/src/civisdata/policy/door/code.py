"""Pages through which Zope and Plone let a Manager change code of the running portal.

A script of the user folder or a template put into a skin would see the password of a
citizen who logs in, and a theme or a folder of resources the page with the documents.
So nobody reaches these pages from outside: who may change code is who may change the
server. ``CIVIS_ZMI=1`` in its environment opens them.
"""

from Acquisition import aq_base
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote
import os


#: Tools that hold or run code, by their ids.
TOOLS = frozenset(
    (
        "acl_users",
        "error_log",
        "portal_resources",
        "portal_setup",
        "portal_skins",
        "portal_view_customizations",
        "portal_workflow",
    )
)

#: Packages whose pages change themes, templates and scripts.
PACKAGES = (
    "plone.app.customerize.",
    "plone.app.theming.",
    "plone.resourceeditor.",
    "Products.CMFPlone.controlpanel.browser.resourceregistry",
)


def is_management(name: str) -> bool:
    """Say whether a step of a path is one of Zope's management interface."""
    return name in ("manage", "document_src") or name.startswith("manage_")


def changes_code(published: Any, parents: Iterable[Any], url: str) -> bool:
    """Say whether what traversal found is one of these pages.

    ``parents`` is ``request["PARENTS"]``; ``url`` is ``request["URL"]``, which traversal
    makes from the steps that it took.
    """
    if any(is_management(unquote(step)) for step in url.split("/")):
        return True
    owner = getattr(published, "__self__", published)
    if any(cls.__module__.startswith(PACKAGES) for cls in type(owner).__mro__):
        return True
    return any(_id(step) in TOOLS for step in (owner, *parents))


def may_change_code() -> bool:
    """Say whether the server was started with ``CIVIS_ZMI=1``."""
    return os.environ.get("CIVIS_ZMI") == "1"


def _id(step: Any) -> str:
    name = getattr(aq_base(step), "id", "")
    return name if isinstance(name, str) else ""
