"""vCard 4.0 (RFC 6350)."""

from civisdata.content.contacts.exchange.plan import DEFAULTS
from civisdata.content.contacts.vcard import escaped
from civisdata.content.contacts.vcard import folded
from civisdata.content.contacts.vcard import telephone
from civisdata.content.contacts.vcard import vcard
from datetime import datetime
from datetime import UTC
from hypothesis import given
from hypothesis import strategies as st
import pytest


UID = "0123456789abcdef0123456789abcdef"


def lines(place="Talence", **values) -> list[str]:
    text = vcard(
        {**DEFAULTS, "title": "État civil", **values},
        UID,
        "https://exemple.fr/c",
        place,
        datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    )
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    return text.replace("\r\n ", "").split("\r\n")


def test_a_service():
    found = lines(
        role="Actes",
        phone="05 56 00 00 00",
        email="ec@exemple.fr",
        address="1, rue du Loup\n33400 Talence",
        website="https://exemple.fr",
        hours="Lundi ; mardi",
        example=True,
    )
    assert found[:4] == ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", "FN:État civil"]
    assert "UID:urn:uuid:01234567-89ab-cdef-0123-456789abcdef" in found
    assert "REV:20261124T093000Z" in found
    assert "ORG:Talence;État civil" in found
    assert "TITLE:Actes" in found
    assert "TEL;VALUE=uri;TYPE=work:tel:+33556000000" in found
    assert "EMAIL;TYPE=work:ec@exemple.fr" in found
    assert (
        'ADR;TYPE=work;LABEL="1, rue du Loup^n33400 Talence"'
        ":;;1\\, rue du Loup\\, 33400 Talence;;;;" in found
    )
    assert "URL:https://exemple.fr" in found
    assert "NOTE:Lundi \\; mardi\\nDonnée d’exemple\\, à vérifier." in found
    assert found[-2:] == ["END:VCARD", ""]


def test_a_person_of_no_service_and_nothing_that_is_unknown():
    found = lines(place="", kind="person", title="Zoé O’Brien")
    assert "KIND:individual" in found
    names = [line.partition(":")[0].partition(";")[0] for line in found]
    assert not {"ORG", "TEL", "EMAIL", "ADR", "URL", "NOTE", "TITLE"} & set(names)


def test_nothing_typed_adds_a_property():
    evil = "x\nEMAIL:evil@exemple.fr\r\nEND:VCARD\rBEGIN:VCARD"
    found = lines(title=evil, role=evil, service=evil, address=evil, note=evil)
    assert sum(line.startswith("END:") for line in found) == 1
    assert not any(line.startswith("EMAIL") for line in found)


@pytest.mark.parametrize(
    ("phone", "uri"),
    [
        ("05 56 00 00 00", "tel:+33556000000"),
        ("+33 5.56.00.00.00", "tel:+33556000000"),
        ("39 39", "tel:3939;phone-context=+33"),
        ("0 809 401 401", "tel:0809401401;phone-context=+33"),
    ],
)
def test_telephone_numbers(phone, uri):
    assert telephone(phone) == uri


def test_escaping():
    assert escaped("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")))
def test_folding_loses_nothing(text):
    line = folded(text)
    assert line.replace("\r\n ", "").removesuffix("\r\n") == text
    assert all(len(part.encode()) <= 75 for part in line.split("\r\n"))
