"""Make citizens who allow Bordeaux in the data of a stopped server; print log-ins.

    make_recipients.py COUNT

Run by deposits.py with the server's environment. Their passwords are nobody's: their
accounts have public keys, which is all that a deposit needs.
"""

from AccessControl.SecurityManagement import newSecurityManager
from AccessControl.users import system
from civisdata.content.citizens import consents
from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.publishers import publishers
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
import sys
import transaction


def make_one(site, number: int) -> str:
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
            email=f"banc-{number}@example.org",
            services=("documents",),
            publishers=("commune",),
        ),
        with_mail=False,
    )
    api.content.transition(space, "accept")
    login = f"banc-{number}"
    get_spaces(site).set_login(space, login)
    account = need_account(space)
    account.public, account.activated = KeyBundle.new().public, 1.0
    version = consents.text_shown().version
    consents.give(space, publishers(site)["bordeaux"], version)
    return login


def main() -> None:
    set_environment()
    from Zope2.Startup.run import configure_wsgi
    import Zope2

    configure_wsgi(f"{os.environ['CIVIS_INSTANCE']}/etc/zope.conf")
    app = makerequest(Zope2.app())
    setRequest(app.REQUEST)
    newSecurityManager(None, system)
    site = app[SITE_ID]
    setSite(site)
    with api.env.adopt_roles(["Manager"]):
        for number in range(int(sys.argv[1])):
            print(make_one(site, number))
            if not number % 100:
                transaction.commit()
    transaction.commit()


if __name__ == "__main__":
    main()
