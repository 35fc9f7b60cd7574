"""A browser in front of the real WSGI filter, and a citizen's account."""

from civisdata.content.citizens import accounts
from civisdata.content.citizens import activation
from civisdata.content.citizens import clock
from civisdata.content.citizens import guard
from civisdata.content.citizens import keys
from civisdata.content.citizens import registrations
from civisdata.content.citizens.keylife import helping
from civisdata.content.citizens.structure import get_spaces
from civisdata.policy.door.filter import Door
from helpers.people import person
from helpers.visitors import BASE
from helpers.visitors import Citizen
from helpers.visitors import PASSWORD
from helpers.visitors import Visitor
from plone import api
from types import SimpleNamespace
from webtest import TestApp
from zope.globalrequest import clearRequest
from zope.globalrequest import getRequest
from zope.globalrequest import setRequest
from ZPublisher.httpexceptions import HTTPExceptionHandler
from ZPublisher.WSGIPublisher import publish_module
import pytest
import secrets
import time
import transaction


@pytest.fixture(autouse=True)
def quick_argon2(monkeypatch):
    former = keys.set_default_params(keys.Argon2Params(64, 1, 1))
    monkeypatch.setattr(helping, "CODE_COST", keys.Argon2Params(64, 1, 1))
    yield
    keys.set_default_params(former)


@pytest.fixture
def moved_clock():
    state = SimpleNamespace(moved=0.0)
    former = clock.set_source(lambda: time.time() + state.moved)
    yield state
    clock.set_source(former)


@pytest.fixture(autouse=True)
def fresh_counters(monkeypatch, tmp_path):
    """Failed log-ins of one test don't count in the next."""
    monkeypatch.setattr(guard, "_limiters", {})
    monkeypatch.setenv("CIVIS_SESSIONS", str(tmp_path / "sessions"))


@pytest.fixture
def site(functional):
    app = functional["app"]
    if "virtual_hosting" not in app.objectIds():
        from Products.SiteAccess.VirtualHostMonster import VirtualHostMonster

        app._setObject("virtual_hosting", VirtualHostMonster())
        transaction.commit()
    return functional["portal"]


@pytest.fixture
def new_visitor(site):
    """Make browsers; each has its own cookies and address."""

    def new_visitor(address="192.0.2.1", base=BASE, **headers):
        hosts = frozenset(("civis.example",))
        wsgi = Door(HTTPExceptionHandler(publish_module), site.getId(), hosts)
        environ = {"REMOTE_ADDR": address, "HTTP_HOST": base.split("//")[1]}
        if base.startswith("https"):
            environ["wsgi.url_scheme"] = "https"
        environ.update(headers)
        return Visitor(TestApp(wsgi, extra_environ=environ))

    former = getRequest()
    yield new_visitor
    setRequest(former) if former is not None else clearRequest()


@pytest.fixture
def visitor(new_visitor):
    return new_visitor()


def _new(site, name):
    space = registrations.register(
        get_spaces(site),
        person(
            first_name=name,
            last_name="Duchêne",
            email=f"{name.lower()}-{secrets.token_hex(3)}@example.org",
        ),
        with_mail=False,
    )
    login, password = accounts.issue_first_password(space)
    return space, Citizen(space.getId(), login, password)


@pytest.fixture
def newcomer(site):
    """A citizen whose registration was just accepted."""
    _space, citizen = _new(site, "Jeanne")
    transaction.commit()
    return citizen


@pytest.fixture
def new_citizen(site):
    def new_citizen(name="Colette"):
        space, citizen = _new(site, name)
        citizen.bundle = activation.choose_password(space, PASSWORD, PASSWORD)
        citizen.code = activation.new_code(space, citizen.bundle)
        activation.confirm_code(space, citizen.code)
        transaction.commit()
        return citizen

    return new_citizen


@pytest.fixture
def citizen(new_citizen):
    """A citizen with an active space and the password ``PASSWORD``."""
    return new_citizen()


@pytest.fixture
def space_of(site):
    """Return a citizen's space as it is stored now."""

    def space_of(citizen):
        transaction.begin()
        return get_spaces(site).get_space(citizen.id)

    return space_of


@pytest.fixture
def mail(site, smtp_server):
    smtp_server.configure(site)
    transaction.commit()

    def mail(address, number):
        """Wait for the letters to an address, which leave in the background."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            found = smtp_server.texts_to(address)
            if len(found) >= number:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{len(found)} letters instead of {number}: {found}")

    return mail


@pytest.fixture
def accepted(site, citizen, space_of):
    """An active citizen whose registration was accepted, too."""
    space = space_of(citizen)
    if registrations.state_of(space) != "accepted":
        with api.env.adopt_roles(["Manager"]):
            api.content.transition(space, "accept")
        transaction.commit()
    return citizen


@pytest.fixture
def inside(visitor, accepted):
    """The browser of that citizen, logged in."""
    visitor.log_in(accepted.login, PASSWORD)
    return visitor
