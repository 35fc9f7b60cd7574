"""Which pages of Zope and Plone change code of the running portal."""

from civisdata.policy.door.code import changes_code
from types import SimpleNamespace
import pytest


def found(name="", url="http://x/", parents=()):
    parents = [SimpleNamespace(id=id) for id in parents]
    return changes_code(SimpleNamespace(id=name), parents, url)


@pytest.mark.parametrize(
    "url",
    [
        "http://x/manage",
        "http://x/manage_main",
        "http://x/cub/manage_addProduct/PythonScripts/manage_add",
        "http://x/cub/%6Danage_main",
    ],
)
def test_the_management_interface_changes_code(url):
    assert found(url=url)


@pytest.mark.parametrize("tool", ["portal_skins", "acl_users", "portal_resources"])
def test_a_tool_with_code_does_at_any_depth(tool):
    assert found("x", parents=["y", tool, "site"])
    assert found(tool)


def test_pages_of_content_do_not():
    assert not found("edit", "http://x/cub/edit", ["cub", "site"])
    assert not found("manage-portlets", "http://x/@@manage-portlets", ["site"])
