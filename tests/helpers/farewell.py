"""The end of a citizen on the data of a whole portal: ``python -m helpers.farewell``.

Run with the server's environment, LOGIN and PASSWORD on standard input. Adds what the
citizen's day didn't have (shares both ways, deposits, requests, trusted persons, mails),
closes the space, erases it as the task does, and packs the storage. Prints the id of the
space and of all that was made for it, a line each.
"""

from AccessControl.SecurityManagement import newSecurityManager
from AccessControl.users import system
from civisdata.content.citizens import background
from civisdata.content.citizens import keys
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.accounts import pepper
from civisdata.content.citizens.closing import life
from civisdata.content.citizens.closing.erasing import erase_closed_spaces
from civisdata.content.citizens.journal import note
from civisdata.content.citizens.keylife import dealing
from civisdata.content.citizens.keylife import trust
from civisdata.content.citizens.news_mail.book import Claim
from civisdata.content.citizens.news_mail.book import get_book
from civisdata.content.citizens.news_mail.wishes import turn_on
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.contents import Contents
from civisdata.content.vault.reminder_mail import set_wish
from civisdata.content.vault.requests import answering
from civisdata.content.vault.requests import asking
from civisdata.content.vault.sharing import offers
from civisdata.content.vault.sharing import received as receiving
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import store_stream
from civisdata.policy.operations.folders import temporary_folder
from civisdata.policy.operations.mailbox import LocalMailbox
from civisdata.policy.operations.settings import from_environment
from civisdata.policy.operations.settings import set_environment
from civisdata.policy.operations.settings import SITE_ID
from datetime import date
from helpers.deposits import allow
from helpers.deposits import LIMITS
from helpers.deposits import make_recipient
from helpers.deposits import put
from helpers.deposits import Recipient
from io import BytesIO
from plone import api
from Testing.makerequest import makerequest
from zope.component.hooks import setSite
from zope.globalrequest import setRequest
import os
import shutil
import sys
import transaction


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


def open_recipient(site, login: str, password: str) -> Recipient:
    """Open a citizen's keys with the password."""
    space = get_spaces(site).space_by_login(login)
    record = get_account(space).password
    found = keys.check_password(record, password, pepper(), user_id=space.getId())
    return Recipient(space, found.bundle)


def _share(owner: Recipient, friend: Recipient, item: str) -> str:
    vault = ensure_vault(owner.space)
    asked = offers.Asked(kind="document", item=item, to=friend.login)
    offers.offer(owner.space, vault, owner.bundle, asked, friend.space, owner.login)
    (waiting,) = (
        one for one in receiving.all_received(friend.space, friend.bundle) if one.waits
    )
    receiving.accept(waiting)
    return waiting.share.id


def fill(site, mine: Recipient) -> list[str]:
    """Give a citizen something of everything; return the ids."""
    spaces, friend = get_spaces(site), make_recipient(site, "bordeaux")
    spaces.set_login(friend.space, "c-8kq4m2xz")
    (document,) = get_vault(mine.space).documents
    other = store_stream(
        ensure_vault(friend.space),
        friend.space.getId(),
        friend.bundle,
        name="Ami.txt",
        size=3,
        category="local",
        limits=LIMITS,
        stream=BytesIO(b"ami"),
    )
    ids = [document, _share(mine, friend, document)]
    _share(friend, mine, other)
    for publisher in ("bordeaux", "cub"):
        allow(site, mine.space, publisher)
        put(site, mine, b"avis", by=publisher)
    for _turn in range(2):
        question = asking.Question(mine.login, "Avis", "Dossier", 30, "agent")
        request, _reaches = asking.ask(site, "bordeaux", mine.space, question)
    answering.give(mine.space, mine.bundle, request, document)
    turn_on(mine.space, "daily", ("cub",))
    book = get_book(site, create=True)
    book.uncertain = ((mine.space.getId(), "<a@b>", 1.0),)
    run = book.run("daily")
    run.position, run.again = mine.space.getId(), (mine.space.getId(),)
    run.claim = Claim(mine.space.getId(), "<a@b>", 1.0, None)
    set_wish(mine.space, True, Contents(), date.today())
    third = make_recipient(site)
    spaces.set_login(third.space, "c-9kq4m2xz")
    dealing.set_up(friend.space, spaces, friend.bundle, [mine.login, third.login], 2)
    (held,) = trust.get_trust(mine.space).held
    dealing.accept(mine.space, spaces, held)
    dealing.set_up(mine.space, spaces, mine.bundle, [friend.login, third.login], 2)
    note(mine.space, "log-in")
    return ids


def main() -> None:
    login, password = sys.stdin.read().splitlines()
    var = from_environment().var
    mailbox = LocalMailbox(var / "mail")
    os.environ["CIVIS_SMTP"] = mailbox.start()
    site = open_site()
    try:
        mine = open_recipient(site, login, password)
        space_id = mine.space.getId()
        ids = [space_id, *fill(site, mine)]
        transaction.commit()
        api.portal.set_registry_record("civisdata.accounts.closing_days", 0)
        life.close(mine.space, bundle=mine.bundle)
        transaction.commit()
        erase_closed_spaces(site, lambda done, total: None)
        assert get_spaces(site).get_space(space_id) is None
        site._p_jar.db().pack()
        # A FileStorage's scratch file is emptied by each start of a server.
        (var / "filestorage" / "Data.fs.tmp").unlink(missing_ok=True)
        print("\n".join(ids))
    finally:
        background.wait()
        mailbox.stop()
        if from_environment().filestorage:
            # No server uses it now.
            shutil.rmtree(temporary_folder(var), ignore_errors=True)


if __name__ == "__main__":
    main()
