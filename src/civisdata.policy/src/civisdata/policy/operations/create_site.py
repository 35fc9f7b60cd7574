"""First start: the portal and its Manager, in an empty database.

Run by the launcher as ``python -m civisdata.policy.operations.create_site``; prints
one line ``role login password`` for each log-in that it made.
"""

from civisdata.policy.operations.settings import SITE_ID
from pathlib import Path
from Testing.makerequest import makerequest
from zope.globalrequest import setRequest
import os
import secrets
import sys
import transaction
import Zope2


#: Answers that the distribution needs.
ANSWERS = {
    "site_id": SITE_ID,
    "title": "Civis Data",
    "description": "L’espace numérique des habitants de la Communauté urbaine",
    "default_language": "fr",
    "portal_timezone": "Europe/Paris",
    "setup_content": True,
}


def create_site(app, distribution: str = "civisdata") -> None:
    """Create the portal in the Zope root ``app`` unless it is there; commits."""
    from plone.distribution.api import site as site_api

    if SITE_ID not in app.objectIds():
        site_api.create(app, distribution, ANSWERS)


def create_manager(app, login: str = "admin") -> str | None:
    """Create Zope's Manager; return the generated password, None if it exists."""
    users = app.acl_users
    if users.getUser(login) is not None:
        return None
    password = secrets.token_urlsafe(15)
    users._doAddUser(login, password, ["Manager"], [])
    transaction.commit()
    return password


def main() -> int:
    from AccessControl.SecurityManagement import newSecurityManager
    from AccessControl.users import system
    from Zope2.Startup.run import configure_wsgi

    configure_wsgi(str(Path(os.environ["CIVIS_INSTANCE"]) / "etc" / "zope.conf"))
    app = makerequest(Zope2.app())
    setRequest(app.REQUEST)
    newSecurityManager(None, system)
    create_site(app)
    password = create_manager(app)
    if password is not None:
        print(f"Manager admin {password}")
    app._p_jar.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
