"""Every flow by real clicks, at one terminal: to its end, broken off, and with time run out.

Every step of every flow is left in `tests/daemon/test_every_step.py`; here it is
done with a finger on the glass for one step of each kind.
"""

import contextlib
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import pytest
import zxingcpp
from eve_printer import Ippeveprinter
from PIL import Image
from private_dns_sd import NoDnsSd, dns_sd
from started_terminal import whole_terminal
from whole_terminal import ZH, Loop, WholeTerminal, eventually

from central.admin import Admin
from central.business import Business, BusinessItem
from central.sandbox.mint import Mint
from einvoice import title_card
from einvoice.kinds import Kind
from einvoice.title_card import TitleCard
from kiosk.simulation.robot import NotSeen

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SELLER = "91110105MA00TEXT0W"
BUYER, BUYER_NAME = "91110105MA00TEST1X", "某某示例科技有限公司"
ORDER, SHOWN_CODE = "300000000001", "286600000000000001"
MARKS = (ORDER, SHOWN_CODE, SELLER, BUYER, BUYER_NAME)
TAX = "67.92"
"""Of the invoice of that order: 1200.00 with tax, 1132.08 without."""


WAIT_S = 30.0
"""For a situation that needs a file minted and drawn, on a machine that does much else."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Hall:
    """The terminal, and what stands around it."""

    def __init__(self, terminal: WholeTerminal, sticks: Path, a4_port: int) -> None:
        self.terminal = terminal
        self.robot = terminal.robot
        self.sticks = sticks
        self.a4_port = a4_port

    def keys(self, typed: str) -> None:
        self.robot.type_on("key." + {".": "point"}.get(one, one) for one in typed)

    def to(self, tid: str, screen: str) -> None:
        self.robot.tap(tid)
        self.robot.wait_for(screen, WAIT_S)

    def ends(self) -> None:
        self.to("footer.end", "home")

    def scan_at(self, text: str, screen: str) -> None:
        """Hold a code up until it is taken: the scanner takes the same one once in a moment."""

        def taken() -> bool:
            self.terminal.steer.scan(text)
            try:
                self.robot.wait(screen, lambda seen: seen.screen == screen, WAIT_S / 2)
            except NotSeen:
                return False
            return True

        eventually(taken, screen, 3 * WAIT_S)


@pytest.fixture(scope="module")
def hall_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("every")
    sticks = folder / "sticks"
    sticks.mkdir()
    a4_port, links = free_port(), folder / "links.toml"
    links.write_text(f"port = {free_port()}\n")
    loop = Loop()
    with ExitStack() as stack:
        stack.callback(loop.close)
        terminal = stack.enter_context(
            whole_terminal(
                folder,
                settings={
                    "a4": {"address": f"ipp://localhost:{a4_port}/ipp/print"},
                    "stick": {"folder": str(sticks)},
                },
                central_options=("--sandbox", "--links", str(links)),
            )
        )
        loop.run(Admin(folder / "state" / "central").add_business(business()))
        terminal.robot.wait(
            "home.apply", lambda seen: seen.find("home.apply") is not None, within_s=30
        )
        yield Hall(terminal, sticks, a4_port)


def business() -> Business:
    return Business(
        tax_id=SELLER,
        name="北京示例商贸有限公司",
        kinds=(Kind.DIGITAL_ORDINARY, Kind.DIGITAL_SPECIAL),
        items=(BusinessItem("meal", "餐饮服务", "3070401000000000000", Decimal("0.06")),),
        limit=Decimal(1000),
        offline_allowance=Decimal(2000),
    )


@pytest.fixture
def hall(hall_of_all: Hall) -> Hall:
    hall_of_all.terminal.everything_well()
    return hall_of_all


def own_by_order(hall: Hall) -> None:
    hall.to("home.own", "own_ways")
    hall.to("own_ways.order", "own_order")
    hall.keys(ORDER)
    hall.to("own_order.give", "own_found")
    hall.to("own_found.choose_0", "own_invoice")


def test_an_own_invoice_by_its_order_on_a_slip_and_on_the_phone(hall: Hall, tmp_path: Path) -> None:
    before = hall.terminal.last_slip
    own_by_order(hall)
    hall.robot.tap("own_invoice.slip")
    hall.terminal.sees_print_end("print_ended.proven_title")
    (slip,) = hall.terminal.new_slips(before)
    assert "112000000000100001" in slip.text.replace(" ", "")
    hall.to("footer.back", "own_invoice")
    hall.to("own_invoice.phone", "own_phone")
    assert fetched(link_on(hall, tmp_path)).startswith(b"%PDF")
    hall.ends()
    nothing_is_left(hall)


def link_on(hall: Hall, folder: Path) -> str:
    """What a phone reads off the screen."""
    found: list[str] = []

    def read() -> bool:
        picture = hall.robot.picture(folder / "phone.png")
        found[:] = [code.text for code in zxingcpp.read_barcodes(picture)]
        return bool(found)

    eventually(read, "a code that a phone can read")
    return found[0]


def fetched(link: str) -> bytes:
    with urllib.request.urlopen(link, timeout=10) as answer:  # noqa: S310 - of our own service
        content: bytes = answer.read()
    return content


def test_an_own_invoice_by_the_code_of_an_app_and_by_its_tax(hall: Hall) -> None:
    hall.to("home.own", "own_ways")
    hall.scan_at(SHOWN_CODE, "own_invoice")
    hall.to("footer.back", "own_ways")
    hall.scan_at(hall.terminal.samples["NORMAL"], "own_tax")
    hall.keys("1.00")
    hall.robot.tap("own_tax.give")
    hall.terminal.sees("own_entry.remark", ZH.say("own_tax.wrong"))
    hall.keys(TAX)
    hall.to("own_tax.give", "own_invoice")
    hall.ends()


def test_a_business_applies_and_its_slip_tells_the_number(hall: Hall) -> None:
    before = hall.terminal.last_slip
    hall.to("home.apply", "enter_tax_id")
    hall.keys(SELLER)
    hall.to("enter_tax_id.give", "choose_item")
    hall.to("choose_item.item_0", "choose_kind")
    hall.to("choose_kind.32", "enter_price")
    hall.keys("106.00")
    hall.to("enter_price.give", "give_title")
    card = title_card.to_text(TitleCard(BUYER_NAME, BUYER, "", ""))
    hall.scan_at(card, "application_review")
    hall.robot.tap("application_review.apply")
    hall.terminal.sees_print_end("print_ended.proven_title")
    (slip,) = hall.terminal.new_slips(before)
    hall.ends()
    nothing_is_left(hall)
    hall.scan_at(slip.codes[0], "application_told")
    hall.ends()


def test_staff_are_called_and_told(hall: Hall) -> None:
    hall.to("home.not_found", "help")
    hall.to("footer.call", "staff_coming")
    hall.terminal.sees("staff_coming.sentence", ZH.say("staff.told_sentence"))
    hall.to("footer.back", "help")
    hall.ends()


def nothing_is_left(hall: Hall) -> None:
    """A new person at once: sees their own invoice, and nothing of the one before."""
    hall.terminal.scan("VOID")
    seen = hall.terminal.sees_verdict("VOID")
    said = "".join(widget.text for widget in seen.widgets).replace(" ", "")
    assert not [mark for mark in MARKS if mark in said]
    hall.ends()
    assert not marked_files(hall.terminal.demo.daemon_socket.parent), "on the terminal's disk"


def marked_files(folder: Path) -> list[tuple[str, str]]:
    """Files that hold a mark in the clear, and which."""
    found: list[tuple[str, str]] = []
    for file in folder.rglob("*"):
        # One that is made anew by turns may be gone by now.
        with contextlib.suppress(FileNotFoundError):
            content = file.read_bytes() if file.is_file() else b""
            found += [(file.name, mark) for mark in MARKS if mark.encode() in content]
    return found


Walk = Callable[[Hall], None]


def entering_an_order(hall: Hall) -> None:
    hall.to("home.own", "own_ways")
    hall.to("own_ways.order", "own_order")
    hall.keys("7733")


def at_an_own_invoice(hall: Hall) -> None:
    hall.to("home.own", "own_ways")
    hall.scan_at(SHOWN_CODE, "own_invoice")


def at_staff_in_english(hall: Hall) -> None:
    hall.robot.tap("footer.language")
    hall.terminal.sees("footer.language", "中文")
    hall.to("footer.call", "staff_coming")


@pytest.mark.parametrize(
    ("walk", "idle_s"),
    [
        (entering_an_order, 120),
        (at_an_own_invoice, 60),
        (at_staff_in_english, 60),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whoever_goes_away_is_warned_and_the_next_one_finds_nothing(
    hall: Hall, walk: Walk, idle_s: int
) -> None:
    walk(hall)
    there = hall.robot.look().screen
    hall.terminal.demo.skip(idle_s)
    hall.robot.tap("idle.answer")
    seen = hall.robot.wait("no warning", lambda seen: seen.find("idle.title") is None)
    assert seen.screen == there
    hall.terminal.demo.skip(idle_s)
    hall.robot.wait("the warning", lambda seen: seen.find("idle.title") is not None)
    hall.terminal.demo.skip(45)
    seen = hall.robot.wait_for("home")
    assert seen.language == "zh"
    nothing_is_left(hall)


def test_whoever_ends_in_the_middle_leaves_nothing_typed(hall: Hall) -> None:
    entering_an_order(hall)
    hall.ends()
    nothing_is_left(hall)
    hall.to("home.own", "own_ways")
    hall.to("own_ways.order", "own_order")
    assert "7733" not in hall.robot.look().text("own_order.value").replace(" ", "")
    hall.ends()


def test_on_a4_the_printer_gets_the_very_bytes_and_when_it_stops_the_screen_says_so(
    hall: Hall, tmp_path: Path
) -> None:
    kept, empty, go_on = tmp_path / "kept.pdf", tmp_path / "empty", tmp_path / "go-on"
    command = (
        f'cp "$1" {kept}\n'
        f'[ -e {empty} ] && echo "STATE: +media-empty" >&2\n'
        f"while [ ! -e {go_on} ]; do sleep 0.05; done\n"
        'echo "STATE: -media-empty" >&2\n'
    )
    hall.to("home.own", "own_ways")
    hall.scan_at(SHOWN_CODE, "own_invoice")
    hall.terminal.sees("own_invoice.a4", ZH.say("cannot_a4.a4_disconnected"))
    try:
        with (
            dns_sd() as environment,
            Ippeveprinter(tmp_path, command, environment, hall.a4_port),
        ):
            hall.to("own_invoice.a4", "a4_running")
            eventually(kept.exists, "the printer has the file")
            assert hall.robot.look().find("footer.end") is None, "not before the paper"
            go_on.touch()
            hall.terminal.sees("a4_ended.title", ZH.say("a4_ended.proven_title"), 40)
            go_on.unlink()
            hall.to("footer.back", "own_invoice")
            own_pdf = kept.read_bytes()
            hall.to("own_invoice.phone", "own_phone")
            assert fetched(link_on(hall, tmp_path)) == own_pdf
            hall.to("footer.back", "own_invoice")
            empty.touch()
            hall.to("own_invoice.a4", "a4_running")
            hall.terminal.sees("a4_running.title", ZH.say("a4_running.waits"), WAIT_S)
            hall.terminal.sees("a4_running.sentence", ZH.say("a4_waiting.a4_paper_out"))
            go_on.touch()
            hall.terminal.sees("a4_ended.title", ZH.say("a4_ended.proven_title"), 40)
    except NoDnsSd as error:
        hall.ends()
        pytest.skip(str(error))
    finally:
        go_on.touch()  # the command outlives its printer
    hall.ends()
    nothing_is_left(hall)


def test_invoices_of_a_stick_are_asked_about_and_go_with_it(hall: Hall) -> None:
    stick = hall.sticks / "sdb1"
    stick.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "nosuid,nodev,noexec", "stick", str(stick)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        minted = Mint("stick").invoice(Kind.DIGITAL_ORDINARY)
        (stick / "a.xml").write_bytes(minted.xml())
        remount = ["mount", "-o", "remount,ro,nosuid,nodev,noexec", str(stick)]
        subprocess.run(remount, check=True)
        hall.robot.wait_for("stick", within_s=30)
        hall.to("stick.verify", "verdict")
        hall.terminal.sees_verdict("NOT_FOUND")
        hall.ends()
        nothing_is_left(hall)
    finally:
        subprocess.run(["umount", str(stick)], check=True)


def test_no_key_click_gesture_or_close_leads_out_of_the_screen(hall: Hall, tmp_path: Path) -> None:
    screen = hall.terminal.demo.supervisor.children["screen"]
    title = hall.robot.look().find("home.scan_title")
    assert title is not None
    left, top, width, height = (round(one) for one in title.box)
    x, y = left + width // 2, top + height // 2  # words only: nothing there can be pressed
    hall.robot.click(1, x, y)
    pid, before = screen.pid, below_the_clock(hall.robot.picture(tmp_path / "before.png"))
    hall.robot.keys("Escape", "F1", "F5", "F11", "F12", "alt+F4", "ctrl+e", "ctrl+q", "ctrl+c")
    hall.robot.ask_to_close()
    for button in (2, 3, 3, 4, 5):
        hall.robot.click(button, x, y)
    hall.robot.drag([(x, y), (x - 200, y + 60), (x + 200, y)])
    hall.robot.drag([(x, y), (x, y + 60)], button=3)
    assert hall.robot.look().screen == "home"
    assert below_the_clock(hall.robot.picture(tmp_path / "after.png")) == before
    nothing_is_left(hall)
    assert screen.pid == pid


def below_the_clock(picture: Image.Image) -> bytes:
    return picture.crop((0, 300, *picture.size)).tobytes()
