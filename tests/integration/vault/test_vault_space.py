"""The vault of a space in a Plone site."""

from AccessControl.PermissionRole import rolesForPermissionOn
from civisdata.content.citizens.events import SpaceStartsAnew
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.browser.texts import size_text
from civisdata.content.vault.categories import CATEGORIES
from civisdata.content.vault.interfaces import IVaultDocument
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import start_upload
from civisdata.content.vault.uploads import store_stream
from io import BytesIO
from plone import api
from zope.component import queryUtility
from zope.event import notify
from zope.i18n import translate
from zope.intid.interfaces import IIntIds
import pytest


LIMITS = Limits(10**9, 10**9)


@pytest.fixture
def space(portal):
    return get_spaces(portal).create_space()


def store(space, name: str = "secret-passeport.bin"):
    vault, bundle = ensure_vault(space), KeyBundle.new()
    document_id = store_stream(
        vault,
        space.getId(),
        bundle,
        name=name,
        size=4,
        category="national",
        limits=LIMITS,
        stream=BytesIO(b"\0abc"),
    )
    return vault.document(document_id)


def test_looking_at_a_space_without_a_vault_writes_nothing(space):
    before = dict(space.__dict__)
    assert len(get_vault(space)) == 0
    assert space.__dict__ == before
    assert ensure_vault(space) is ensure_vault(space) is get_vault(space)


def test_a_document_is_known_to_nothing_of_plone(portal, space):
    catalog = api.portal.get_tool("portal_catalog")
    intids = queryUtility(IIntIds)
    before = len(catalog.unrestrictedSearchResults()), len(intids)
    document = store(space)
    document.indexObject()
    document.reindexObject()
    document.reindexObjectSecurity()
    assert (len(catalog.unrestrictedSearchResults()), len(intids)) == before
    assert IVaultDocument.providedBy(document)
    assert document.portal_type in portal.portal_types.objectIds()
    assert portal.portal_workflow.getChainFor("VaultDocument") == ()
    assert document.id not in space.objectIds()
    assert not any("secret" in str(value) for value in document.__dict__.values())


def test_only_the_holder_of_a_space_may_open_its_vault(portal, space):
    roles = set(rolesForPermissionOn("civisdata.content: Open vault", space))
    assert roles == {"Space Holder"}


def test_starting_anew_erases_what_no_key_opens(space):
    document = store(space)
    vault = get_vault(space)
    start_upload(
        vault,
        space.getId(),
        KeyBundle.new(),
        name="a.bin",
        size=5,
        category="local",
        limits=LIMITS,
    )
    notify(SpaceStartsAnew(space))
    assert (len(vault), len(vault.documents), len(vault.uploads)) == (0, 0, 0)
    assert (vault.used, document.header, document.parts) == (0, b"", ())


@pytest.mark.parametrize(
    "size,text",
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (999, "999 octets"),
        (1500, "1,5 ko"),
        (2_000_000, "2 Mo"),
        (1_234_000_000, "1,2 Go"),
    ],
)
def test_sizes_in_words(portal, size, text):
    assert translate(size_text(size), target_language="fr") == text


def test_categories_are_in_french(portal):
    for title in CATEGORIES.values():
        assert translate(title, target_language="fr") != str(title)
