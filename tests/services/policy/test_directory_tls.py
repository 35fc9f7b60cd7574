"""TLS to a real slapd: a certificate that is not vouched for is refused."""

from civisdata.policy.ldap.breaker import Unavailable
from civisdata.policy.ldap.client import Client
from civisdata.policy.ldap.demo import Person
from civisdata.policy.ldap.demo import staff_ldif
from civisdata.policy.ldap.settings import LdapSettings
from civisdata.policy.ldap.slapd import Slapd
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from ipaddress import ip_address
import pytest


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def make_certificate(subject, key, issuer, issuer_key, address=None):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(hours=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(
            x509.BasicConstraints(ca=address is None, path_length=None), True
        )
    )
    if address:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        builder = builder.add_extension(names, False)
    return builder.sign(issuer_key, hashes.SHA256())


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def make_server(folder, address):
    """Return a slapd with a certificate for ``address``, and its authority's file."""
    folder.mkdir()
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = make_certificate("Autorité", ca_key, "Autorité", ca_key)
    certificate = make_certificate("annuaire", key, "Autorité", ca_key, address)
    (folder / "ca.pem").write_bytes(pem(authority))
    (folder / "server.pem").write_bytes(pem(certificate))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = Slapd(
        folder / "slapd",
        extra=f"TLSCertificateFile {folder}/server.pem\n"
        f"TLSCertificateKeyFile {folder}/server.key\nsecurity tls=1",
        ldaps=True,
    )
    person = Person("", "agent", "Agent", "A", "agents-33063")
    server.create(staff_ldif(server, "portal-secret", [(person, "agent-secret")]))
    server.start()
    return server, folder / "ca.pem"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    made = {
        "right": make_server(folder / "right", "127.0.0.1"),
        "other name": make_server(folder / "other", "192.0.2.1"),
    }
    yield made
    for server, _ in made.values():
        server.stop()


def client(server, mode, ca_file, timeout=3):
    uri = {"ldaps": f"ldaps://127.0.0.1:{server.tls_port}"}.get(mode, server.uri)
    return Client(
        LdapSettings(
            uri=uri,
            bind_dn=server.portal_dn,
            password="portal-secret",
            users_dn=server.users_dn,
            groups_dn=server.groups_dn,
            tls=mode,
            ca_file=str(ca_file) if ca_file else "",
            timeout=timeout,
        )
    )


@pytest.mark.parametrize("mode", ["start", "ldaps"])
def test_the_authority_that_is_named_is_believed(servers, mode):
    server, ca_file = servers["right"]
    assert client(server, mode, ca_file).authenticate("agent", "agent-secret")


@pytest.mark.parametrize("mode", ["start", "ldaps"])
def test_another_authority_is_not(servers, mode):
    server, _ = servers["right"]
    _, wrong_ca = servers["other name"]
    with pytest.raises(Unavailable):
        client(server, mode, wrong_ca).authenticate("agent", "agent-secret")


@pytest.mark.parametrize("mode", ["start", "ldaps"])
def test_an_unknown_authority_is_not(servers, mode):
    server, _ = servers["right"]
    with pytest.raises(Unavailable):
        client(server, mode, None).authenticate("agent", "agent-secret")


@pytest.mark.parametrize("mode", ["start", "ldaps"])
def test_a_certificate_of_another_name_is_not(servers, mode):
    server, ca_file = servers["other name"]
    with pytest.raises(Unavailable):
        client(server, mode, ca_file).authenticate("agent", "agent-secret")


def test_without_tls_a_server_that_wants_it_refuses(servers):
    server, _ = servers["right"]
    with pytest.raises(Unavailable):
        client(server, "off", None).authenticate("agent", "agent-secret")


@pytest.mark.parametrize("mode", ["start", "ldaps"])
def test_a_hang_in_the_handshake_ends(servers, mode):
    server, ca_file = servers["right"]
    asking = client(server, mode, ca_file, timeout=0.3)
    server.suspend()
    try:
        with pytest.raises(Unavailable):
            asking.find("agent")
    finally:
        server.resume()
