"""Signing in: what is tried is counted first, waits double, and nothing gives tries back."""

import asyncio
import hashlib
import hmac
import signal
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from visit_kit import HandClock

from central.unlock import (
    NoChallenge,
    new_challenge,
    office_key,
    terminal_key,
    terminal_of,
    unlock_code,
)
from kiosk.cli import main
from kiosk.daemon import acts
from kiosk.daemon.accounts import accounts as module
from kiosk.daemon.accounts.accounts import Accounts, Bar, Barred, SignedIn, wait_after_s
from kiosk.daemon.accounts.pins import Cost, hashed, is_weak
from kiosk.daemon.accounts.roster import ROSTER_FILE, StaffRole

CHEAP = Cost(memory_kib=8, iterations=1)
PIN, WRONG = "280614", "280615"
OFFICE = bytes(range(32))
KEY = terminal_key(OFFICE, "03")


class Hall:
    def __init__(self, folder: Path, key: bytes | None = KEY) -> None:
        self.folder, self.key = folder, key
        self.clock = HandClock()
        self.noted: list[acts.Act] = []
        self.restart()

    def restart(self) -> None:
        self.accounts = Accounts(
            self.folder,
            self.clock,
            self.noted.append,
            terminal="03",
            unlock_key=lambda: self.key,
            cost=CHEAP,
        )

    async def with_staff(self) -> "Hall":
        assert await self.accounts.add("1001", "Li", StaffRole.TECHNICIAN, PIN, "test") == ""
        return self

    async def fail(self, times: int, number: str = "1001") -> list[Barred]:
        ends = [await self.accounts.sign_in(number, WRONG) for _ in range(times)]
        assert all(isinstance(one, Barred) for one in ends)
        return ends  # type: ignore[return-value]


@pytest.fixture
async def hall(tmp_path: Path) -> Hall:
    return await Hall(tmp_path).with_staff()


async def test_the_right_pin_signs_in_and_nothing_of_it_is_on_the_disk(hall: Hall) -> None:
    assert await hall.accounts.sign_in("1001", PIN) == SignedIn("1001", "Li", StaffRole.TECHNICIAN)
    file = hall.folder / ROSTER_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    assert b"$argon2id$" in content
    assert PIN.encode() not in content
    assert hashlib.sha256(PIN.encode()).hexdigest().encode() not in content


async def test_five_tries_then_waits_that_double(hall: Hall) -> None:
    ends = await hall.fail(5)
    assert [one.wait_s for one in ends] == [0, 0, 0, 0, 15]
    assert await hall.accounts.sign_in("1001", PIN) == Barred(Bar.LOCKED, 15.0)
    waits: list[float] = []
    for _ in range(3):
        hall.clock.at_s += hall.accounts.locked_for_s("1001")
        waits += [one.wait_s for one in await hall.fail(1)]
    assert waits == [30, 60, 120]
    hall.clock.at_s += 120
    assert isinstance(await hall.accounts.sign_in("1001", PIN), SignedIn)
    assert (await hall.fail(1))[0].wait_s == 0


async def test_a_restart_gives_neither_tries_nor_time_back(hall: Hall) -> None:
    await hall.fail(6 - 1)
    hall.clock.at_s += 14
    hall.restart()
    assert await hall.accounts.sign_in("1001", PIN) == Barred(Bar.LOCKED, 15.0)
    hall.clock.at_s += 15
    assert (await hall.fail(1))[0].wait_s == 30


async def test_setting_the_wall_clock_shortens_no_wait(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.fail(5)

    def never() -> None:
        raise AssertionError("the wall clock was asked")

    monkeypatch.setattr(hall.clock, "now", never)
    hall.clock.at_s += 14.5
    assert isinstance(await hall.accounts.sign_in("1001", PIN), Barred)
    hall.clock.at_s += 0.5
    assert isinstance(await hall.accounts.sign_in("1001", PIN), SignedIn)


async def test_a_plug_pulled_between_try_and_answer_costs_the_try(hall: Hall) -> None:
    """A process of its own tries a PIN and is killed while it is looked at."""
    code = f"""
import asyncio, os, signal
from pathlib import Path
from kiosk.clock import SystemClock
from kiosk.daemon.accounts import accounts as module
def killed(*_): os.kill(os.getpid(), signal.SIGKILL)
module.is_pin = killed
one = module.Accounts(Path({str(hall.folder)!r}), SystemClock(), print, terminal="03",
                      unlock_key=lambda: None)
asyncio.run(one.sign_in("1001", {WRONG!r}))
"""
    for tries in (1, 2):
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
        assert await process.wait() == -signal.SIGKILL
        hall.restart()
        assert hall.accounts.all[0].tries == tries


async def test_what_cannot_be_counted_is_not_tried(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_roster", full)
    assert await hall.accounts.sign_in("1001", PIN) == Barred(Bar.NOT_KEPT)


async def test_a_number_that_nobody_has_is_answered_like_any_other(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(module, "is_pin", lambda pin, kept: looked.append(kept) or False)
    assert [one.wait_s for one in await hall.fail(5, "7777")] == [0, 0, 0, 0, 15]
    assert len(looked) == 5, "as slow as a real one"
    assert isinstance(await hall.accounts.sign_in("8888", PIN), Barred)
    assert "7777" not in repr(hall.noted), "it could be somebody's PIN in the wrong field"


async def test_tries_at_once_are_counted_one_by_one(hall: Hall) -> None:
    ends = await asyncio.gather(*(hall.accounts.sign_in("1001", WRONG) for _ in range(20)))
    assert [one.bar for one in ends if isinstance(one, Barred)].count(Bar.WRONG) == 5


# --- the office -----------------------------------------------------------------------------


async def test_the_office_lets_a_new_pin_be_set_once(hall: Hall, tmp_path: Path) -> None:
    await hall.fail(5)
    challenge = await hall.accounts.challenge("1001")
    assert isinstance(challenge, str)
    hall.restart()
    assert await hall.accounts.challenge("1001") == challenge, "the call goes on after a restart"
    code = unlock_code(KEY, challenge)
    assert isinstance(await hall.accounts.recover("1001", code, "918273"), SignedIn)
    assert isinstance(await hall.accounts.sign_in("1001", "918273"), SignedIn)
    assert isinstance(await hall.accounts.sign_in("1001", PIN), Barred)
    again = await hall.accounts.recover("1001", code, "445566")
    assert again == Barred(Bar.WRONG), "a code is good once"
    assert await hall.accounts.challenge("1001") != challenge


async def test_codes_cannot_be_guessed(hall: Hall) -> None:
    challenge = await hall.accounts.challenge("1001")
    assert isinstance(challenge, str)
    good = unlock_code(KEY, challenge)
    for number in range(5):
        await hall.accounts.recover("1001", f"{number:08d}", "918273")
    ended = await hall.accounts.recover("1001", good, "918273")
    assert ended == Barred(Bar.LOCKED, 15.0)
    hall.restart()
    assert isinstance(await hall.accounts.recover("1001", good, "918273"), Barred)


async def test_a_code_of_another_terminal_or_challenge_opens_nothing(hall: Hall) -> None:
    challenge = await hall.accounts.challenge("1001")
    assert isinstance(challenge, str)
    for wrong in (
        unlock_code(terminal_key(OFFICE, "04"), challenge),
        unlock_code(KEY, new_challenge("03")),
        "",
    ):
        assert await hall.accounts.recover("1001", wrong, "918273") == Barred(Bar.WRONG)


async def test_without_a_key_of_the_office_nothing_is_promised(tmp_path: Path) -> None:
    hall = await Hall(tmp_path, key=None).with_staff()
    assert await hall.accounts.challenge("1001") == Barred(Bar.NO_OFFICE)
    assert await hall.accounts.recover("1001", "", "918273") == Barred(Bar.NO_OFFICE)


def test_the_office_answers_a_challenge_however_it_was_typed(tmp_path: Path) -> None:
    key = terminal_key(office_key(tmp_path), "03")
    asked = ["central", "unlock-code", "--dir", str(tmp_path)]
    said = CliRunner().invoke(main, [*asked, " 03-k7m0-9qx1 "])
    assert said.output.replace(" ", "").strip() == unlock_code(key, "03-K7M0-9QX1")
    assert unlock_code(key, "03-K7MO-9QXl") == unlock_code(key, "03-K7M0-9QX1")
    assert CliRunner().invoke(main, [*asked, "03-K7M0"]).exit_code == 1
    (tmp_path / "office.key").chmod(0o644)
    assert "can be read by others" in CliRunner().invoke(main, [*asked, "03-K7M0-9QX1"]).output


def test_the_code_is_a_truncated_hmac() -> None:
    mac = hmac.digest(KEY, b"unlock-code 1\x0003-AAAA-BBBB", "sha256")
    at = mac[-1] & 15
    number = int.from_bytes(mac[at : at + 8], "big") & 0x7FFFFFFFFFFFFFFF
    assert unlock_code(KEY, "03-AAAA-BBBB") == f"{number % 100_000_000:08d}"


@given(st.text(max_size=30))
def test_no_text_is_taken_for_a_challenge_that_is_none(text: str) -> None:
    try:
        terminal = terminal_of(text)
    except NoChallenge:
        return
    assert terminal
    assert len(unlock_code(KEY, text)) == 8


# --- PINs and people --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pin",
    ["", "28061", "111111", "123456", "987654", "280280", "100128", "1234567890123", "28061a"],
)
def test_pins_that_anybody_would_try_first_are_refused(pin: str) -> None:
    assert is_weak(pin, "1001")


def test_other_pins_are_taken() -> None:
    assert not any(is_weak(pin, "1001") for pin in (PIN, "918273", "000001", "100200"))


@given(st.integers(0, 200))
def test_waits_never_shrink_and_have_an_end(tries: int) -> None:
    assert 0 <= wait_after_s(tries) <= wait_after_s(tries + 1) <= 3600


def test_the_kept_form_names_its_cost_and_differs_each_time() -> None:
    first, second = hashed(PIN, CHEAP), hashed(PIN, CHEAP)
    assert first.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert first != second


async def test_a_damaged_file_lets_nobody_in_and_stops_nothing(hall: Hall) -> None:
    (hall.folder / ROSTER_FILE).write_text("{")
    hall.restart()
    assert isinstance(await hall.accounts.sign_in("1001", PIN), Barred)
