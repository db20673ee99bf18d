"""Keys in their file, boxes on the disk, and what is left when the keys are gone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_queue.sealing import (
    HEADER_BYTES,
    KeyFileRefused,
    KeyMissing,
    KeyRing,
    SealBroken,
    crypto_erase,
    key_id_of,
)

RING = KeyRing.new()


@given(plain=st.binary(max_size=300), name=st.text(max_size=40))
def test_what_is_sealed_comes_back(plain: bytes, name: str) -> None:
    box = RING.seal(plain, name)
    assert RING.unseal(box, name) == plain
    assert key_id_of(box[:HEADER_BYTES]) == RING.key_id


@given(plain=st.binary(min_size=1, max_size=60), data=st.data())
def test_any_changed_bit_shows(plain: bytes, data: st.DataObject) -> None:
    box = bytearray(RING.seal(plain, "n"))
    position = data.draw(st.integers(0, len(box) * 8 - 1))
    box[position // 8] ^= 1 << position % 8
    with pytest.raises((SealBroken, KeyMissing)):
        RING.unseal(bytes(box), "n")


@given(box=st.binary(max_size=80))
def test_noise_never_opens(box: bytes) -> None:
    with pytest.raises((SealBroken, KeyMissing)):
        RING.unseal(box, "n")


@given(length=st.integers(0, 32))
def test_a_box_cut_short_never_opens(length: int) -> None:
    box = RING.seal(b"", "n")
    with pytest.raises(SealBroken):
        RING.unseal(box[:length], "n")


def test_two_boxes_of_one_text_differ() -> None:
    assert RING.seal(b"same", "n") != RING.seal(b"same", "n")


def test_a_key_file_is_made_once_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "key"
    ring = KeyRing.create_file(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert KeyRing.from_file(file).unseal(ring.seal(b"x", "n"), "n") == b"x"
    with pytest.raises(FileExistsError):
        KeyRing.create_file(file)


@pytest.mark.parametrize(
    ("mode", "credential", "refused"),
    [
        (0o600, False, False),
        (0o400, False, False),
        (0o640, False, True),
        (0o604, False, True),
        (0o440, True, False),  # as systemd shows an ACL
        (0o444, True, True),
        (0o460, True, True),
    ],
)
def test_a_key_that_others_read_is_refused(
    tmp_path: Path, mode: int, credential: bool, refused: bool
) -> None:
    file = tmp_path / "key"
    KeyRing.create_file(file)
    file.chmod(mode)
    if refused:
        with pytest.raises(KeyFileRefused, match="lets others"):
            KeyRing.from_file(file, credential=credential)
    else:
        KeyRing.from_file(file, credential=credential)


GOOD = RING.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"hello",
        GOOD + GOOD,
        GOOD.replace(b"1 ", b"2 ", 1),
        GOOD[:-10] + b"\n",
        b"1 zzzzzzzz " + GOOD.split()[2],
        b"1 aabb " + GOOD.split()[2],
    ],
    ids=["empty", "a line", "a word", "twice", "version", "short", "no id", "a short id"],
)
def test_a_file_that_is_no_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyFileRefused):
        KeyRing.from_file(file)


@given(content=st.binary(max_size=200))
def test_noise_is_no_key_file(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "noise"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyFileRefused):
        KeyRing.from_file(file)


def test_no_key_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused, match="No such file"):
        KeyRing.from_file(tmp_path / "key")


def test_a_rotated_ring_opens_old_boxes_and_seals_with_the_new_key(tmp_path: Path) -> None:
    file = tmp_path / "key"
    old = KeyRing.create_file(file)
    old_box = old.seal(b"old", "n")
    old.rotated().save(file)
    new = KeyRing.from_file(file)
    new_box = new.seal(b"new", "n")
    assert new.key_ids[0] == old.key_id != new.key_id == key_id_of(new_box)
    assert new.unseal(old_box, "n") == b"old"
    with pytest.raises(KeyMissing):
        old.unseal(new_box, "n")
    only_new = new.without(old.key_id)
    assert only_new.unseal(new_box, "n") == b"new"
    with pytest.raises(KeyMissing):
        only_new.unseal(old_box, "n")
    with pytest.raises(ValueError):
        new.without(new.key_id)
    with pytest.raises(KeyMissing):
        only_new.without(old.key_id)


def test_nothing_opens_after_an_erasure(tmp_path: Path) -> None:
    file = tmp_path / "key"
    secret = KeyRing.create_file(file).encode()
    linked = tmp_path / "the-same-blocks"
    linked.hardlink_to(file)
    crypto_erase(file)
    assert not file.exists()
    assert linked.read_bytes() == bytes(len(secret))


def test_no_key_shows_in_a_log() -> None:
    secret = GOOD.split()[2].decode()
    assert secret not in repr(RING) + str(vars(RING))
