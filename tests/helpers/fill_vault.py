"""Store a document in the vault of a stopped server; print where its bytes lie.

Run in a process of its own with the server's ``VAR``.
"""

from civisdata.content.citizens.account_record import need_account
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import store_stream
from civisdata.policy.operations.settings import set_environment
from civisdata.policy.operations.settings import SITE_ID
from io import BytesIO
from Testing.makerequest import makerequest
from zope.component.hooks import setSite
import os
import transaction


def main() -> None:
    set_environment()
    from Zope2.Startup.run import configure_wsgi
    import Zope2

    configure_wsgi(f"{os.environ['CIVIS_INSTANCE']}/etc/zope.conf")
    site = makerequest(Zope2.app())[SITE_ID]
    setSite(site)
    space, bundle = get_spaces(site).create_space(), KeyBundle.new()
    need_account(space).public = bundle.public
    vault = ensure_vault(space)
    document_id = store_stream(
        vault,
        space.getId(),
        bundle,
        name="a.bin",
        size=5,
        category="local",
        limits=Limits(1000, 1000),
        stream=BytesIO(b"hello"),
    )
    transaction.commit()
    print(vault.documents[document_id].parts[0].committed())


if __name__ == "__main__":
    main()
