"""What the service keeps of terminals' sealed backups: whole ones, the newest, each its own."""

from pathlib import Path

import pytest

from central.contract import MAX_BACKUP_PARTS
from central.service.backups import KEEP, UNFINISHED, BackupShelf, NotABackup


@pytest.fixture
def shelf(tmp_path: Path) -> BackupShelf:
    return BackupShelf(tmp_path / "backups")


def ids(shelf: BackupShelf, terminal: str = "t1") -> list[str]:
    return [one.backup_id for one in shelf.kept(terminal)]


def test_a_backup_counts_when_all_its_parts_are_there(shelf: BackupShelf) -> None:
    shelf.put("t1", "a", 2, 2, b"second")
    assert ids(shelf) == []
    assert shelf.part("t1", "a", 2) is None
    shelf.put("t1", "a", 1, 2, b"first")
    (kept,) = shelf.kept("t1")
    assert (kept.backup_id, kept.parts, kept.size_bytes) == ("a", 2, 11)
    assert shelf.part("t1", "a", 1) == (b"first", 2)


def test_each_terminal_has_its_own_and_no_name_leads_elsewhere(
    shelf: BackupShelf, tmp_path: Path
) -> None:
    shelf.put("..", "a", 1, 1, b"x")
    assert ids(shelf, "..") == ["a"]
    assert ids(shelf, "t1") == []
    assert shelf.part("t1", "a", 1) is None
    assert [path.name for path in tmp_path.iterdir()] == ["backups"]


def test_the_newest_stay_and_one_on_its_way_is_not_swept_away(shelf: BackupShelf) -> None:
    for number in range(KEEP + 3):
        shelf.put("t1", f"old-{number}", 1, 1, b"x")
    assert ids(shelf) == [f"old-{number}" for number in range(KEEP + 2, 2, -1)]
    for number in range(UNFINISHED + 2):
        shelf.put("t1", f"part-{number}", 1, 2, b"x")
    shelf.put("t1", "whole", 1, 1, b"x")
    shelf.put("t1", f"part-{UNFINISHED + 1}", 2, 2, b"y")
    assert ids(shelf)[:2] == ["whole", f"part-{UNFINISHED + 1}"]
    shelf.put("t1", "part-0", 2, 2, b"y")
    assert "part-0" not in ids(shelf)


@pytest.mark.parametrize(
    ("backup_id", "part", "parts", "content"),
    [
        ("../x", 1, 1, b"x"),
        ("", 1, 1, b"x"),
        (".", 1, 1, b"x"),
        ("a" * 65, 1, 1, b"x"),
        ("a", 0, 1, b"x"),
        ("a", 2, 1, b"x"),
        ("a", 1, MAX_BACKUP_PARTS + 1, b"x"),
        ("a", 1, 1, b""),
    ],
)
def test_what_is_no_part_of_a_backup_is_refused(
    shelf: BackupShelf, backup_id: str, part: int, parts: int, content: bytes
) -> None:
    with pytest.raises(NotABackup):
        shelf.put("t1", backup_id, part, parts, content)
    assert ids(shelf) == []


def test_a_backup_that_is_sent_again_in_other_parts_is_not_whole_until_it_is_one(
    shelf: BackupShelf,
) -> None:
    shelf.put("t1", "a", 1, 1, b"x")
    shelf.put("t1", "a", 1, 2, b"x")
    assert ids(shelf) == []
