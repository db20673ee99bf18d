"""What one reads, touches and waits for on each way through the terminal, counted.

    python -m tests.screens.walks

Writes the table of docs/usability.md. A walk names the sample screens that it meets, and on each
the control that is touched; that each control stands there is part of the counting.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import msgspec  # after the path above
from survey import Seen, View

PAGE = Path(__file__).parents[2] / "docs" / "usability.md"
BEGIN, END = "<!-- counted: python -m tests.screens.walks -->\n", "<!-- end -->\n"
UPRIGHT = "1080x1920"


class Step(NamedTuple):
    """One screen of a walk.

    Attributes:
        screen: name of the sample.
        touch: what is touched on it, by its tid; "" for nothing.
        keys: how often a key of the pad is touched before.
        scan: a code is held up.
        wait: what for; "" when the person is who goes on.
    """

    screen: str
    touch: str = ""
    keys: int = 0
    scan: bool = False
    wait: str = ""


_SERVICE = "the service, 3 s at most"
_PAPER = "the printer's proof"
_SLIP = (Step("printing", wait=_PAPER), Step("print_proven"))

WALKS: dict[str, Sequence[Step]] = {
    "Is it genuine: hold the code up": (
        Step("home", scan=True),
        Step("checking", wait=_SERVICE),
        Step("verdict_normal"),
    ),
    "The same, with a slip": (
        Step("home", scan=True),
        Step("checking", wait=_SERVICE),
        Step("verdict_normal", "verdict.print"),
        *_SLIP,
    ),
    "Is it genuine: type 20 digits, day, amount": (
        Step("home", "home.enter"),
        Step("enter_number_typed", "enter.next", keys=20),
        Step("enter_issued_on", "enter.next", keys=8),
        Step("enter_amount", "enter.next", keys=6),
        Step("enter_review", "enter.submit"),
        Step("checking", wait=_SERVICE),
        Step("verdict_normal"),
    ),
    "Two invoices on one slip": (
        Step("home", scan=True),
        Step("checking", wait=_SERVICE),
        Step("verdict_normal", scan=True),
        Step("checking", wait=_SERVICE),
        Step("verdict_second", "verdict.batch"),
        Step("batch", "batch.print"),
        *_SLIP,
    ),
    "Not found: why, and keep looking for me": (
        Step("home", scan=True),
        Step("checking", wait=_SERVICE),
        Step("verdict_not_found", "verdict.find_reason"),
        Step("why_watch", "why_not_found.watch"),
        Step("watch_offered", "watch_offered.order"),
        Step("case_kept", "case_kept.print"),
        *_SLIP,
    ),
    "Kept for later (the service is away)": (
        Step("home", scan=True),
        Step("verdict_unavailable", "verdict.print"),
        *_SLIP,
    ),
    "The answer to a slip": (
        Step("home", scan=True),
        Step("checking_ticket", wait=_SERVICE),
        Step("verdict_normal"),
    ),
    "My invoice on A4, by the shop's order": (
        Step("home", "home.own"),
        Step("own_ways", scan=True),
        Step("own_fetching", wait=_SERVICE),
        Step("own_invoice", "own_invoice.a4"),
        Step("a4_running", wait=_PAPER),
        Step("a4_proven"),
    ),
    "My invoice onto the phone, by its own code": (
        Step("home", "home.own"),
        Step("own_ways", scan=True),
        Step("own_tax", "own_tax.give", keys=4),
        Step("own_fetching", wait=_SERVICE),
        Step("own_invoice", "own_invoice.phone"),
        Step("own_phone", wait="the phone"),
    ),
    "Apply for an invoice (a business of the hall)": (
        Step("home_apply", "home.apply"),
        Step("apply_seller", scan=True),
        Step("apply_asking", wait=_SERVICE),
        Step("apply_item", "choose_item.item_0"),
        Step("apply_kind", "choose_kind.32"),
        Step("apply_price", "enter_price.give", keys=5),
        Step("apply_title", scan=True),
        Step("apply_review", "application_review.apply"),
        Step("apply_kept", "application_kept.print"),
        *_SLIP,
    ),
    "From a USB stick": (
        Step("stick_reading", wait="reading the stick"),
        Step("stick_one", "stick.verify"),
        Step("checking", wait=_SERVICE),
        Step("verdict_normal"),
    ),
    "Call somebody": (
        Step("home", "footer.call"),
        Step("staff_told", wait="somebody to come"),
    ),
}


class Read(NamedTuple):
    """Words on a screen: all that it says, and what one needs in order to go on."""

    all: int
    needed: int


class Counted(NamedTuple):
    """One row of the table."""

    walk: str
    screens: int
    scans: int
    touches: int
    keys: int
    zh: Read
    en: Read
    waits: str


class NotThere(LookupError):
    """A walk names a screen or a control that there is not."""


def _chinese(text: str) -> int:
    return sum("\u4e00" <= character <= "\u9fff" for character in text)


def _english(text: str) -> int:
    return sum(any(part.isalpha() for part in word) for word in text.split())


def _read(view: View, touch: str, language: str) -> Read:
    count = _chinese if language == "zh" else _english
    own = [one for one in view.widgets if one.top and not _is_frame(one)]
    texts = [one for one in own if one.cls not in _BOXES]
    touched = [one for one in view.widgets if one.tid == touch]
    if touch and not any(one.touch and not one.disabled for one in touched):
        raise NotThere(f"{touch} cannot be touched on {view.name}")
    needed = [one.text for one in texts if one.tid.endswith("title")]
    needed += [one.text for one in touched[:1]]
    return Read(sum(count(one.text) for one in texts), sum(count(text) for text in needed))


_BOXES = ("IntentCard", "PressButton", "ToolButton", "KeyButton")
"""Their words stand in a text of their own too."""


def _is_frame(one: Seen) -> bool:
    """Header and footer are the same on every screen: nobody reads them again."""
    return one.tid.startswith(("header.", "key.")) or one.box[1] >= _FOOTER_FROM


_FOOTER_FROM = 1700.0
"""px from the top of the upright screen."""


def counted(views: Sequence[View]) -> list[Counted]:
    """All walks.

    Args:
        views: of the upright screen, with every sample in Chinese in normal size and in English
            in large (in normal size not every sample is drawn in English).

    Raises:
        NotThere: a walk names what there is not.
    """
    by_name: dict[str, Mapping[str, View]] = {
        way: {view.name: view for view in views if view.way == way}
        for way in ("zh-normal", "en-large")
    }
    rows: list[Counted] = []
    for walk, steps in WALKS.items():
        sums: list[Read] = []
        for way, seen in by_name.items():
            missing = [step.screen for step in steps if step.screen not in seen]
            if missing:
                raise NotThere(f"{missing} is no sample in {way}")
            reads = [_read(seen[step.screen], step.touch, way[:2]) for step in steps]
            sums.append(Read(sum(one.all for one in reads), sum(one.needed for one in reads)))
        rows.append(
            Counted(
                walk,
                len(steps),
                sum(step.scan for step in steps),
                sum(bool(step.touch) for step in steps),
                sum(step.keys for step in steps),
                sums[0],
                sums[1],
                "; ".join(dict.fromkeys(step.wait for step in steps if step.wait)) or "nothing",
            )
        )
    return rows


def table(rows: Sequence[Counted]) -> str:
    """As it stands in the page."""
    lines = [
        "| way | screens | codes held up | touches | keys | characters | English words | waits |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.walk} | {one.screens} | {one.scans} | {one.touches} | {one.keys}"
        f" | {one.zh.needed} of {one.zh.all} | {one.en.needed} of {one.en.all} | {one.waits} |"
        for one in rows
    ]
    return "\n".join([*lines, ""])


def put_into(page: str, rows: Sequence[Counted]) -> str:
    """A page with its table as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table(rows)}{END}{after}"


def main(taken: str = "") -> int:
    """Count and write.

    Args:
        taken: a survey of the upright screen that was made before; empty makes one.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(taken or f"{folder}/taken")
        if not taken:
            survey = Path(__file__).with_name("survey.py")
            subprocess.run([sys.executable, str(survey), UPRIGHT, str(file)], check=True)
        views = msgspec.json.decode(file.read_bytes(), type=list[View])
    PAGE.write_text(put_into(PAGE.read_text("utf-8"), counted(views)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
