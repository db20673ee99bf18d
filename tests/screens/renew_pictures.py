"""Draws every screen and keeps what has changed as its reference picture: look at them after it.

    python -m tests.screens.renew_pictures

Writes docs/screens and its page. Pictures that are as before stay as they are.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import msgspec  # after the path above
from reference import FOLDER, file_of, keep_digests

SIZES = ("1080x1920", "1280x800")
WAYS = ("zh-normal", "zh-large", "en-normal", "en-large", "zh-large-contrast")


class _Drawn(msgspec.Struct):
    name: str
    way: str
    picture: str
    digest: str


def page(names: list[str]) -> str:
    """The page that shows them all."""
    lines = [
        "# All screens",
        "",
        "Made-up invoices; drawn by the survey of the layout tests, and compared in every run of",
        "them. Beside each in Chinese the same in large text, in English, in English and large, in",
        "contrast.",
        "",
        "| screen | upright | lying | others upright | others lying |",
        "|---|---|---|---|---|",
    ]
    for name in names:
        cells = [f"`{name}`"]
        for size, width in zip(SIZES, (180, 320), strict=True):
            file = file_of(size, WAYS[0], name)
            path = file.relative_to(FOLDER)
            cells.append(f'<img src="{path}" width="{width}">' if file.exists() else "")
        for size in SIZES:
            links = [
                f"[{way}]({file_of(size, way, name).relative_to(FOLDER)})"
                for way in WAYS[1:]
                if file_of(size, way, name).exists()
            ]
            cells.append(" ".join(links))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def main() -> int:
    """Gives 0 when every screen was drawn."""
    survey = Path(__file__).with_name("survey.py")
    env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    with tempfile.TemporaryDirectory() as folder:
        running = [
            subprocess.Popen(
                [sys.executable, str(survey), size, f"{folder}/{size}", "", "", "renew"], env=env
            )
            for size in SIZES
        ]
        if any(process.wait() for process in running):
            return 1
        seen = {
            size: msgspec.json.decode(Path(f"{folder}/{size}").read_bytes(), type=list[_Drawn])
            for size in SIZES
        }
    wanted = {file_of(size, one.way, one.name) for size in SIZES for one in seen[size]}
    gone = set(FOLDER.rglob("*.webp")) - wanted
    for file in gone:
        file.unlink()
    keep_digests(
        (file_of(size, one.way, one.name), one.digest) for size in SIZES for one in seen[size]
    )
    names = dict.fromkeys(one.name for size in SIZES for one in seen[size])
    (FOLDER / "README.md").write_text(page(list(names)), encoding="utf-8")
    changed = [f"{size} {one.way} {one.name}: {one.picture}"
               for size in SIZES for one in seen[size] if one.picture]  # fmt: skip
    said = [*changed, f"{len(wanted)} pictures, {len(changed)} new, {len(gone)} taken away"]
    sys.stdout.write("\n".join(said) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
