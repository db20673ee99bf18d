"""A story that cannot be changed without it showing."""

import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from queue_kit import NOON, Bench

from offline_queue.audit import (
    AuditBroken,
    AuditHead,
    AuditLog,
    Catalogue,
    NotInCatalogue,
    verify_audit,
)
from offline_queue.sealing import KeyFileRefused
from offline_queue.signing_key import create_signing_key, read_signing_key

CATALOGUE = Catalogue(
    {
        "started": "The terminal started.",
        "parked": "Operation {op_id} was parked: {reason}.",
    }
)


class Story:
    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.key = Ed25519PrivateKey.generate()
        self.log = AuditLog(bench.outbox, CATALOGUE, self.key, clock=bench.clock)

    def tell(self, count: int) -> None:
        for number in range(count):
            self.log.record("parked", op_id=str(number), reason="rejected")

    def change(self, statement: str) -> None:
        with self.bench.outbox.transaction() as connection:
            connection.execute(statement)


@pytest.fixture
def story(bench: Bench) -> Story:
    return Story(bench)


def test_what_happened_can_be_read(story: Story) -> None:
    story.log.record("started")
    story.log.record("parked", op_id="42", reason="rejected")
    (newest, sentence), (_, first) = story.log.last(10)
    assert sentence == "Operation 42 was parked: rejected."
    assert first == "The terminal started."
    assert (newest.n, newest.at) == (2, NOON)


@pytest.mark.parametrize(
    ("event", "fields"),
    [("burned", {}), ("parked", {"op_id": "1"}), ("started", {"name": "王某"})],
)
def test_only_the_catalogue_can_be_told(story: Story, event: str, fields: dict[str, str]) -> None:
    with pytest.raises(NotInCatalogue):
        story.log.record(event, **fields)
    assert story.log.head == AuditHead(0, "00" * 32)


def test_an_untouched_story_is_whole(story: Story) -> None:
    story.tell(250)
    verified = story.log.verify()
    assert verified.head == story.log.head
    assert verified.head.n == 250
    assert verified.signed_n == 201  # the first record, and every hundred from there
    assert story.log.checkpoint() == story.log.head
    assert story.log.verify().signed_n == 250


def test_a_checkpoint_is_due_every_minute(story: Story) -> None:
    story.tell(2)
    story.bench.clock.pass_s(60)
    story.tell(1)
    assert story.log.verify().signed_n == 3


@pytest.mark.parametrize("step_s", [-1e6, 1e6])
def test_a_wall_clock_that_steps_does_not_stop_the_signing(story: Story, step_s: float) -> None:
    story.tell(2)
    story.bench.clock.step_wall(step_s)
    story.tell(1)
    assert story.log.verify().signed_n == 3


@pytest.mark.parametrize(
    ("change", "n"),
    [
        ("""UPDATE audit SET fields = '{"op_id":"7","reason":"x"}' WHERE n = 7""", 7),
        ("UPDATE audit SET event = 'started' WHERE n = 7", 7),
        ("UPDATE audit SET at = '2020-01-01T00:00:00+08:00' WHERE n = 7", 7),
        ("UPDATE audit SET hash = zeroblob(32) WHERE n = 7", 7),
        ("UPDATE audit SET prev_hash = zeroblob(32) WHERE n = 7", 7),
        ("DELETE FROM audit WHERE n = 7", 7),
        ("DELETE FROM audit WHERE n > 100", 101),  # the signature outlives what it signed
        ("DELETE FROM audit WHERE n < 50", 50),
        ("UPDATE audit_checkpoints SET signature = zeroblob(64) WHERE n = 101", 101),
        ("UPDATE audit_checkpoints SET at = '2020' WHERE n = 101", 101),
        ("UPDATE audit_checkpoints SET key = zeroblob(32) WHERE n = 101", 101),
        ("UPDATE audit_checkpoints SET hash = zeroblob(32) WHERE n = 101", 101),
    ],
)
def test_a_change_shows_at_its_record(story: Story, change: str, n: int) -> None:
    story.tell(150)
    story.change(change)
    with pytest.raises(AuditBroken) as broken:
        story.log.verify()
    assert broken.value.n == n


def test_a_story_written_anew_does_not_fit_the_key(story: Story, bench: Bench) -> None:
    story.tell(3)
    story.change("DELETE FROM audit")
    story.change("DELETE FROM audit_checkpoints")
    forger = AuditLog(bench.outbox, CATALOGUE, Ed25519PrivateKey.generate(), clock=bench.clock)
    forger.record("started")
    with pytest.raises(AuditBroken, match="not known"):
        story.log.verify()


def test_a_cut_shows_to_whoever_kept_the_head(story: Story) -> None:
    story.tell(10)
    told = story.log.head
    story.change("DELETE FROM audit WHERE n > 5")
    story.log.verify()  # by itself a shorter story is whole
    with pytest.raises(AuditBroken, match="told earlier"):
        story.log.verify(expected=told)


def test_a_story_rolled_back_and_gone_on_shows_to_whoever_kept_the_head(story: Story) -> None:
    story.tell(10)
    told = story.log.head
    story.change("DELETE FROM audit WHERE n > 5")
    story.bench.clock.pass_s(1)
    story.tell(10)
    with pytest.raises(AuditBroken, match="not the one"):
        story.log.verify(expected=told)


def test_the_public_key_is_enough(story: Story) -> None:
    story.tell(10)
    story.bench.outbox.close()
    connection = sqlite3.connect(story.bench.path)
    assert verify_audit(connection, [story.key.public_key()]).head.n == 10
    connection.close()


def test_a_record_is_told_together_with_the_act(story: Story, bench: Bench) -> None:
    def also(connection: sqlite3.Connection) -> None:
        story.log.record_in(connection, "started")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bench.outbox.put("act", "a", "{}", at=NOON, also=also)
    assert story.log.head.n == 0


def test_a_pruned_story_begins_with_a_signature(story: Story) -> None:
    story.tell(150)
    story.bench.clock.pass_s(3_600)
    story.tell(150)
    assert story.log.prune(story.bench.clock.wall()) == 100
    assert story.log.verify().head.n == 300
    story.tell(1)
    story.change("DELETE FROM audit_checkpoints WHERE n = 101")
    with pytest.raises(AuditBroken):
        story.log.verify()


@given(fields=st.fixed_dictionaries({"op_id": st.text(), "reason": st.text()}))
def test_any_text_is_told_as_it_is(fields: dict[str, str]) -> None:
    CATALOGUE.require("parked", fields)
    assert fields["reason"] in CATALOGUE.sentence("parked", fields)


def test_the_signing_key_lives_in_a_file_of_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "signing"
    key = create_signing_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_signing_key(file).private_bytes_raw() == key.private_bytes_raw()
    with pytest.raises(FileExistsError):
        create_signing_key(file)
    file.chmod(0o640)
    with pytest.raises(KeyFileRefused, match="others"):
        read_signing_key(file)
    assert read_signing_key(file, credential=True).private_bytes_raw() == key.private_bytes_raw()
    file.chmod(0o600)
    file.write_bytes(b"short")
    with pytest.raises(KeyFileRefused, match="32 bytes"):
        read_signing_key(file)
    with pytest.raises(KeyFileRefused):
        read_signing_key(tmp_path / "nowhere")
