"""Deposits in a Plone site: consents, delivery, filing, and what nobody can do."""

from civisdata.content.citizens import consents
from civisdata.content.citizens import registrations
from civisdata.content.citizens import site_keys
from civisdata.content.citizens.addresses import find_space
from civisdata.content.citizens.addresses import standard_address
from civisdata.content.citizens.events import SpaceStartsAnew
from civisdata.content.citizens.keys import KeyBundle
from civisdata.content.citizens.structure import get_spaces
from civisdata.content.vault.agefile import open_header
from civisdata.content.vault.deposits import depositing
from civisdata.content.vault.deposits import filing
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.deliveries import get_deliveries
from civisdata.content.vault.deposits.depositing import AGENT
from civisdata.content.vault.deposits.depositing import deposit
from civisdata.content.vault.deposits.depositing import IdReused
from civisdata.content.vault.deposits.depositing import NotAccepted
from civisdata.content.vault.deposits.depositing import Paper
from civisdata.content.vault.deposits.filing import file_arrivals
from civisdata.content.vault.deposits.marks import origin_of
from civisdata.content.vault.deposits.receipts import commitment
from civisdata.content.vault.deposits.sealing import open_values
from civisdata.content.vault.documents import list_documents
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.documents import open_document
from civisdata.content.vault.errors import NotARecipient
from civisdata.content.vault.errors import Refused
from civisdata.content.vault.scrub.interfaces import IKnownSigners
from civisdata.content.vault.storage import ensure_vault
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import cancel_upload
from civisdata.content.vault.uploads import Limits
from civisdata.content.vault.uploads import start_upload
from cryptography.exceptions import InvalidTag
from helpers.deposits import allow
from helpers.deposits import LIMITS
from helpers.deposits import make_recipient
from helpers.deposits import publisher
from helpers.deposits import put
from io import BytesIO
from plone import api
from zope.component import getUtilitiesFor
from zope.event import notify
import hashlib
import os
import pickle
import pytest


@pytest.fixture(autouse=True)
def key_file(monkeypatch, tmp_path):
    monkeypatch.setenv(site_keys.VARIABLE, str(tmp_path / "signing-key"))
    return tmp_path / "signing-key"


@pytest.fixture
def recipient(portal):
    return make_recipient(portal, "bordeaux")


def the_arrival(recipient):
    (arrival,) = get_arrivals(recipient.space).waiting.values()
    return arrival


def filed(recipient):
    """File what waits; give the only document and its metadata."""
    (id,) = file_arrivals(recipient.space, recipient.bundle).documents
    vault = get_vault(recipient.space)
    document = vault.document(id)
    space_id = recipient.space.getId()
    return document, metadata_of(vault, space_id, document, recipient.bundle)


# consents


def test_nobody_may_deposit_before_it_is_allowed(portal):
    somebody = make_recipient(portal)
    assert consents.history(somebody.space) == []
    assert not consents.may_deposit(somebody.space, "bordeaux")
    allow(portal, somebody.space, "bordeaux")
    assert consents.may_deposit(somebody.space, "bordeaux")
    assert not consents.may_deposit(somebody.space, "cub")


def test_withdrawing_works_at_once_and_is_kept(portal, recipient):
    put(portal, recipient)
    consents.withdraw(recipient.space, "bordeaux")
    assert consents.active(recipient.space) == []
    with pytest.raises(NotAccepted):
        put(portal, recipient)
    given, withdrawn = consents.history(recipient.space)
    assert (given.given, withdrawn.given) == (True, False)
    assert given.version == consents.text_shown().version
    assert given.channel == "web" and given.date <= withdrawn.date
    kept = registrations.text_of_version(get_spaces(portal), given.version)
    assert kept == consents.text_shown().text


def test_only_the_text_of_today_can_be_agreed_to(portal, recipient):
    with pytest.raises(consents.OtherText):
        consents.give(recipient.space, publisher(portal, "cub"), "0" * 64)
    assert not consents.may_deposit(recipient.space, "cub")


def test_giving_or_withdrawing_again_adds_nothing(portal, recipient):
    allow(portal, recipient.space, "bordeaux")
    consents.withdraw(recipient.space, "cub")
    assert len(consents.history(recipient.space)) == 1


def test_a_space_of_the_version_before_has_no_consents_and_no_arrivals(portal):
    space = get_spaces(portal).create_space()
    assert "_deposit_consents" not in space.__dict__
    assert consents.active(space) == [] and not consents.may_deposit(space, "cub")
    assert len(get_arrivals(space).waiting) == 0
    assert not file_arrivals(space, KeyBundle.new())
    assert not [name for name in space.__dict__ if "arrival" in name]


def test_publishers_have_names_as_people_say_them(portal):
    titles = {
        "ambes": "Ville d\u2019Ambès",
        "begles": "Ville de Bègles",
        "le-bouscat": "Ville du Bouscat",
    }
    for id, title in titles.items():
        assert publisher(portal, id).title == title
        assert publisher(portal, id).by == f"la {title}"
    assert publisher(portal, "cub").by == "la Communauté urbaine de Bordeaux"


# who is found, and who can be delivered to


def test_people_are_found_by_exact_names_only(portal, recipient):
    login = recipient.login
    address = standard_address(portal, recipient.space)
    for name in (login, f" {login.upper()} ", address):
        assert find_space(portal, name).getId() == recipient.space.getId()
    for name in ("", "@", login[:-1], login + "*", f"{login}@ailleurs.example", "%"):
        assert find_space(portal, name) is None


def _suspended(recipient):
    recipient.space._account.disabled = True


def _not_activated(recipient):
    recipient.space._account.activated = None


def _refused(recipient):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(recipient.space, "close")


def _withdrawn(recipient):
    consents.withdraw(recipient.space, "bordeaux")


@pytest.mark.parametrize("change", [_suspended, _not_activated, _refused, _withdrawn])
def test_whoever_cannot_be_delivered_to_is_refused_alike(portal, recipient, change):
    change(recipient)
    with pytest.raises(NotAccepted) as refusal:
        put(portal, recipient)
    assert refusal.value.args == ()
    assert len(get_arrivals(recipient.space).waiting) == 0
    assert len(get_deliveries(portal, "bordeaux")) == 0


def test_a_commune_that_left_deposits_nothing(portal, recipient):
    portal["communes"]["bordeaux"].participating = False
    with pytest.raises(NotAccepted):
        put(portal, recipient)


def test_what_does_not_fit_is_refused_like_anything_else(portal, recipient):
    tight = Limits(quota=10, max_document=100)
    put(portal, recipient, b"123456", limits=tight)
    with pytest.raises(NotAccepted):
        put(portal, recipient, b"78901", limits=tight)
    put(portal, recipient, b"7890", limits=tight)
    assert get_arrivals(recipient.space).size == 10
    with pytest.raises(Refused, match="too_big"):
        put(portal, recipient, b"x" * 101, limits=tight)
    with pytest.raises(Refused, match="empty"):
        put(portal, recipient, b"")
    with pytest.raises(Refused, match="kind"):
        put(portal, recipient, b"MZ", name="avis.pdf")
    with pytest.raises(Refused, match="category"):
        put(portal, recipient, category="nothing")


def test_uploads_and_deposits_are_one_count(portal, recipient):
    tight = Limits(quota=10, max_document=100)
    vault, space_id = ensure_vault(recipient.space), recipient.space.getId()

    def upload(size: int):
        said = {"name": "a.txt", "category": "bills", "limits": tight}
        return start_upload(vault, space_id, recipient.bundle, size=size, **said)

    begun = upload(4)
    with pytest.raises(NotAccepted):
        put(portal, recipient, b"1234567", limits=tight)
    put(portal, recipient, b"123456", limits=tight)
    with pytest.raises(Refused, match="quota"):
        upload(1)
    cancel_upload(vault, begun.id)
    with pytest.raises(Refused, match="quota"):
        upload(5)
    file_arrivals(recipient.space, recipient.bundle)
    assert (vault.used, vault.held) == (6, 6)
    upload(4)


# delivery and filing


@pytest.mark.parametrize("size", [1, 65536, 65537, 2**20, 8 * 2**20, 8 * 2**20 + 1])
def test_the_citizen_reads_what_was_deposited(portal, recipient, size):
    data = os.urandom(size)
    found = put(
        portal,
        recipient,
        data,
        name="../Avis d'imposition.bin",
        title="Avis\n2026",
        category="national",
        message="Bonjour,\r\nvoici.",
    )
    document, metadata = filed(recipient)
    vault, bundle = get_vault(recipient.space), recipient.bundle
    with open_document(vault, recipient.space.getId(), document, bundle) as opened:
        assert opened.bytes() == data
    assert metadata.sha256 == hashlib.sha256(data).hexdigest()
    assert metadata.title == "Avis 2026"
    assert metadata.name == "Avis d'imposition.bin"
    assert (metadata.category, metadata.size) == ("national", size)
    assert metadata.origin["publisher"] == "bordeaux"
    assert metadata.origin["message"] == "Bonjour,\nvoici."
    assert metadata.origin["receipt"]["signed"] == found.receipt["signed"]
    key = site_keys.signing_key("bordeaux")
    assert metadata.signer == key.public.hex() == document.record["signer"]
    assert get_arrivals(recipient.space).size == 0
    assert vault.used == size
    mark = origin_of(metadata)
    assert mark.new and mark.text.mapping["publisher"] == "la Ville de Bordeaux"


def test_a_deposit_is_not_new_for_ever(portal, recipient):
    from civisdata.content.citizens import clock

    put(portal, recipient)
    _document, metadata = filed(recipient)
    former = clock.set_source(lambda: metadata.origin["filed_at"] + 8 * 86400)
    try:
        assert not origin_of(metadata).new
    finally:
        clock.set_source(former)


def test_filing_twice_files_once(portal, recipient):
    put(portal, recipient)
    put(portal, recipient, b"autre")
    assert len(file_arrivals(recipient.space, recipient.bundle).documents) == 2
    assert not file_arrivals(recipient.space, recipient.bundle)
    space_id = recipient.space.getId()
    entries = list(
        list_documents(get_vault(recipient.space), space_id, recipient.bundle)
    )
    assert len(entries) == 2 and all(entry.metadata for entry in entries)


def test_many_deposits_are_filed_page_by_page(portal, recipient, monkeypatch):
    monkeypatch.setattr(filing, "AT_ONCE", 2)
    for number in range(5):
        put(portal, recipient, b"%d" % number)
    counts = [
        len(file_arrivals(recipient.space, recipient.bundle).documents)
        for _page in range(4)
    ]
    assert counts == [2, 2, 1, 0]


def test_a_used_id_does_not_tell_who_is_registered(portal, recipient):
    """What is presented is read in any case, also for nobody."""
    put(portal, recipient, sender_id="dossier-1")
    left = []
    for space in (make_recipient(portal).space, None):
        stream = BytesIO(b"autre")
        with pytest.raises(IdReused):
            deposit(
                portal,
                space,
                publisher(portal),
                stream,
                Paper("avis.txt"),
                sender_id="dossier-1",
                channel=AGENT,
                by="agent",
                limits=LIMITS,
            )
        left.append(stream.read())
    assert left == [b"", b""]


def test_the_same_sender_id_gives_the_same_receipt(portal, recipient):
    first = put(portal, recipient, sender_id="dossier-1")
    again = put(portal, recipient, sender_id="dossier-1")
    assert (first.created, again.created) == (True, False)
    assert first.receipt == again.receipt
    consents.withdraw(recipient.space, "bordeaux")
    assert put(portal, recipient, sender_id="dossier-1").receipt == first.receipt
    with pytest.raises(IdReused):
        put(portal, recipient, b"autre", sender_id="dossier-1")
    with pytest.raises(IdReused):
        put(portal, make_recipient(portal, "bordeaux"), sender_id="dossier-1")
    assert len(get_arrivals(recipient.space).waiting) == 1
    assert len(get_deliveries(portal, "bordeaux")) == 1


def test_another_publisher_may_use_the_same_sender_id(portal, recipient):
    allow(portal, recipient.space, "cub")
    first = put(portal, recipient, sender_id="1")
    second = put(portal, recipient, by="cub", sender_id="1")
    assert second.created
    assert first.receipt["signed"]["key"] != second.receipt["signed"]["key"]


def test_a_sender_id_survives_a_change_of_the_key(portal, recipient, key_file):
    first = put(portal, recipient, sender_id="1")
    key_file.write_bytes(key_file.read_bytes() + os.urandom(32))
    assert put(portal, recipient, sender_id="1").receipt == first.receipt


def test_the_citizen_is_told_without_a_name(portal, recipient, monkeypatch):
    told = []
    monkeypatch.setattr(
        "civisdata.content.citizens.account_mail._send_after_commit",
        lambda message, sender, to: told.append((to, message)),
    )
    put(portal, recipient, name="Avis-expulsion.txt", title="Expulsion", message="Hum")
    ((to, message),) = told
    text = message.as_string() + message.get_content()
    assert to == recipient.space.email
    for word in ("xpulsion", "Hum", "Bordeaux", recipient.login):
        assert word not in text.replace("Communauté urbaine de Bordeaux", "")
    assert "Un document vous attend" in str(message["Subject"])


def test_the_journal_says_who_deposited_and_who_was_allowed(portal, recipient):
    from civisdata.content.citizens.journal import entries
    from civisdata.content.citizens.journal.actions import titles_of

    put(portal, recipient, title="Avis")
    (waits,) = get_arrivals(recipient.space).waiting
    seen = titles_of(recipient.space, recipient.bundle, [waits])
    assert seen[waits].mapping["title"] == "Avis"
    (id,) = file_arrivals(recipient.space, recipient.bundle).documents
    consents.withdraw(recipient.space, "bordeaux")
    found = [
        (entry.action, entry.actor, entry.item, entry.details)
        for entry in reversed(list(entries(recipient.space)))
        if entry.action.startswith(("deposit", "document"))
    ]
    title = {"publisher": "Ville de Bordeaux"}
    assert found == [
        ("deposit-consent-given", "self", "", title),
        ("document-deposited", "administration:bordeaux", id, {}),
        ("deposit-consent-withdrawn", "self", "", title),
    ]
    assert id == waits


# what nobody can do


def test_the_depositor_and_the_whole_database_open_nothing(portal, recipient, key_file):
    """With all that is stored, and the portal's signing secret."""
    data = b"le texte du document"
    found = put(portal, recipient, data, title="Titre secret", message="Mot secret")
    arrival = the_arrival(recipient)
    secret = key_file.read_bytes()
    key = site_keys.signing_key("bordeaux")
    candidates = [
        secret,
        key.private,
        key.public,
        bytes.fromhex(found.receipt["signature"])[:32],
    ]
    candidates += [
        bytes.fromhex(value)
        for value in (
            *found.receipt["signed"].values(),
            *found.receipt["opening"].values(),
        )
        if len(value) == 64
    ]
    for material in candidates:
        bundle = KeyBundle(material, material, material)
        with pytest.raises(NotARecipient):
            open_header(arrival.header, bundle.identity)
        with pytest.raises(NotARecipient):
            open_values(bundle.identity, arrival.metadata)
        filed = file_arrivals(recipient.space, bundle)
        assert not filed.documents
    stored = pickle.dumps(
        [
            {k: v for k, v in vars(arrival).items() if k != "parts"},
            [
                (vars(delivery), sender)
                for sender, delivery in get_deliveries(
                    portal, "bordeaux"
                ).by_sender_id.items()
            ],
        ]
    )
    stored += b"".join(part.open("r").read() for part in arrival.parts)
    digest = hashlib.sha256(data)
    for word in (
        data,
        b"secret",
        b"avis.txt",
        digest.digest(),
        digest.hexdigest().encode(),
    ):
        assert word not in stored
    assert recipient.space.getId().encode() not in pickle.dumps(
        [vars(d) for d in get_deliveries(portal, "bordeaux").by_sender_id.values()]
    )


def test_the_database_cannot_confirm_a_guess(portal, recipient):
    """Who holds a dump and guesses the document can't tell that it was this one."""
    data = b"un document connu de tous"
    put(portal, recipient, data, sender_id="1")
    signed = the_arrival(recipient).receipt
    guess = hashlib.sha256(data).hexdigest()
    assert guess not in signed.values()
    salts = [bytes.fromhex(v) for v in signed.values() if len(v) == 64] + [
        b"",
        bytes(32),
    ]
    assert signed["document"] not in [commitment(s, "document", guess) for s in salts]


def _other_metadata(portal, recipient, arrival):
    from civisdata.content.vault.deposits.sealing import seal_values

    values = open_values(recipient.bundle.identity, arrival.metadata)
    arrival.metadata = seal_values(
        recipient.bundle.recipient, {**values, "title": "Autre"}
    )


def _other_publisher(portal, recipient, arrival):
    from civisdata.content.vault.deposits.sealing import seal_values

    values = open_values(recipient.bundle.identity, arrival.metadata)
    values["publisher"] = "cub"
    arrival.metadata = seal_values(recipient.bundle.recipient, values)


def _own_key(portal, recipient, arrival):
    """Signed by a key that somebody put into the published list."""
    from civisdata.content.vault.deposits import receipts

    key = site_keys.SigningKey(os.urandom(32))
    arrival.receipt = {**arrival.receipt, "key": key.id}
    arrival.receipt_signature = receipts.sign_payload(arrival.receipt, key)


def _other_time(portal, recipient, arrival):
    arrival.record = {**arrival.record, "stored_at": 0}


def _other_header(portal, recipient, arrival):
    from civisdata.content.vault.agefile import new_file_key
    from civisdata.content.vault.agefile import seal_header

    arrival.header = seal_header(new_file_key(), [recipient.bundle.recipient])


def _swapped(portal, recipient, arrival):
    other = make_recipient(portal, "bordeaux")
    put(portal, other, b"pour un autre")
    theirs = the_arrival(other)
    for name in ("record", "record_signature", "receipt", "receipt_signature"):
        setattr(arrival, name, getattr(theirs, name))


def _garbage(portal, recipient, arrival):
    arrival.metadata = b"age-encryption.org/v1\n"


def _nothing(portal, recipient, arrival):
    arrival.receipt = None


@pytest.mark.parametrize(
    "forge",
    [
        _other_metadata,
        _other_publisher,
        _own_key,
        _other_time,
        _other_header,
        _swapped,
        _garbage,
        _nothing,
    ],
)
def test_a_forged_deposit_is_held_back_and_reported(portal, recipient, forge, caplog):
    put(portal, recipient)
    arrival = the_arrival(recipient)
    forge(portal, recipient, arrival)
    found = file_arrivals(recipient.space, recipient.bundle)
    assert (found.documents, found.held) == ((), (arrival.id,))
    assert len(get_vault(recipient.space)) == 0
    assert arrival.id in caplog.text
    assert not file_arrivals(recipient.space, recipient.bundle)


def test_one_forged_deposit_does_not_stop_the_others(portal, recipient):
    put(portal, recipient)
    _own_key(portal, recipient, the_arrival(recipient))
    put(portal, recipient, b"vrai")
    found = file_arrivals(recipient.space, recipient.bundle)
    assert (len(found.documents), len(found.held)) == (1, 1)


def test_what_was_held_for_a_missing_secret_is_filed_once_it_is_back(
    portal, recipient, key_file
):
    put(portal, recipient)
    kept = key_file.read_bytes()
    key_file.unlink()
    assert file_arrivals(recipient.space, recipient.bundle).held
    key_file.write_bytes(kept)
    assert file_arrivals(recipient.space, recipient.bundle).documents


def test_a_deposit_under_the_former_key_is_believed(portal, recipient, key_file):
    put(portal, recipient)
    key_file.write_bytes(key_file.read_bytes() + os.urandom(32))
    put(portal, recipient, b"nouveau")
    assert len(file_arrivals(recipient.space, recipient.bundle).documents) == 2
    old, new = sorted(
        site_keys.published_keys(portal), key=lambda key: key.valid_until is None
    )
    assert old.id != new.id and old.valid_until is not None
    assert new.public == site_keys.signing_key("bordeaux").public.hex()


def test_starting_anew_erases_what_waits(portal, recipient):
    put(portal, recipient)
    arrival = the_arrival(recipient)
    notify(SpaceStartsAnew(recipient.space))
    assert len(get_arrivals(recipient.space).waiting) == 0
    assert (arrival.header, arrival.metadata, arrival.parts) == (b"", b"", ())


def test_new_keys_file_what_waits_and_keep_its_origin(portal, recipient):
    from civisdata.content.citizens.resealers import reseal

    put(portal, recipient, b"bonjour", title="Avis")
    good = the_arrival(recipient).id
    put(portal, recipient, b"faux")
    waiting = get_arrivals(recipient.space).waiting
    (forged,) = (item for item in waiting.values() if item.id != good)
    forged.receipt_signature = bytes(64)
    new, space_id = KeyBundle.new(), recipient.space.getId()
    reseal(recipient.space, recipient.bundle, new)
    recipient.space._account.public = new.public
    vault = get_vault(recipient.space)
    document = vault.document(good)
    metadata = metadata_of(vault, space_id, document, new)
    assert (metadata.title, metadata.signer) == ("Avis", "")
    assert metadata.origin["publisher"] == "bordeaux"
    key = site_keys.signing_key("bordeaux")
    assert metadata.origin["record"]["signer"] == key.public.hex()
    with open_document(vault, space_id, document, new) as opened:
        assert opened.bytes() == b"bonjour"
    assert list(get_arrivals(recipient.space).waiting) == [forged.id]
    assert not file_arrivals(recipient.space, new).documents


def test_the_nightly_check_knows_the_publishers(portal, recipient, key_file):
    put(portal, recipient)
    document, _metadata = filed(recipient)
    key_file.write_bytes(key_file.read_bytes() + os.urandom(32))
    put(portal, recipient, b"autre")
    key_file.write_bytes(key_file.read_bytes()[32:])
    known = dict(getUtilitiesFor(IKnownSigners))["civisdata.deposits"](portal)
    assert document.record["signer"] in known
    assert site_keys.signing_key("cub").public.hex() in known


def test_a_document_sealed_to_former_keys_is_not_delivered(portal, recipient):
    from io import BytesIO

    prepared = depositing.prepare(
        recipient.space,
        publisher(portal),
        BytesIO(b"abc"),
        depositing.Paper("a.txt"),
        sender_id=None,
        channel=depositing.BATCH,
        limits=Limits(10**6, 10**6),
    )
    recipient.space._account.public = KeyBundle.new().public
    with pytest.raises(NotAccepted):
        depositing.deliver(
            portal,
            recipient.space,
            publisher(portal),
            prepared.arrival,
            prepared.commitments,
            sender_id="1",
            channel=depositing.BATCH,
            by="",
            limits=Limits(10**6, 10**6),
        )


def test_the_wrong_vault_key_files_nothing(portal, recipient):
    put(portal, recipient)
    assert not file_arrivals(recipient.space, KeyBundle.new()).documents
    with pytest.raises((InvalidTag, NotARecipient)):
        open_values(KeyBundle.new().identity, the_arrival(recipient).metadata)


def test_the_secret_file_has_to_be_whole(key_file):
    key_file.write_bytes(b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        site_keys.signing_key("cub")
    key_file.unlink()
    first = site_keys.signing_key("cub").public
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert site_keys.signing_key("cub").public == first
    assert site_keys.signing_key("bordeaux").public != first
