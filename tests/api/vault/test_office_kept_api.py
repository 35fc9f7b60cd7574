"""An office file is converted once: for its owner, and for each share."""

from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.reading import sources
from civisdata.content.vault.render import RenderError
from civisdata.content.vault.sharing.offers import end_share
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import get_vault
from helpers.pdf import make_pdf
from helpers.vault import share_folder
from helpers.vault import shared_folder_of
import pytest
import transaction


RTF = rb"{\rtf1 Bonjour}"
SECRET = "Facture secrète"


@pytest.fixture
def conversions(monkeypatch):
    """What LibreOffice was started for."""
    found = []

    def to_pdf(kind: str, content: bytes) -> bytes:
        found.append(content)
        return make_pdf(SECRET)

    monkeypatch.setattr(sources, "to_pdf", to_pdf)
    return found


def test_own_office_files_are_converted_once(citizen, conversions):
    document = citizen.store("lettre.rtf", RTF)
    for _again in range(3):
        assert "Page 1 sur 1" in citizen.page(f"{document}/lire")
        assert citizen.http.get(f"{document}/page?n=1").status_code == 200
    assert conversions == [RTF]


@pytest.mark.parametrize("reason,times", [("damaged", 1), ("timeout", 3)])
def test_what_can_never_be_read_is_tried_once(
    citizen, conversions, monkeypatch, reason, times
):
    def fail(kind: str, content: bytes) -> bytes:
        conversions.append(content)
        raise RenderError(reason)

    monkeypatch.setattr(sources, "to_pdf", fail)
    document = citizen.store("lettre.rtf", RTF)
    for _again in range(3):
        page = citizen.page(f"{document}/lire")
        assert "Page 1 sur" not in page and "Télécharger" in page
    assert conversions == [RTF] * times


def test_shared_office_files_are_converted_once_for_their_recipient(
    make_citizen, conversions, functional
):
    owner, friend = make_citizen(), make_citizen()
    received, _document = share_folder(functional["portal"], owner, friend)
    folder = shared_folder_of(friend, received)
    document = owner.store("lettre.rtf", RTF).rpartition("/")[2]
    owner.classify("deplacer", document, target=folder)
    url = f"{friend.url}/@@partages-recus/{received}/{document}"
    for _again in range(3):
        assert "Page 1 sur 1" in friend.page(f"{url}/lire")
        assert friend.http.get(f"{url}/page?n=1").status_code == 200
    assert conversions == [RTF]

    def sharing():
        transaction.begin()
        return sharing_of(
            get_vault(get_spaces(functional["portal"]).get_space(owner.id))
        )

    (share,) = sharing().given.values()
    with share.previews[document].open("r") as stream:
        assert b"%PDF" not in stream.read()
    # With the entry it goes: the document is moved out of what is shared.
    owner.classify("deplacer", document, target="")
    (share,) = sharing().given.values()
    assert document not in share.previews
    # And with the share.
    owner.classify("deplacer", document, target=folder)
    friend.page(f"{url}/lire")
    assert len(conversions) == 2
    (share,) = sharing().given.values()
    assert document in share.previews
    space = get_spaces(functional["portal"]).get_space(owner.id)
    end_share(space, get_vault(space), owner.bundle, share.id)
    transaction.commit()
    (share,) = sharing().given.values()
    assert not share.previews
