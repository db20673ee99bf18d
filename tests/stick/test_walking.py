"""Which files of a stick are opened, and that a hostile one is left."""

import os
from pathlib import Path

import pytest
from stick_kit import put

from einvoice.documents.limits import MAX_FILE_BYTES
from kiosk.stick.found import MAX_FILES
from kiosk.stick.walking import MAX_DEPTH, MAX_LOOKED_AT, Walk, walk


def contents(found: Walk) -> list[bytes]:
    read: list[bytes] = []
    for file in found.files:
        with os.fdopen(file, "rb") as opened:
            read.append(opened.read())
    return read


def test_invoice_files_are_found_in_a_folder_before_those_in_its_folders(tmp_path: Path) -> None:
    put(tmp_path, "z.ofd", b"1")
    put(tmp_path, "a/b.PDF", b"2")
    put(tmp_path, "a/holiday.jpg", b"no")
    put(tmp_path, "a/c/d.xml", b"3")
    found = walk(str(tmp_path))
    assert contents(found) == [b"1", b"2", b"3"]
    assert not found.left_out.is_more


def test_links_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_bytes(b"secret")
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "link.xml").symlink_to(outside)
    (stick / "up").symlink_to(tmp_path)
    os.mkfifo(stick / "pipe.pdf")  # opening it for reading would wait for ever
    found = walk(str(stick))
    assert found.files == []
    assert found.left_out.special == 2


def test_a_stick_that_is_a_link_itself_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "stick").symlink_to(tmp_path)
    with pytest.raises(OSError):
        walk(str(tmp_path / "stick"))


def test_a_hundred_thousand_names_come_to_an_end(tmp_path: Path) -> None:
    put(tmp_path, "one.xml", b"1")
    target = tmp_path / "many"
    target.mkdir()
    first = target / "0.txt"
    first.touch()
    for number in range(1, 2 * MAX_LOOKED_AT):  # twice the bound stands for any more
        os.link(first, target / f"{number}.txt")
    found = walk(str(tmp_path))
    assert contents(found) == [b"1"]
    assert found.left_out.is_more


def test_more_invoices_than_are_read_are_counted(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 3):
        put(tmp_path, f"{number:03}.ofd", b"x")
    found = walk(str(tmp_path))
    assert len(contents(found)) == MAX_FILES
    assert found.left_out.too_many == 3


def test_a_huge_file_is_not_opened_for_reading(tmp_path: Path) -> None:
    with (tmp_path / "huge.pdf").open("wb") as huge:
        huge.truncate(MAX_FILE_BYTES + 1)
    found = walk(str(tmp_path))
    assert found.files == []
    assert found.left_out.too_large == 1


def test_folders_in_folders_come_to_an_end(tmp_path: Path) -> None:
    inner = tmp_path.joinpath(*["d"] * MAX_DEPTH)
    put(inner, "too-deep.xml", b"x")
    put(inner.parent, "deep.xml", b"y")
    found = walk(str(tmp_path))
    assert contents(found) == [b"y"]
    assert found.left_out.is_more


def test_nothing_stays_open(tmp_path: Path) -> None:
    for number in range(60):
        put(tmp_path, f"f{number}/f/a.txt", b"")
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert walk(str(tmp_path)).files == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before
