"""What an owner does with shares: offer, end, forget; and what happens at an opening."""

from base64 import b64encode
from civisdata.content.citizens import clock
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.keys import PublicKeys
from civisdata.content.vault.contents import open_contents
from civisdata.content.vault.errors import IntegrityError
from civisdata.content.vault.errors import NoSuchItem
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.sharing.adding import drop_stale
from civisdata.content.vault.sharing.arrivals import file_arrivals
from civisdata.content.vault.sharing.limits import DAY
from civisdata.content.vault.sharing.limits import is_live
from civisdata.content.vault.sharing.limits import MAX_DAILY
from civisdata.content.vault.sharing.limits import MAX_DAILY_EACH
from civisdata.content.vault.sharing.limits import MAX_MESSAGE
from civisdata.content.vault.sharing.limits import MAX_NAME
from civisdata.content.vault.sharing.limits import MAX_OFFERS
from civisdata.content.vault.sharing.limits import MAX_RECEIVED
from civisdata.content.vault.sharing.limits import MAX_SHARES
from civisdata.content.vault.sharing.parts import DOCUMENT
from civisdata.content.vault.sharing.parts import FOLDER
from civisdata.content.vault.sharing.parts import open_own
from civisdata.content.vault.sharing.parts import Own
from civisdata.content.vault.sharing.parts import seal_own
from civisdata.content.vault.sharing.parts import write_letter
from civisdata.content.vault.sharing.people import keys_of
from civisdata.content.vault.sharing.people import welcomes_offers
from civisdata.content.vault.sharing.reconcile import reconcile
from civisdata.content.vault.sharing.storage import ENDED
from civisdata.content.vault.sharing.storage import ensure_sharing
from civisdata.content.vault.sharing.storage import OFFERED
from civisdata.content.vault.sharing.storage import Share
from civisdata.content.vault.sharing.storage import Sharing
from civisdata.content.vault.sharing.storage import sharing_of
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.storage import new_id
from civisdata.content.vault.storage import Vault
from dataclasses import dataclass
from dataclasses import replace
import hmac
import secrets


@dataclass(frozen=True)
class Asked:
    """An offer as its owner typed it; ``until`` in seconds since 1970, 0 for no end.

    ``fingerprint`` is what the other told the owner of their keys, or empty.
    """

    kind: str
    item: str
    to: str
    may_add: bool = False
    until: int = 0
    message: str = ""
    fingerprint: str = ""


def offer(space, vault: Vault, bundle: KeyBundle, asked: Asked, person, name: str):
    """Offer a share; give it, and whether a letter was left for the person.

    ``space`` is the owner's, ``person`` the other's space or None, ``name`` what the
    owner is called in the letter. Whether there is such a person, who may be offered
    shares, changes nothing that the owner could see: the share is sealed to keys that
    nobody has. Raises Refused (``nobody``, ``self``, ``again``, ``rights``, ``until``,
    ``message``, ``fingerprint``, ``shares``, ``offers``, ``daily``), NoSuchItem.
    """
    space_id = space.getId()
    if person is not None and person.getId() == space_id:
        raise Refused("self")
    sharing = ensure_sharing(vault)
    title = _check(vault, space_id, bundle, asked)
    _count(sharing, bundle, asked.to)
    keys = keys_of(person)
    reaches = keys is not None and welcomes_offers(person)
    if not reaches:
        person, keys = None, KeyBundle.new().public
    if asked.fingerprint and not _same(asked.fingerprint, keys):
        raise Refused("fingerprint")
    share = Share(new_id(), clock.now())
    own = Own(
        to=asked.to,
        person=person.getId() if reaches else "",
        exchange=keys.exchange.hex(),
        signing=keys.signing.hex(),
        kind=asked.kind,
        item=asked.item,
        title=title,
        may_add=asked.may_add,
        until=asked.until,
        message=asked.message,
        key=b64encode(secrets.token_bytes(32)).decode(),
    )
    seal_own(share, space_id, bundle, own)
    sharing.given[share.id] = share
    reconcile(vault, space_id, bundle)
    take_back(space, vault, bundle)
    letter = write_letter(share, space_id, bundle, own, name)
    if reaches:
        received = ensure_sharing(ensure_vault(person))
        reaches = len(received.received) < MAX_RECEIVED
        if reaches:
            own = replace(own, delivered=received.deliver(letter))
            seal_own(share, space_id, bundle, own)
    return share, reaches


def _count(sharing: Sharing, bundle: KeyBundle, to: str) -> None:
    """Count an offer; Refused (``daily``) where there were many within a day.

    Counted by the name that was typed, whether anybody has it or not.
    """
    now, name = clock.now(), to.strip().casefold().partition("@")[0]
    tag = hmac.digest(bundle.vault_key, b"civisdata offer\n" + name.encode(), "sha256")
    recent = [(at, who) for at, who in sharing.recent if at > now - DAY]
    if len(recent) >= MAX_DAILY or sum(w == tag for _, w in recent) >= MAX_DAILY_EACH:
        raise Refused("daily")
    sharing.recent = (*recent, (now, tag))


def take_back(space, vault: Vault, bundle: KeyBundle) -> None:
    """Take the letters of offers back that ended before anybody answered them.

    Else offers that are made and stopped would fill the other's letters.
    """
    space_id, spaces = space.getId(), space.__parent__
    for share, own in given(vault, space_id, bundle):
        if not share.ended_at or share.answered_at or not own.delivered:
            continue
        person = spaces.get_space(own.person)
        if person is not None:
            sharing_of(get_vault(person)).received.pop(own.delivered, None)
        seal_own(share, space_id, bundle, replace(own, delivered=""))


def _same(typed: str, keys: PublicKeys) -> bool:
    bare = "".join(typed.split()).lower()
    return secrets.compare_digest(
        bare.encode(), keys.fingerprint.replace(" ", "").encode()
    )


def _check(vault: Vault, space_id: str, bundle: KeyBundle, asked: Asked) -> str:
    """Refuse what can't be offered; give the title of the item."""
    if not asked.to or len(asked.to) > MAX_NAME:
        raise Refused("nobody")
    if len(asked.message) > MAX_MESSAGE:
        raise Refused("message")
    if asked.may_add and asked.kind != FOLDER:
        raise Refused("rights")
    if asked.until and asked.until <= clock.now():
        raise Refused("until")
    live = [own for share, own in given(vault, space_id, bundle) if is_live(share, own)]
    if len(live) >= MAX_SHARES:
        raise Refused("shares")
    waiting = sum(
        share.state == OFFERED and not share.ended_at
        for share in sharing_of(vault).given.values()
    )
    if waiting >= MAX_OFFERS:
        raise Refused("offers")
    same = (asked.kind, asked.item, asked.to.casefold())
    if any((own.kind, own.item, own.to.casefold()) == same for own in live):
        raise Refused("again")
    contents = open_contents(vault, space_id, bundle)
    items = contents.documents if asked.kind == DOCUMENT else contents.folders
    if asked.item not in items or contents.is_binned(items[asked.item]):
        raise NoSuchItem(asked.item)
    return items[asked.item].title


def given(vault: Vault, space_id: str, bundle: KeyBundle) -> list[tuple[Share, Own]]:
    """Give the shares of a vault and the owner's part of each, newest first.

    One that doesn't open is left out; it ends at the next change.
    """
    found = []
    for share in sharing_of(vault).given.values():
        try:
            found.append((share, open_own(share, space_id, bundle)))
        except (IntegrityError, TypeError, ValueError):
            continue
    return sorted(found, key=lambda pair: pair[0].offered_at, reverse=True)


def end_share(space, vault: Vault, bundle: KeyBundle, share_id: str) -> str:
    """Revoke: the recipient has no access any more; payloads wait for new keys.

    Gives the id of what was shared, empty where the share had ended. NoSuchItem. What
    recipients added is filed first, so that it gets a new key too. Of an offer that
    nobody has answered, nothing is left with the other.
    """
    space_id = space.getId()
    share = sharing_of(vault).share(share_id)
    fresh = file_arrivals(vault, space_id, bundle)
    item = ""
    if not share.ended_at:
        share.state = ENDED
        item = next(
            (o.item for s, o in given(vault, space_id, bundle) if s is share), ""
        )
    reconcile(vault, space_id, bundle, fresh=fresh)
    take_back(space, vault, bundle)
    return item


def forget_share(space, vault: Vault, bundle: KeyBundle, share_id: str) -> None:
    """Take an ended share out of the list; NoSuchItem, also where it hasn't ended."""
    sharing = sharing_of(vault)
    if not sharing.share(share_id).ended_at:
        raise NoSuchItem(share_id)
    take_back(space, vault, bundle)
    del sharing.given[share_id]


def needs_settling(vault: Vault) -> bool:
    """Say, without opening anything, whether ``settle`` could have something to do."""
    sharing = sharing_of(vault)
    return (
        bool(sharing.arrivals)
        or bool(sharing.uploads)
        or any(not share.ended_at for share in sharing.given.values())
    )


def settle(space, vault: Vault, bundle: KeyBundle) -> None:
    """Do what waited for the owner's keys.

    Files what recipients added; ends shares that were refused or given back, whose time
    is over, or, once accepted, whose recipients' accounts were closed, suspended or started anew.
    """
    space_id, spaces = space.getId(), space.__parent__
    drop_stale(sharing_of(vault))
    fresh = file_arrivals(vault, space_id, bundle)

    def is_gone(own: Own) -> bool:
        return keys_of(spaces.get_space(own.person)) != own.public

    reconcile(vault, space_id, bundle, is_gone=is_gone, fresh=fresh)
    take_back(space, vault, bundle)
