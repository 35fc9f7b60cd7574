"""Content classes: the container of the personal spaces, and a personal space.

Neither these objects nor what they hold are in the site's catalog, in the integer ids,
in a version history or in a link check: they are added and removed without events.
"""

from Acquisition import aq_base
from BTrees.OOBTree import OOBTree
from civisdata.content import _
from civisdata.content.citizens import door
from civisdata.content.citizens.interfaces import IPersonalSpace
from civisdata.content.citizens.interfaces import ISpaces
from civisdata.content.citizens.journal.storage import ensure_journal
from civisdata.content.territory.interfaces import IHasCommune
from collections.abc import Iterator
from plone.dexterity.content import Container
from zope.interface import implementer
import base64
import re
import secrets


#: Local role of a citizen on the own space, and on nothing else.
HOLDER_ROLE = "Space Holder"

_SPACE_ID = re.compile(r"[a-z2-7]{16}")


def new_space_id() -> str:
    """Draw 80 random bits as 16 characters of base 32."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def is_space_id(name: str) -> bool:
    """Say whether ``name`` has the form of a space's id."""
    return _SPACE_ID.fullmatch(name) is not None


class _Unlisted(Container):
    """A container that no catalog knows."""

    _ordering = "unordered"

    def _getCatalogTool(self):
        return None


@implementer(ISpaces)
class Spaces(_Unlisted):
    """All personal spaces, by id; also knows them by log-in name."""

    _View_Permission = ("Manager",)
    _Access_contents_information_Permission = ("Manager",)
    _List_folder_contents_Permission = ("Manager",)
    _Add_portal_content_Permission = ()
    _Modify_portal_content_Permission = ("Manager",)

    def __init__(self, id: str | None = None, **kwargs) -> None:
        super().__init__(id, **kwargs)
        self._logins = OOBTree()

    def __bobo_traverse__(self, request, name: str):
        return door.traverse_spaces(self, request, name)

    def create_space(self) -> "PersonalSpace":
        space_id = new_space_id()
        while self.get_space(space_id) is not None:
            space_id = new_space_id()
        space = PersonalSpace(space_id)
        space.portal_type = "PersonalSpace"
        self._setObject(space_id, space, set_owner=0, suppress_events=True)
        space = self._getOb(space_id)
        space.notifyWorkflowCreated()
        ensure_journal(space)
        return space

    def get_space(self, space_id: str) -> "PersonalSpace | None":
        return self._getOb(space_id, None) if is_space_id(space_id) else None

    def space_ids(self, after: str = "") -> Iterator[str]:
        """Give the ids of the spaces after one, in their order; no space is loaded."""
        return iter(self._tree.keys(after, excludemin=bool(after)))

    def space_by_login(self, login: str) -> "PersonalSpace | None":
        space_id = self._logins.get(login)
        return None if space_id is None else self.get_space(space_id)

    def set_login(self, space: "PersonalSpace", login: str) -> None:
        if self._logins.get(login, space.getId()) != space.getId():
            raise ValueError("this log-in name is taken")
        if space.login:
            self._logins.pop(space.login, None)
        self._logins[login] = space.getId()
        space.login = login

    def delete_space(self, space_id: str) -> None:
        space = self.get_space(space_id)
        if space is None:
            raise KeyError(space_id)
        if space.login:
            self._logins.pop(space.login, None)
        catalog = getattr(aq_base(self), "_registrations_catalog", None)
        if catalog is not None:
            catalog.unindex(space_id)
        self._delObject(space_id, suppress_events=True)


@implementer(IPersonalSpace, IHasCommune)
class PersonalSpace(_Unlisted):
    """A citizen's space; ``_account`` holds the credentials (see ``accounts``),
    ``_journal`` what happened in it (see ``journal``), ``_news_read`` which news were
    read (see ``newsread``), ``_devices`` the browsers its citizen has logged in with
    (see ``devices``)."""

    _View_Permission = (HOLDER_ROLE,)
    _Access_contents_information_Permission = (HOLDER_ROLE,)
    _List_folder_contents_Permission = ()
    _Add_portal_content_Permission = ()
    _Delete_objects_Permission = ()
    _Modify_portal_content_Permission = ()
    _Change_permissions_Permission = ()

    login = ""
    email = ""
    first_name = ""
    last_name = ""
    commune = ""
    _account = None
    _journal = None
    _news_read = None
    _devices = None
    #: See ``counter``: a confirmed identity, and other registrations of the same person.
    _identity = None
    _same_person: tuple[str, ...] = ()
    #: What its citizen chose of how it looks, as plain values (see ``appearance``).
    _look = None

    @property
    def __ac_local_roles__(self) -> dict[str, list[str]]:
        """Computed: nobody can take the space from its citizen, or give it away."""
        return {self.getId(): [HOLDER_ROLE]}

    def manage_addLocalRoles(self, userid, roles, REQUEST=None) -> None:
        pass

    def manage_setLocalRoles(self, userid, roles=(), REQUEST=None) -> None:
        pass

    def manage_delLocalRoles(self, userids, REQUEST=None) -> None:
        pass

    def Title(self) -> str:
        return _("My space")

    def Description(self) -> str:
        return ""

    def listCreators(self) -> tuple:
        return ()

    def Creator(self) -> str:
        return ""

    def __bobo_traverse__(self, request, name: str):
        return door.traverse_space(self, request, name)
