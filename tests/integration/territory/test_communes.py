"""Communes: who is listed, what their fields take, what becomes of a new name."""

from civisdata.content.citizens.browser.forms import commune_choices
from civisdata.content.territory.directory import directory
from civisdata.content.territory.directory import publisher_names
from civisdata.content.territory.interfaces import ICommune
from civisdata.content.territory.interfaces import MAIRIE_FIELDS
from plone import api
from plone.app.redirector.interfaces import IRedirectionStorage
from plone.namedfile.file import NamedBlobImage
from zExceptions import Forbidden
from zope.component import getUtility
from zope.event import notify
from zope.interface import Invalid
from zope.lifecycleevent import ObjectModifiedEvent
from zope.schema import ValidationError
import pytest


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture
def bordeaux(portal):
    return portal["communes"]["bordeaux"]


def test_shipped_data(bordeaux):
    assert (bordeaux.population, bordeaux.population_year) == (267_991, "2023")
    assert bordeaux.website == "https://www.bordeaux.fr"
    # what isn't certain isn't shipped
    for name in set(MAIRIE_FIELDS) - {"website"}:
        assert getattr(bordeaux, name) is None, name


def test_a_commune_as_it_was_stored_before(portal, bordeaux):
    bordeaux._p_activate()
    for name in (*MAIRIE_FIELDS, "population"):
        bordeaux.__dict__.pop(name, None)
    assert bordeaux.opening_hours is None and bordeaux.successor == ""
    assert "bordeaux" in {row.slug for row in directory(portal)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("opening_hours", {"week": [[["17:00", "08:00"]], [], [], [], [], [], []]}),
        ("opening_hours", ["x"]),
        ("services", [{"name": "x", "link": "javascript:alert(1)"}]),
        ("services", [{"name": ""}]),
        ("services", [{"name": "x", "onclick": "y"}]),
        ("services", {"name": "x"}),
        ("website", "http://exemple.fr"),
        ("insee_code", "33o63"),
        ("postal_codes", ("3300",)),
        ("phone", "néant"),
        ("title", "a\x07b"),
        ("population", -1),
        ("latitude", 91.0),
        ("colour_main", "blue"),
    ],
)
def test_fields_refuse_what_the_form_refuses(bordeaux, field, value):
    with pytest.raises((Invalid, ValidationError)):
        ICommune[field].bind(bordeaux).validate(value)


@pytest.mark.parametrize(
    "data",
    [
        DRAWING.replace(b"<path", b"<script>alert(1)</script><path"),
        DRAWING.replace(b"<path", b'<path onload="alert(1)"'),
        DRAWING.replace(b"<path", b"<foreignObject/><path"),
        b"<html><svg></svg></html>",
        DRAWING + b" " * 200_001,
        b"\x89PNG\r\n\x1a\nnot really",
    ],
)
def test_a_logo_is_a_drawing(bordeaux, data):
    logo = NamedBlobImage(data, contentType="image/svg+xml", filename="x.svg")
    with pytest.raises((Invalid, ValidationError)):
        ICommune["logo"].bind(bordeaux).validate(logo)


def test_a_logo_under_a_false_type_is_refused(bordeaux):
    logo = NamedBlobImage(DRAWING, contentType="text/html", filename="x.html")
    with pytest.raises((Invalid, ValidationError)):
        ICommune["logo"].bind(bordeaux).validate(logo)
    good = NamedBlobImage(DRAWING, contentType="image/svg+xml", filename="x.svg")
    ICommune["logo"].bind(bordeaux).validate(good)


def test_pale_colours_are_refused_whoever_sends_them(bordeaux):
    bordeaux.colour_main = "#ffee00"
    with pytest.raises(Invalid):
        ICommune.validateInvariants(bordeaux)
    bordeaux.colour_main = "#0b3d91"
    ICommune.validateInvariants(bordeaux)


def test_a_new_name_keeps_the_address_and_leads_there(portal, bordeaux):
    bordeaux.title = "Bordeaux-sur-Garonne"
    notify(ObjectModifiedEvent(bordeaux))
    storage = getUtility(IRedirectionStorage)
    home = "/plone/communes"
    assert storage.get(f"{home}/bordeaux-sur-garonne") == f"{home}/bordeaux"
    assert (
        storage.get(f"{home}/bordeaux-sur-garonne/actualites")
        == f"{home}/bordeaux/actualites"
    )
    assert publisher_names(portal)["bordeaux"] == "Bordeaux-sur-Garonne"
    assert commune_choices(portal)["bordeaux"].name == "Bordeaux-sur-Garonne"


def test_a_new_name_takes_no_other_commune_s_address(portal, bordeaux):
    bordeaux.title = "Pessac"
    notify(ObjectModifiedEvent(bordeaux))
    assert getUtility(IRedirectionStorage).get("/plone/communes/pessac") is None


def test_nobody_renames_moves_or_deletes_a_commune(portal, bordeaux):
    with api.env.adopt_roles(["Manager"]):
        with pytest.raises(Forbidden):
            api.content.rename(bordeaux, "bx")
        with pytest.raises(Forbidden):
            api.content.delete(bordeaux, check_linkintegrity=False)
        with pytest.raises(Forbidden):
            portal["communes"].manage_delObjects(["bordeaux"])
    assert "bordeaux" in portal["communes"]


def test_the_site_itself_can_be_deleted_with_its_communes(portal):
    folder = portal["communes"]
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(folder, check_linkintegrity=False)
    assert "communes" not in portal
