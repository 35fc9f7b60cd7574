"""Signing the chain's end, verifying the chain, and dropping what is too old."""

from civisdata.content.citizens import clock
from civisdata.content.citizens.account_record import get_account
from civisdata.content.citizens.journal import verifier
from civisdata.content.citizens.journal.storage import Checkpoint
from civisdata.content.citizens.journal.storage import ensure_journal
from civisdata.content.citizens.journal.storage import get_journal
from civisdata.content.citizens.journal.storage import Journal
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.settings import account_setting
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from dataclasses import dataclass


DAY = 86400


@dataclass(frozen=True)
class Verdict:
    """``count``: entries verified; ``broken_at``: where it isn't intact, or None."""

    count: int
    broken_at: int | None = None


def verify_signature(key: bytes, signature: bytes, message: bytes) -> bool:
    """What ``verifier.verify_ed25519`` does, quickly."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign(bundle: KeyBundle, message: bytes) -> str:
    key = Ed25519PrivateKey.from_private_bytes(bundle.signing_key)
    return key.sign(message).hex()


def checkpoint(space, bundle: KeyBundle) -> Checkpoint | None:
    """Sign the end of the chain with the citizen's key.

    From then on nobody without that key can alter an entry unnoticed. None, and nothing
    signed, where there is nothing new, or before the space is active: until then its
    keys may still be replaced.
    """
    account, journal = get_account(space), get_journal(space)
    if account is None or account.activated is None or account.public != bundle.public:
        return None
    if journal.last_checkpoint() == journal.n:
        return None
    values = {
        "n": journal.n,
        "hash": journal.hash,
        "time": int(clock.now()),
        "signer": bundle.public.signing.hex(),
    }
    message = verifier.checkpoint_bytes(space.getId(), values)
    signed = Checkpoint(**values, signature=sign(bundle, message))
    ensure_journal(space).add_checkpoint(signed)
    return signed


def signer_of(space, bundle: KeyBundle | None) -> str:
    """Return the public key that signs (hexadecimal): the opened one if there is one."""
    if bundle is not None:
        return bundle.public.signing.hex()
    account = get_account(space)
    public = None if account is None else account.public
    return "" if public is None else public.signing.hex()


def check(journal: Journal, signer: str) -> None:
    """Raise ``verifier.Broken`` where the stored chain isn't what was appended."""
    anchor = journal.anchor
    found = verifier.check_chain(
        journal.space_id,
        None if anchor is None else (anchor.n, anchor.hash),
        (entry.to_dict() for entry in journal.oldest_first()),
        [checkpoint.to_dict() for checkpoint in journal.checkpoints()],
        signer,
        verify_signature,
    )
    if found != (journal.n, journal.hash):
        raise verifier.Broken("checkpoint", n=journal.n)


def verify(space, bundle: KeyBundle | None = None) -> Verdict:
    """Verify the whole chain and its checkpoints; this loads all of it."""
    journal = get_journal(space)
    try:
        check(journal, signer_of(space, bundle))
    except verifier.Broken as broken:
        return Verdict(len(journal), broken.values["n"])
    return Verdict(len(journal))


def purge(space, now: float | None = None) -> int:
    """Drop entries older than the setting ``journal_keep_days``; return how many.

    The chain stays verifiable: number and hash of the last dropped entry are kept, and
    each checkpoint after it confirms them.
    """
    days = account_setting("journal_keep_days")
    if not days or not get_journal(space).n:
        return 0
    moment = (clock.now() if now is None else now) - days * DAY
    return ensure_journal(space).drop_before(moment)
