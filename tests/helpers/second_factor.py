"""An authentication app and an authenticator for passkeys, in a few lines each."""

from base64 import urlsafe_b64encode
from civisdata.content.citizens import clock
from civisdata.content.citizens.secondfactor import factors
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyotp import TOTP
import cbor2
import hashlib
import json
import secrets


def stop_clock(moved) -> None:
    """Let time go on only by ``moved.moved``: codes change every half minute."""
    now = clock.now()
    clock.set_source(lambda: now + moved.moved)


def code(secret: str) -> str:
    """What an app shows now; once used, the clock has to move."""
    return TOTP(secret).at(int(clock.now()))


def start_app(space) -> tuple[str, list[str]]:
    """Put an app in force; return its secret and the single-use codes."""
    secret = factors.begin_app(space)
    return secret, factors.confirm_app(space, code(secret))


def start_passkey(space, authenticator: "Authenticator", site) -> list[str]:
    """Put a passkey in force; return the single-use codes."""
    challenge = factors.begin_passkey(space, "clef du porte-clefs")
    answer = authenticator.make(challenge)
    return factors.add_passkey(space, answer, factors.drop_challenge(space), site)


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """A security key with one passkey, and the browser that it is plugged in."""

    def __init__(self, site: str, origin: str) -> None:
        self.site = site
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.count = 0

    def _data(self, flags: int, more: bytes = b"") -> bytes:
        site = hashlib.sha256(self.site.encode()).digest()
        return site + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def _client(self, kind: str, challenge: bytes) -> bytes:
        values = {"type": kind, "challenge": _text(challenge), "origin": self.origin}
        return json.dumps(values).encode()

    def _answer(self, **response: bytes) -> str:
        values = {name: _text(value) for name, value in response.items()}
        id = _text(self.id)
        return json.dumps(
            {"id": id, "rawId": id, "type": "public-key", "response": values}
        )

    def make(self, challenge: bytes) -> str:
        """Answer navigator.credentials.create()."""
        numbers = self.key.public_key().public_numbers()
        public = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id
        data = self._data(0x41, held + cbor2.dumps(public))
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", challenge)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def sign(self, challenge: bytes) -> str:
        """Answer navigator.credentials.get()."""
        self.count += 1
        data = self._data(0x01)
        client = self._client("webauthn.get", challenge)
        signed = data + hashlib.sha256(client).digest()
        return self._answer(
            clientDataJSON=client,
            authenticatorData=data,
            signature=self.key.sign(signed, ec.ECDSA(SHA256())),
        )
