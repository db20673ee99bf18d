"""What holds keys is closed to others, wherever its first folder is made."""

from pathlib import Path

from central.files import make_private
from central.identity import IdentityFiles


def modes(*folders: Path) -> set[int]:
    return {folder.stat().st_mode & 0o777 for folder in folders}


def test_every_folder_that_was_missing_is_private(tmp_path: Path) -> None:
    make_private(tmp_path / "state" / "identity")
    assert modes(tmp_path / "state", tmp_path / "state" / "identity") == {0o700}
    make_private(tmp_path / "state" / "identity")


def test_whoever_enrols_first_makes_a_state_folder_that_others_cannot_look_into(
    tmp_path: Path,
) -> None:
    with IdentityFiles(tmp_path / "state" / "identity").held():
        assert modes(tmp_path / "state", tmp_path / "state" / "identity") == {0o700}
