"""Make an active citizen in the data of a stopped server; print login and password.

Run by servers.civisdata with the server's environment. Two arguments, COUNT and
MEGABYTES, store so many documents of that size first (0: ten bytes each).
"""

from AccessControl.SecurityManagement import newSecurityManager
from AccessControl.users import system
from civisdata.content.citizens.accounts import issue_first_password
from civisdata.content.citizens.activation import choose_password
from civisdata.content.citizens.activation import confirm_code
from civisdata.content.citizens.activation import new_code
from civisdata.content.citizens.registration import Registration
from civisdata.content.citizens.registrations import register
from civisdata.content.citizens.structure import get_spaces
from civisdata.policy.operations.settings import set_environment
from civisdata.policy.operations.settings import SITE_ID
from plone import api
from Testing.makerequest import makerequest
from zope.component.hooks import setSite
from zope.globalrequest import setRequest
import os
import secrets
import sys
import transaction


MEGA = 1024 * 1024


def open_site():
    """Open the site of the environment's server, as its system user."""
    set_environment()
    from Zope2.Startup.run import configure_wsgi
    import Zope2

    configure_wsgi(f"{os.environ['CIVIS_INSTANCE']}/etc/zope.conf")
    app = makerequest(Zope2.app())
    setRequest(app.REQUEST)
    newSecurityManager(None, system)
    site = app[SITE_ID]
    setSite(site)
    return site


def make(site, consents=(), shown=(), email="banc@example.org"):
    """Make an active citizen; give the space, log-in name, password and keys.

    ``consents`` and ``shown`` texts go to ``register``.
    """
    space = register(
        get_spaces(site),
        Registration(
            first_name="Banc",
            last_name="Essai",
            usage_name="",
            address="1 rue de la Mesure",
            address_more="",
            postal_code="33000",
            town="Bordeaux",
            commune="bordeaux",
            birth_date="1980-01-01",
            age_bracket="",
            email=email,
            services=("documents", "news"),
            publishers=("commune", "cub"),
        ),
        consents,
        shown,
        with_mail=False,
    )
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(space, "accept")
    login, _ = issue_first_password(space)
    password = secrets.token_urlsafe(24)
    bundle = choose_password(space, password, password)
    confirm_code(space, new_code(space, bundle))
    return space, login, password, bundle


def store(space, bundle, count: int, megabytes: int) -> None:
    """Store documents through the vault's own functions, each in a transaction."""
    from civisdata.content.vault.storage import ensure_vault
    from civisdata.content.vault.uploads import Limits
    from civisdata.content.vault.uploads import store_stream

    size, room = megabytes * MEGA or 10, Limits(10**12, 10**12)
    for number in range(count):
        store_stream(
            ensure_vault(space),
            space.getId(),
            bundle,
            name=f"document-{number:04}.bin",
            size=size,
            category="other",
            limits=room,
            stream=Noise(size),
        )
        transaction.commit()


class Noise:
    """A stream of ``size`` bytes that don't compress."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.block = os.urandom(MEGA)

    def read(self, size: int) -> bytes:
        data = self.block[: min(size, self.left)]
        self.left -= len(data)
        return data


def main() -> None:
    filled = len(sys.argv) == 3
    email = f"banc{sys.argv[1] if filled else ''}@example.org"
    space, login, password, bundle = make(open_site(), email=email)
    transaction.commit()
    if filled:
        store(space, bundle, int(sys.argv[1]), int(sys.argv[2]))
    print(login, password)


if __name__ == "__main__":
    main()
