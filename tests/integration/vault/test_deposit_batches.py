"""Batches: the dry run tells and seals, the confirmation delivers each line once."""

from civisdata.content.citizens import clock
from civisdata.content.citizens import consents
from civisdata.content.citizens import site_keys
from civisdata.content.vault.deposits import batches
from civisdata.content.vault.deposits.arrivals import get_arrivals
from civisdata.content.vault.deposits.batch_files import Archive
from civisdata.content.vault.deposits.batch_lines import read_table
from civisdata.content.vault.deposits.deliveries import get_deliveries
from civisdata.content.vault.deposits.filing import file_arrivals
from civisdata.content.vault.deposits.letters import PAUSE
from civisdata.content.vault.deposits.letters import tell_what_waits
from civisdata.content.vault.documents import metadata_of
from civisdata.content.vault.storage import get_vault
from civisdata.content.vault.uploads import Limits
from helpers.deposits import LIMITS
from helpers.deposits import make_recipient
from helpers.deposits import publisher
from io import BytesIO
from ZODB.POSException import ConflictError
import hashlib
import pickle
import pytest
import transaction
import zipfile


@pytest.fixture(autouse=True)
def key_file(monkeypatch, tmp_path):
    monkeypatch.setenv(site_keys.VARIABLE, str(tmp_path / "signing-key"))


@pytest.fixture
def portal(functional):
    """Lines are committed one by one, so the layer is one that undoes that."""
    return functional["portal"]


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """Recipients of mails whose transaction was committed."""
    told = []

    def later(message, sender, to):
        transaction.get().addAfterCommitHook(lambda done: done and told.append(to))

    monkeypatch.setattr(
        "civisdata.content.citizens.account_mail._send_after_commit", later
    )
    return told


def zipped(files: dict[str, bytes]) -> Archive:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Archive(stream)


def check(
    portal, lines, files, limits=LIMITS, may_know=lambda space: True, by="bordeaux"
):
    table = "destinataire;fichier;titre;categorie\n" + "\n".join(lines)
    report = batches.dry_run(
        portal,
        publisher(portal, by),
        read_table(table.encode()),
        zipped(files),
        by="agent",
        limits=limits,
        may_know=may_know,
    )
    transaction.commit()
    return report


def states(report) -> list[str]:
    return [line.state for line in report.lines]


def run(portal, report, **more) -> bool:
    batches.confirm(report.batch)
    transaction.commit()
    return batches.deliver_batch(portal, "bordeaux", report.batch.id, LIMITS, **more)


def waiting(recipient) -> int:
    return len(get_arrivals(recipient.space).waiting)


def test_the_report_says_what_becomes_of_each_line(portal):
    willing, other = (make_recipient(portal, "bordeaux") for _ in range(2))
    unwilling = make_recipient(portal)
    report = check(
        portal,
        [
            f"{willing.login};a.txt;Avis",
            f"{other.login};lot/b.txt",
            f"{willing.login};a.txt;Encore",
            f"{unwilling.login};a.txt",
            "personne;a.txt",
            f"{willing.login};absent.txt",
            f"{willing.login};",
            f"{willing.login};faux.pdf",
            f"{willing.login};vide.txt",
            f"{other.login};gros.txt",
            f"{other.login};a.txt;x;poesie",
        ],
        {
            "a.txt": b"a",
            "lot/b.txt": b"b",
            "faux.pdf": b"MZ",
            "vide.txt": b"",
            "gros.txt": b"x" * 2000,
            "seul.txt": b"?",
        },
        limits=Limits(10**6, 1000),
    )
    assert states(report) == [
        "ready",
        "ready",
        "duplicate",
        "not_consenting",
        "unknown",
        "no_file",
        "incomplete",
        "kind",
        "empty",
        "too_big",
        "category",
    ]
    assert report.unused == ("seul.txt",)
    assert waiting(willing) == waiting(other) == 0


def test_of_other_peoples_citizens_nothing_is_told(portal):
    unwilling, suspended = make_recipient(portal), make_recipient(portal, "bordeaux")
    suspended.space._account.disabled = True
    lines = [f"{unwilling.login};a.txt", f"{suspended.login};a.txt", "personne;a.txt"]
    report = check(portal, lines, {"a.txt": b"a"}, may_know=lambda space: False)
    assert set(states(report)) == {"unknown"}


def test_lines_for_one_space_share_its_room(portal):
    willing = make_recipient(portal, "bordeaux")
    lines = [f"{willing.login};{n}.txt" for n in range(3)]
    files = {f"{n}.txt": b"x" * 4 for n in range(3)}
    report = check(portal, lines, files, limits=Limits(10, 10))
    assert states(report) == ["ready", "ready", "unknown"]


def test_one_file_in_many_lines_is_not_sealed_without_end(portal, monkeypatch):
    monkeypatch.setattr(batches, "MAX_SEALED", 25)
    people = [make_recipient(portal, "bordeaux") for _ in range(3)]
    lines = [f"{one.login};avis.txt" for one in people]
    lines.append(f"{people[0].login};petit.txt")
    report = check(portal, lines, {"avis.txt": b"x" * 10, "petit.txt": b"y"})
    # What still fits is delivered all the same.
    assert states(report) == ["ready", "ready", "too_much", "ready"]
    assert sum(line.arrival.size for line in report.batch.lines.values()) == 21
    assert run(portal, report)
    assert [waiting(one) for one in people] == [2, 1, 0]


def test_what_was_delivered_already_counts_as_sealed(portal, monkeypatch):
    monkeypatch.setattr(batches, "MAX_SEALED", 25)
    one = make_recipient(portal, "bordeaux")
    files = {f"{n}.txt": b"x" * 9 + str(n).encode() for n in range(2)}
    lines = [f"{one.login};{name}" for name in files]
    assert run(portal, check(portal, lines, files))
    files["neuf.txt"] = b"z" * 10
    report = check(portal, [*lines, f"{one.login};neuf.txt"], files)
    assert states(report) == ["already", "already", "too_much"]


@pytest.mark.parametrize("first", ["confirm", "drop"])
def test_of_confirming_and_erasing_at_once_one_wins(portal, first):
    one = make_recipient(portal, "bordeaux")
    report = check(portal, [f"{one.login};a.txt"], {"a.txt": b"1"})
    transaction.commit()
    database, batch_id = portal._p_jar.db(), report.batch.id
    managers = [transaction.TransactionManager() for _ in range(2)]
    connections = [database.open(transaction_manager=each) for each in managers]
    try:
        sites = [each.get(portal._p_oid) for each in connections]
        found = [batches.get_batch(site, "bordeaux", batch_id) for site in sites]
        batches.confirm(found[0])
        batches.drop(sites[1], found[1])
        if first == "drop":
            managers.reverse()
        managers[0].commit()
        with pytest.raises(ConflictError):
            managers[1].commit()
        managers[1].abort()
        # Tried again, it is too late.
        with pytest.raises(batches.NoSuchBatch):
            if first == "drop":
                batches.get_batch(sites[0], "bordeaux", batch_id)
            else:
                batches.drop(sites[1], found[1])
    finally:
        for manager in managers:
            manager.abort()
        for connection in connections:
            connection.close()


def test_a_batch_that_was_erased_is_not_confirmed(portal):
    one = make_recipient(portal, "bordeaux")
    report = check(portal, [f"{one.login};a.txt"], {"a.txt": b"1"})
    batches.drop(portal, report.batch)
    with pytest.raises(batches.NoSuchBatch):
        batches.confirm(report.batch)


def test_a_batch_waits_without_a_word_in_clear(portal):
    willing = make_recipient(portal, "bordeaux")
    data = b"le texte de la fiche de paye"
    report = check(
        portal,
        [f"{willing.login};Fiche-paye.txt;Titre-secret"],
        {"Fiche-paye.txt": data},
    )
    (line,) = report.batch.lines.values()
    stored = pickle.dumps(
        [
            {k: v for k, v in vars(report.batch).items() if k != "lines"},
            {k: v for k, v in vars(line).items() if k != "arrival"},
            {k: v for k, v in vars(line.arrival).items() if k != "parts"},
        ]
    )
    stored += b"".join(part.open("r").read() for part in line.arrival.parts)
    digest = hashlib.sha256(data)
    for word in (
        data,
        b"Fiche-paye",
        b"secret",
        willing.login.encode(),
        digest.digest(),
        digest.hexdigest().encode(),
        bytes.fromhex(report.key),
        report.key.encode(),
    ):
        assert word not in stored


def test_nothing_is_delivered_before_it_is_confirmed(portal):
    willing = make_recipient(portal, "bordeaux")
    report = check(portal, [f"{willing.login};a.txt"], {"a.txt": b"a"})
    batch_id = report.batch.id
    assert not batches.deliver_batch(portal, "bordeaux", batch_id, LIMITS)
    assert waiting(willing) == 0
    with pytest.raises(batches.NoSuchBatch):
        batches.deliver_batch(portal, "cub", batch_id, LIMITS)


def test_a_batch_is_delivered_and_read(portal, told):
    people = [make_recipient(portal, "bordeaux") for _ in range(3)]
    lines = [f"{who.login};{n}.txt;Avis {n}" for n, who in enumerate(people)]
    files = {f"{n}.txt": b"document %d" % n for n in range(3)}
    report, seen = check(portal, lines, files), []
    assert run(portal, report, progress=lambda *at: seen.append(at))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert sorted(told) == sorted(who.space.email for who in people)
    found = dict(batches.receipts_of(report.batch, report.key))
    for n, who in enumerate(people):
        (id,) = file_arrivals(who.space, who.bundle).documents
        vault = get_vault(who.space)
        space_id = who.space.getId()
        metadata = metadata_of(vault, space_id, vault.document(id), who.bundle)
        assert (metadata.title, metadata.origin["channel"]) == (f"Avis {n}", "batch")
        receipt = found[n + 2]
        assert receipt["signed"] == metadata.origin["receipt"]["signed"]
        assert receipt["opening"]["document"] == metadata.sha256
        assert receipt["opening"]["recipient"] == who.login
        assert "space" not in receipt["opening"]
    for line in report.batch.lines.values():
        assert (line.arrival, line.space_id, line.sender_id) == (None, "", "")
    with pytest.raises(ValueError, match="another"):
        batches.receipts_of(report.batch, "00" * 32)


@pytest.mark.parametrize("stop_at", range(4))
def test_a_batch_that_is_stopped_anywhere_goes_on(portal, told, monkeypatch, stop_at):
    """Each line is done exactly once, whichever one the work was stopped at."""
    people = [make_recipient(portal, "bordeaux") for _ in range(4)]
    lines = [f"{who.login};a.txt" for who in people]
    report = check(portal, lines, {"a.txt": b"a"})
    deliver, count = batches.deliver, []

    class Stop(BaseException):
        pass

    def stopping(*args, **kwargs):
        delivery = deliver(*args, **kwargs)
        count.append(1)
        if len(count) == stop_at + 1:
            raise Stop
        return delivery

    monkeypatch.setattr(batches, "deliver", stopping)
    with pytest.raises(Stop):
        run(portal, report)
    monkeypatch.setattr(batches, "deliver", deliver)
    assert [waiting(who) for who in people] == [1] * stop_at + [0] * (4 - stop_at)
    assert run(portal, report) and run(portal, report)
    assert [waiting(who) for who in people] == [1] * 4
    assert len(told) == 4
    assert len(get_deliveries(portal, "bordeaux")) == 4


def test_a_line_that_meets_another_change_is_tried_again(portal, monkeypatch):
    willing = make_recipient(portal, "bordeaux")
    report = check(portal, [f"{willing.login};a.txt"], {"a.txt": b"a"})
    deliver, count = batches.deliver, []

    def conflicting(*args, **kwargs):
        delivery = deliver(*args, **kwargs)
        count.append(1)
        if len(count) < 3:
            raise ConflictError
        return delivery

    monkeypatch.setattr(batches, "deliver", conflicting)
    assert run(portal, report)
    assert len(count) == 3 and waiting(willing) == 1


def test_it_can_be_done_in_steps(portal):
    people = [make_recipient(portal, "bordeaux") for _ in range(3)]
    report = check(portal, [f"{who.login};a" for who in people], {"a": b"a"})
    assert not run(portal, report, at_most=2)
    assert report.batch.counted("ready") == 1
    assert run(portal, report, at_most=2)
    assert report.batch.is_done


def test_a_consent_withdrawn_meanwhile_counts(portal):
    willing, gone = (make_recipient(portal, "bordeaux") for _ in range(2))
    lines = [f"{willing.login};a.txt", f"{gone.login};a.txt"]
    report = check(portal, lines, {"a.txt": b"a"})
    arrival = report.batch.lines[3].arrival
    consents.withdraw(gone.space, "bordeaux")
    assert run(portal, report)
    assert (waiting(willing), waiting(gone)) == (1, 0)
    assert report.batch.counted("not_delivered") == 1
    assert (arrival.header, arrival.parts) == (b"", ())


def test_the_same_batch_sent_again_delivers_nothing_twice(portal):
    willing = make_recipient(portal, "bordeaux")
    lines, files = [f"{willing.login};a.txt"], {"a.txt": b"a"}
    first, second = (check(portal, lines, files) for _ in range(2))
    assert states(second) == ["ready"]
    assert run(portal, first) and run(portal, second)
    assert second.batch.counted("already") == 1
    assert states(check(portal, lines, files)) == ["already"]
    assert waiting(willing) == 1


def test_what_nobody_confirms_is_erased_after_a_day(portal):
    willing = make_recipient(portal, "bordeaux")
    report = check(portal, [f"{willing.login};a.txt"], {"a.txt": b"a"})
    batch_id, arrival = report.batch.id, report.batch.lines[2].arrival
    assert batches.purge(portal) == 0
    former = clock.set_source(lambda: report.batch.created_at + batches.EXPIRES + 1)
    try:
        with pytest.raises(batches.NoSuchBatch):
            batches.get_batch(portal, "bordeaux", batch_id)
        assert batches.purge(portal) == 1
    finally:
        clock.set_source(former)
    assert (arrival.header, arrival.metadata, arrival.parts) == (b"", b"", ())
    assert len(get_deliveries(portal, "bordeaux").batches) == 0


def test_a_confirmed_batch_is_not_dropped(portal):
    willing = make_recipient(portal, "bordeaux")
    report = check(portal, [f"{willing.login};a.txt"], {"a.txt": b"a"})
    batches.confirm(report.batch)
    with pytest.raises(batches.NoSuchBatch):
        batches.drop(portal, report.batch)


def test_a_batch_without_any_deliverable_line_is_not_kept(portal):
    report = check(portal, ["personne;a.txt"], {"a.txt": b"a"})
    assert len(get_deliveries(portal, "bordeaux").batches) == 0
    assert len(report.batch.lines) == 0


def test_many_lines_for_one_person_are_told_in_two_letters(portal, monkeypatch):
    letters, now = [], [clock.now()]
    monkeypatch.setattr(
        "civisdata.content.citizens.account_mail._send_after_commit",
        lambda message, sender, to: letters.append((to, message)),
    )
    former = clock.set_source(lambda: now[0])
    try:
        one, other = (make_recipient(portal, "bordeaux") for _ in range(2))
        files = {f"Impayé-{n}.txt": b"%d" % n for n in range(40)}
        lines = [f"{one.login};{name};Facture impayée" for name in files]
        assert run(portal, check(portal, lines, files))
        assert waiting(one) == 40
        assert [to for to, _message in letters] == [one.space.email]
        # Somebody else is told at once.
        assert run(portal, check(portal, [f"{other.login};a.txt"], {"a.txt": b"a"}))
        assert [to for to, _message in letters][1:] == [other.space.email]
        assert tell_what_waits(portal) == 0
        now[0] += PAUSE + 1
        assert tell_what_waits(portal) == 1
        assert tell_what_waits(portal) == 0
        ((to, message),) = letters[2:]
        text = message.get_content()
        assert to == one.space.email and " 39." in text
        for word in ("mpay", "Bordeaux", "acture", one.login, one.space.last_name):
            assert word not in f"{message['Subject']} {text}"
    finally:
        clock.set_source(former)


def test_what_was_seen_meanwhile_is_not_told(portal, told):
    one = make_recipient(portal, "bordeaux")
    files = {f"{n}.txt": b"%d" % n for n in range(3)}
    assert run(portal, check(portal, [f"{one.login};{n}" for n in files], files))
    file_arrivals(one.space, one.bundle)
    transaction.commit()
    # As soon as one may be written to again.
    get_arrivals(one.space).told_at = 0.0
    assert tell_what_waits(portal) == 0
    assert told == [one.space.email]
