"""Mail addresses of staff from a real directory."""

from civisdata.content.news.editing.people import address_of
from civisdata.content.news.editing.people import reviewers_of
from civisdata.content.tasks import TemporaryError
from civisdata.policy.ldap import client as client_module
import ldap
import pytest


@pytest.fixture
def site(portal, quiet_slapd, monkeypatch):
    """The portal with the directory that runs."""
    for name, value in quiet_slapd.environment().items():
        monkeypatch.setenv(name, value)
    return portal


def test_those_who_publish_for_a_commune_and_their_addresses(site):
    assert reviewers_of(site, "bordeaux") == ["staff:agent-bordeaux"]
    assert address_of(site, "staff:agent-bordeaux") == (
        "agent-bordeaux@civisdata.invalid"
    )
    assert set(reviewers_of(site, "cub")) >= {"staff:webmestre", "staff:admin"}
    assert reviewers_of(site, "nowhere") == []


def test_who_is_no_staff_or_closed_has_no_address(site, quiet_slapd):
    for login in ("staff:personne", "staff:nobody", "staff:*", "", "staff:A"):
        assert address_of(site, login) == ""
    group = quiet_slapd.group_dn("agents-33063")
    other = quiet_slapd.user_dn("agent-merignac").encode()
    gone = b"uid=parti,ou=nowhere," + group.partition(",")[2].encode()
    quiet_slapd.modify(group, [(ldap.MOD_ADD, "member", [other, gone])])
    try:
        assert set(reviewers_of(site, "bordeaux")) == {
            "staff:agent-bordeaux",
            "staff:agent-merignac",
        }
    finally:
        quiet_slapd.modify(group, [(ldap.MOD_DELETE, "member", [other, gone])])


def test_a_directory_that_does_not_answer_is_asked_again_later(
    portal, slapd, monkeypatch
):
    for name, value in slapd.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CIVIS_LDAP_TIMEOUT", "0.3")
    slapd.stop()
    client_module.forget()
    with pytest.raises(TemporaryError):
        reviewers_of(portal, "bordeaux")
    with pytest.raises(TemporaryError):
        address_of(portal, "staff:agent-bordeaux")
