"""What the door calls open, by kind of published object."""

from civisdata.policy.door.allowlist import is_open
from civisdata.policy.door.allowlist import service_name
from plone.rest.service import Service
from Products.Five.browser import BrowserView
import pytest


def _view(name: str) -> BrowserView:
    view = BrowserView(None, None)
    view.__name__ = name
    return view


def _service(name: str) -> Service:
    service = Service.__new__(Service)
    service.request = type("Request", (), {"_rest_cors_preflight": False})()
    service.__name__ = name
    return service


@pytest.mark.parametrize("name", ["document_view", "search", "login", "view"])
def test_pages_of_public_content_are_open(name):
    assert is_open(_view(name))


@pytest.mark.parametrize(
    "name", ["sharing", "getVocabulary", "author", "recently_modified", "edit", ""]
)
def test_other_views_of_plone_are_not(name):
    assert not is_open(_view(name))


def test_a_method_is_open_only_as_the_end_of_an_open_view():
    class View(BrowserView):
        __name__ = "download"

        def HEAD(self):
            """Answer HEAD."""

        def helper(self):
            """Look like something to publish."""

    assert is_open(View(None, None).HEAD)
    assert not is_open(View(None, None).helper)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GET_application_json_", True),
        ("GET_application_json_@search", True),
        ("POST_application_json_@search", False),
        ("GET_application_json_@users", False),
        ("GET_application_json_@vocabularies", False),
        ("PATCH_application_json_", False),
    ],
)
def test_services_are_open_by_method_and_name(name, expected):
    assert is_open(_service(name)) is expected


def test_service_names_are_split_as_plone_rest_joins_them():
    assert service_name(_service("GET_application_json_@a")) == ("GET", "@a")


def test_nothing_else_is_open():
    assert not is_open(object())
    assert not is_open("text")
    assert not is_open(None)
