"""The container of personal spaces, and what must not know of them."""

from civisdata.content.citizens import door
from civisdata.content.citizens.content import HOLDER_ROLE
from civisdata.content.citizens.content import is_space_id
from civisdata.content.citizens.structure import create_spaces
from civisdata.content.citizens.structure import get_spaces
from plone import api
from zExceptions import NotFound
from zope.component import queryUtility
from zope.intid.interfaces import IIntIds
from zope.publisher.interfaces import NotFound as TraversalNotFound
from ZPublisher.BaseRequest import UseTraversalDefault
import pytest


@pytest.fixture
def spaces(portal):
    return get_spaces(portal)


def test_a_space_is_found_by_id_and_login_only(spaces):
    space = spaces.create_space()
    assert is_space_id(space.getId())
    assert spaces.get_space(space.getId()) == space
    assert spaces.get_space("portal_type") is None
    spaces.set_login(space, "c-1")
    assert spaces.space_by_login("c-1") == space
    spaces.set_login(space, "c-2")
    assert spaces.space_by_login("c-1") is None
    with pytest.raises(ValueError):
        spaces.set_login(spaces.create_space(), "c-2")


def test_a_deleted_space_leaves_nothing(spaces):
    space = spaces.create_space()
    spaces.set_login(space, "c-1")
    spaces.delete_space(space.getId())
    assert spaces.get_space(space.getId()) is None
    assert spaces.space_by_login("c-1") is None
    assert len(spaces._logins) == 0
    with pytest.raises(KeyError):
        spaces.delete_space(space.getId())


def test_creating_the_container_again_changes_nothing(portal, spaces):
    space = spaces.create_space()
    create_spaces(portal)
    assert get_spaces(portal).get_space(space.getId()) == space


def test_spaces_are_in_no_catalog_and_no_integer_ids(portal, spaces):
    catalog = api.portal.get_tool("portal_catalog")
    intids = queryUtility(IIntIds)
    before = len(catalog.unrestrictedSearchResults()), len(intids)
    space = spaces.create_space()
    space.indexObject()
    space.reindexObject()
    space.reindexObjectSecurity()
    assert (len(catalog.unrestrictedSearchResults()), len(intids)) == before
    assert not catalog.unrestrictedSearchResults(portal_type="PersonalSpace")
    assert not catalog.unrestrictedSearchResults(path="/plone/espaces")
    assert intids.queryId(space) is None


def test_a_space_says_nothing_and_belongs_to_its_citizen(spaces):
    space = spaces.create_space()
    assert space.Creator() == "" and space.Description() == ""
    assert space.get_local_roles() == ((space.getId(), (HOLDER_ROLE,)),)
    space.manage_delLocalRoles([space.getId()])
    space.manage_setLocalRoles("admin", [HOLDER_ROLE])
    assert space.get_local_roles() == ((space.getId(), (HOLDER_ROLE,)),)
    assert {row["name"] for row in space.rolesOfPermission("View") if row["selected"]}
    selected = [r["name"] for r in space.rolesOfPermission("View") if r["selected"]]
    assert selected == [HOLDER_ROLE]


def test_without_its_session_a_space_does_not_exist(portal, spaces):
    space = spaces.create_space()
    request = portal.REQUEST
    for name in (space.getId(), "a" * 16):
        with pytest.raises(NotFound) as error:
            spaces.__bobo_traverse__(request, name)
        assert str(error.value) == "space"
        with pytest.raises(NotFound):
            portal.unrestrictedTraverse(f"espaces/{name}")


def test_behind_the_door_only_listed_names_are_published(portal, spaces):
    space = spaces.create_space()
    for name in ("sharing", "manage_main", "objectIds", "_account", "@users", "PUT"):
        with pytest.raises(TraversalNotFound):
            space.__bobo_traverse__(portal.REQUEST, name)
    with pytest.raises(TraversalNotFound):
        space.__bobo_traverse__(portal.REQUEST, "view")
    with pytest.raises(UseTraversalDefault):
        space.__bobo_traverse__({}, "absolute_url")


def test_what_lies_below_a_space_is_refused_without_session(portal, spaces):
    space = spaces.create_space()
    parents = [space, spaces, portal]
    assert not door.published_is_allowed(space.objectIds, parents, portal.REQUEST)
    assert not door.published_is_allowed(space, [spaces, portal], portal.REQUEST)
    assert not door.published_is_allowed(space.objectIds, [], portal.REQUEST)
    assert door.published_is_allowed(portal, [portal.__parent__], portal.REQUEST)
