"""What the office wants is done once, and only what the office really wants."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from central.contract_orders import (
    CommandsAnswer,
    OrderOutcome,
    SettingsAnswer,
)
from central.failure import NoTime
from central.identity import Identity
from central.keys import private_pem
from central.service.authority import new_root
from central.signed_commands import CommandAct, CommandOrder, signed
from central.signed_settings import SettingsOrder
from central.signed_settings import signed as signed_settings
from kiosk import staff_messages as s
from kiosk.clock import BEIJING
from kiosk.daemon import acts
from kiosk.daemon.order_book import FILE, OrderBook
from kiosk.daemon.orders import OfficePowers, Orders
from kiosk.daemon.settings_desk import SettingsDesk
from kiosk.settings.store import FOLDER, SettingsStore

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
KEY, ROOT = new_root("office", NOON)
STRANGER, _ = new_root("somebody", NOON)
CA_PEM = ROOT.public_bytes(serialization.Encoding.PEM).decode()
HOUR = timedelta(hours=1)


@dataclass
class HandClock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass
class Office:
    """The service as the terminal sees it: it carries whatever it likes."""

    serial: int = 0
    settings_order: bytes = b""
    waiting: list[bytes] = field(default_factory=list[bytes])

    async def settings(self) -> SettingsAnswer | NoTime:
        return SettingsAnswer("r", self.serial, self.settings_order)

    async def commands(self) -> CommandsAnswer | NoTime:
        return CommandsAnswer("r", tuple(self.waiting))


@dataclass
class Ledger:
    """Outcomes that are owed, and whether the service has them."""

    told: list[tuple[str, OrderOutcome, str]] = field(
        default_factory=list[tuple[str, OrderOutcome, str]]
    )
    has_all: bool = False

    def order_ended(self, order: str, outcome: OrderOutcome, why: str) -> str:
        self.told.append((order, outcome, why))
        return f"op {len(self.told)}"

    def is_delivered(self, op_id: str) -> bool:
        assert op_id
        return self.has_all


class Terminal:
    """The part, with everything around it that it needs; `restart` is a new process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "terminal.toml"
        self.file.write_text(f'[paths]\nstate_dir = "{folder}"\n')
        self.clock, self.office, self.ledger = HandClock(), Office(), Ledger()
        self.noted: list[acts.Act] = []
        self.done: list[str] = []
        self.faults: frozenset[str] = frozenset()
        self.is_quiet = True
        self.says: s.StaffAnswer = s.Tried("printer", NOON, "proven")
        self.restart()

    def restart(self) -> None:
        identity = Identity("https://x:1", "03", CA_PEM, "", NOON, NOON)
        self.desk = SettingsDesk(
            SettingsStore(self.folder / FOLDER),
            [self.file],
            self.clock,
            note=self.noted.append,
            grave_faults=lambda: self.faults,
            identity=lambda: identity,
            restart=lambda: self.done.append("restart"),
            environment={},
        )
        self.orders = Orders(
            self.office,
            OrderBook(self.folder, self.clock),
            self.desk,
            self.ledger,
            OfficePowers(
                ask=self._ask,
                restart=lambda: self.done.append("restart"),
                close=self._close,
                is_quiet=lambda: self.is_quiet,
            ),
            identity=lambda: identity,
            clock=self.clock,
            note=self.noted.append,
            link_is_down=lambda: False,
            on_owed=lambda: None,
        )

    async def _ask(self, asked: s.StaffAsk) -> s.StaffAnswer:
        self.done.append(type(asked).__name__)
        return self.says if isinstance(asked, s.TryPrinter) else s.Acted()

    async def _close(self, reason: str) -> bool:
        self.done.append(f"close {reason}")
        return True

    def look(self) -> list[tuple[str, str, str]]:
        """One look; what is owed anew."""
        before = len(self.ledger.told)
        asyncio.run(self.orders.look())
        return [(order, outcome.value, why) for order, outcome, why in self.ledger.told[before:]]

    def run_until_idle(self) -> list[tuple[str, str, str]]:
        """What a new process says first."""
        before = len(self.ledger.told)

        async def first() -> None:
            task = asyncio.create_task(self.orders.run())
            async with asyncio.timeout(20):
                while len(self.ledger.told) == before:
                    await asyncio.sleep(0)
            task.cancel()

        asyncio.run(first())
        return [(order, outcome.value, why) for order, outcome, why in self.ledger.told[before:]]


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def command(
    act: str,
    *,
    terminal: str = "03",
    at: datetime = NOON,
    good_for: timedelta = HOUR,
    reason: str = "",
    key: bytes = private_pem(KEY),
) -> tuple[str, bytes]:
    name = secrets.token_hex(16)
    return name, signed(CommandOrder(name, terminal, at, at + good_for, act, reason), key)


@pytest.mark.parametrize(
    ("act", "says", "does", "ended"),
    [
        ("resync", None, "Drain", ("done", "")),
        ("restart", None, "restart", ("done", "in the next quiet moment")),
        ("out_of_service", None, "close repair", ("done", "")),
        ("in_service", None, "close ", ("done", "")),
        ("test_print", s.Tried("printer", NOON, "proven"), "TryPrinter", ("done", "")),
        (
            "test_print",
            s.Tried("printer", NOON, "failed", "paper_out"),
            "TryPrinter",
            ("not_done", "paper_out"),
        ),
        (
            "test_print",
            s.Tried("printer", NOON, "unknown", "no_reply"),
            "TryPrinter",
            ("unknown", "no_reply"),
        ),
    ],
)
def test_each_command_is_done_once_and_its_outcome_owed(
    terminal: Terminal,
    act: str,
    says: s.StaffAnswer | None,
    does: str,
    ended: tuple[str, str],
) -> None:
    terminal.says = says or terminal.says
    name, carried = command(act, reason="repair" if act == "out_of_service" else "")
    terminal.office.waiting = [carried]
    assert terminal.look() == [(name, *ended)]
    assert terminal.done == [does]
    assert terminal.noted == [acts.CommandTaken(name, act)]
    # The service does not know the outcome yet, and offers it again: nothing is amiss.
    assert terminal.look() == []
    terminal.restart()
    assert terminal.look() == []
    assert terminal.done == [does]


def test_a_command_that_comes_again_after_its_outcome_is_a_replay(terminal: Terminal) -> None:
    name, carried = command("resync")
    terminal.office.waiting = [carried]
    terminal.look()
    terminal.ledger.has_all = True
    assert terminal.look() == [("", "refused", f"given again: {name}")]
    assert terminal.look() == []  # told once
    assert terminal.done == ["Drain"]


def test_what_is_not_the_offices_or_not_for_here_is_refused_and_told_once(
    terminal: Terminal,
) -> None:
    _, forged = command("restart", key=private_pem(STRANGER))
    other, foreign = command("restart", terminal="04")
    late, expired = command("restart", at=NOON - 2 * HOUR)
    new, unknown = command("self_destruct")
    _, whole = command("restart")
    tampered = whole.replace(b'"signature":"', b'"signature":"AAAA', 1)
    order = SettingsOrder("", 3, NOON, "[visit]\nidle_s = 60\n")
    confused = signed_settings(order, private_pem(KEY))
    terminal.office.waiting = [forged, foreign, expired, unknown, tampered, confused, b"{", b""]
    told = terminal.look()
    assert {outcome for _, outcome, _ in told} == {"refused"}
    assert len(told) == 8
    assert ("", "refused", f"for terminal 04: {other}") in told
    assert (late, "refused", "expired") in told
    assert new in {order for order, _, _ in told}
    assert terminal.look() == []
    terminal.restart()
    assert terminal.look() == []
    assert terminal.done == []


def test_nothing_comes_between_a_person_and_their_invoice(terminal: Terminal) -> None:
    terminal.is_quiet = False
    name, slip = command("test_print")
    closing, closed = command("out_of_service", reason="repair")
    terminal.office.waiting = [slip, closed]
    assert terminal.look() == []
    terminal.office.waiting = []
    terminal.is_quiet = True
    assert [order for order, _, _ in terminal.look()] == [name, closing]
    # Somebody who stays until it is void is not disturbed at all.
    terminal.is_quiet = False
    late, slip = command("test_print")
    terminal.office.waiting = [slip]
    terminal.look()
    terminal.clock.at += 2 * HOUR
    assert terminal.look() == [(late, "not_done", "nobody went away in time")]
    assert len(terminal.done) == 2


def test_a_power_cut_in_the_middle_never_does_it_twice(terminal: Terminal) -> None:
    name, carried = command("test_print")

    class PowerCut(Exception):
        pass

    async def cut(asked: s.StaffAsk) -> s.StaffAnswer:
        raise PowerCut

    terminal.orders._powers = OfficePowers(  # the plug, at that very moment
        cut, lambda: None, terminal._close, lambda: True
    )
    terminal.office.waiting = [carried]
    with pytest.raises(PowerCut):
        terminal.look()
    terminal.restart()
    assert terminal.run_until_idle() == [(name, "unknown", "the terminal stopped in between")]
    assert terminal.done == []


def test_commands_from_before_a_damaged_book_are_refused(terminal: Terminal) -> None:
    name, before = command("restart")
    (terminal.folder / FILE).write_bytes(b"{")
    terminal.clock.at += timedelta(minutes=1)
    terminal.restart()
    later, after = command("resync", at=terminal.clock.at + timedelta(seconds=1))
    terminal.office.waiting = [before, after]
    assert [(o, what) for o, what, _ in terminal.look()] == [(name, "refused"), (later, "done")]


def test_settings_are_fetched_tried_and_told_until_their_end(terminal: Terminal) -> None:
    def offer(serial: int, text: str, key: bytes = private_pem(KEY)) -> None:
        terminal.office.serial = serial
        order = SettingsOrder("", serial, NOON, text)
        terminal.office.settings_order = signed_settings(order, key)

    offer(7, "[visit]\nidle_s = 90\n")
    assert terminal.look() == [("settings 7", "trying", "")]
    assert terminal.done == ["restart"]
    terminal.restart()
    asyncio.run(terminal.desk.judge())
    assert terminal.look() == [("settings 7", "proven", "")]
    assert terminal.look() == []

    offer(8, "[visit]\nidle_s = 60\n")
    terminal.look()
    terminal.faults = frozenset({"printer_silent"})
    asyncio.run(terminal.desk.judge())
    assert terminal.look() == [("settings 8", "given_up", "printer_silent")]
    assert terminal.look() == []  # not taken again

    offer(9, "[visit]\nidle_s = 7000000\n")
    ((order, outcome, why),) = terminal.look()
    assert (order, outcome) == ("settings 9", "refused")
    assert "idle_s" in why
    offer(10, "[visit]\nidle_s = 45\n", private_pem(STRANGER))
    assert [what for _, what, _ in terminal.look()] == ["refused"]
    offer(5, "[visit]\nidle_s = 45\n")  # an old order is no way back
    assert terminal.look() == []
    # One that changes nothing is taken without a start anew; older ones are void from then on.
    restarts = len(terminal.done)
    offer(11, "[visit]\nidle_s = 90\n")
    assert terminal.look() == [("settings 11", "proven", "")]
    assert len(terminal.done) == restarts


def test_every_act_of_the_closed_set_is_tried_here() -> None:
    assert set(CommandAct) == {
        "test_print", "restart", "out_of_service", "in_service", "resync",
    }  # fmt: skip
