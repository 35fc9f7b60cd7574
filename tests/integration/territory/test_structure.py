"""The territory that every portal starts with."""

from civisdata.content.territory.data import communes
from civisdata.content.territory.structure import create_territory
from civisdata.content.territory.structure import SECTIONS
import pytest


def test_all_communes_exist_with_their_codes(portal):
    folder = portal["communes"]
    assert len(communes()) == 28
    assert {commune.insee_code for commune in folder.objectValues()} == {
        commune.insee_code for commune in communes()
    }


@pytest.mark.parametrize("path", ["cub", "communes/bordeaux", "communes/merignac"])
def test_publishers_are_public_with_their_sections(portal, path):
    publisher = portal.restrictedTraverse(path)
    assert portal.portal_workflow.getInfoFor(publisher, "review_state") == "published"
    assert publisher.objectIds() == [section_id for section_id, _ in SECTIONS]


def test_creating_the_territory_again_changes_nothing(portal):
    before = portal["communes"].objectIds()
    create_territory(portal)
    assert portal["communes"].objectIds() == before
