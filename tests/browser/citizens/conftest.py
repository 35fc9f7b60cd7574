"""The portal behind its door on a real port, and Chromium."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import activation
from civisdata.content.citizens import clock
from civisdata.content.citizens import guard
from civisdata.content.citizens import keys
from civisdata.content.citizens import registrations
from civisdata.content.citizens.structure import get_spaces
from civisdata.policy.door.filter import Door
from helpers.people import person
from helpers.visitors import Citizen
from helpers.visitors import PASSWORD
from types import SimpleNamespace
from waitress.server import create_server
from ZPublisher.httpexceptions import HTTPExceptionHandler
from ZPublisher.WSGIPublisher import publish_module
import pytest
import threading
import time
import transaction


@pytest.fixture
def quick_argon2():
    former = keys.set_default_params(keys.Argon2Params(64, 1, 1))
    yield
    keys.set_default_params(former)


@pytest.fixture
def moved_clock():
    state = SimpleNamespace(moved=0.0)
    former = clock.set_source(lambda: time.time() + state.moved)
    yield state
    clock.set_source(former)


@pytest.fixture
def portal_url(functional, quick_argon2, monkeypatch, tmp_path):
    """Serve the portal as in production; return its address."""
    from Products.SiteAccess.VirtualHostMonster import VirtualHostMonster

    monkeypatch.setattr(guard, "_limiters", {})
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path / "sessions"))
    app = functional["app"]
    if "virtual_hosting" not in app.objectIds():
        app._setObject("virtual_hosting", VirtualHostMonster())
    functional["portal"].title = "Civis Data"
    transaction.commit()
    wsgi = Door(
        HTTPExceptionHandler(publish_module), functional["portal"].getId(), frozenset()
    )
    server = create_server(wsgi, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(5)


@pytest.fixture
def new_page(chromium):
    """Open pages, each in a browser of its own; fail on errors in the console."""
    contexts, errors = [], []

    def new_page(**options):
        context = chromium.new_context(
            locale="fr-FR", **{"viewport": {"width": 1280, "height": 900}, **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def newcomer(functional, portal_url):
    space = registrations.register(
        get_spaces(functional["portal"]), person(), with_mail=False
    )
    login, password = accounts.issue_first_password(space)
    transaction.commit()
    return Citizen(space.getId(), login, password)


@pytest.fixture
def citizen(functional, portal_url, newcomer):
    transaction.begin()
    space = get_spaces(functional["portal"]).get_space(newcomer.id)
    bundle = activation.choose_password(space, PASSWORD, PASSWORD)
    newcomer.code = activation.new_code(space, bundle)
    activation.confirm_code(space, newcomer.code)
    transaction.commit()
    return newcomer
