"""Each fault is done to a running terminal, named everywhere, and over with its cause.

One daemon with simulated devices, a real service and a steered line between them. Faults of
different places are done together, a round at a time: the doctor names each, the staff's overview
shows it, the public screen says what the catalogue says, and when the cause is gone so is the
fault, without a restart.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from daemon_kit import PATIENT_S, Whole, enrolled, service, whole

from central.admin import Admin
from central.platforms.platform import NoPlatform
from central.sandbox.link import LinkMode, SteeredLink
from central.sandbox.misbehave import Misbehaving, Misbehaviour, misbehaving
from central.service.authority import Authority
from drivers.simulated.devices import SimulatedDevices
from kiosk import staff_messages as s
from kiosk.fonts import fonts_dir
from kiosk.health.faults import faults
from kiosk.staff import SOCKET_NAME, ask, ask_status

DAY = timedelta(days=1)
NOT_RIBBONS = {"reconnecting", "keep_failed", "out_of_service"}
"""Situations that only a start with the fault leads to; a terminal that runs goes on serving."""

Deed = Callable[[], Awaitable[object] | object]


@dataclass(frozen=True)
class Done:
    """One fault: what causes it, and what ends it."""

    id: str
    do: Deed
    undo: Deed
    public: bool = True
    """Whether people would see it. A wrong clock breaks certificates only where it really is."""


@dataclass
class Around:
    """What the deeds are done to."""

    terminal: Whole
    devices: SimulatedDevices
    link: SteeredLink
    link_port: int
    url: str
    office: Path
    wrong: Misbehaving
    ahead: list[timedelta]
    backups: Path
    fonts: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def state(self) -> Path:
        return self.terminal.state

    # --- deeds that are more than one call ------------------------------------------------

    async def close_port(self) -> None:
        await self.link.close()

    async def open_port(self) -> None:
        await self.link.start(port=self.link_port)

    def busy(self, how: Misbehaviour) -> None:
        self.wrong.misbehaviour = how
        self.link.steer(LinkMode.BUSY)

    def through(self) -> None:
        self.link.steer(LinkMode.PASS)

    def service_clock(self, ahead: timedelta) -> None:
        self.ahead[0] = ahead

    def settings(self, text: str) -> None:
        self.terminal.file.write_text(text, encoding="utf-8")

    async def ask(self, asked: s.StaffAsk) -> s.StaffAnswer:
        return await ask(self.state / SOCKET_NAME, asked, within_s=PATIENT_S)

    async def enrol(self) -> None:
        await enrolled(Admin(self.office), self.terminal.identity_files, self.url)


def rounds(a: Around) -> list[list[Done]]:
    """What is done together. Each round leaves the terminal as it was."""
    printer, scanner, a4 = a.devices.printer, a.devices.scanner, a.devices.a4
    identity = a.terminal.identity_files.identity_file
    whole_settings = a.terminal.file.read_text(encoding="utf-8")
    whole_identity = identity.read_bytes()
    key = a.state / "queue.key"
    aside = a.state / "queue.key.aside"
    newest = a.terminal.folder / "newest"
    kept_settings = a.state / "settings" / "state.json"

    def broken_state() -> None:
        kept_settings.parent.mkdir(exist_ok=True)
        kept_settings.write_text("{")

    def settings_done(name: str, text: str) -> Done:
        return Done(name, lambda: a.settings(text), lambda: a.settings(whole_settings))

    return [
        [
            Done("printer_paper_out", printer.paper_out, printer.load_paper),
            Done("network_refused", a.close_port, a.open_port),
            Done("scanner_gone", scanner.unplug, scanner.replug),
            Done("device_missing", _nothing, _nothing, public=False),  # its path is gone with it
            Done("a4_not_ready", a4.paper_out, a4.load_paper),
            Done(
                "state_open_to_others", lambda: a.state.chmod(0o755), lambda: a.state.chmod(0o700)
            ),
        ],
        [
            Done("printer_cover_open", printer.open_cover, printer.close_cover),
            Done("keypad_gone", a.devices.keypad.unplug, a.devices.keypad.replug),
            Done("network_cut", lambda: a.link.steer(LinkMode.REFUSE), a.through),
            Done(
                "backup_at_service_failed",
                lambda: a.ask(s.BackUp()),
                lambda: a.ask(s.BackUp()),
            ),
            Done("a4_silent", lambda: a4.fall_silent(True), lambda: a4.fall_silent(False)),
            Done(
                "socket_open_to_others",
                lambda: (a.state / SOCKET_NAME).chmod(0o666),
                lambda: (a.state / SOCKET_NAME).chmod(0o600),
            ),
            Done("fonts_missing", a.fonts.unlink, lambda: a.fonts.symlink_to(fonts_dir())),
        ],
        [
            Done(
                "printer_head_hot", lambda: printer.head_hot(True), lambda: printer.head_hot(False)
            ),
            Done("network_captive", lambda: a.busy(Misbehaviour.HTML), a.through),
            Done("key_refused", lambda: key.chmod(0o644), lambda: key.chmod(0o600)),
        ],
        [
            Done(
                "printer_hardware",
                lambda: printer.hardware_error(True),
                lambda: printer.hardware_error(False),
            ),
            Done("service_overloaded", lambda: a.busy(Misbehaviour.BUSY_503), a.through),
            Done("key_missing", lambda: key.rename(aside), lambda: aside.rename(key)),
        ],
        [
            Done(
                "printer_offline",
                lambda: printer.hold_feed_button(True),
                lambda: printer.hold_feed_button(False),
            ),
            Done("service_version", lambda: a.busy(Misbehaviour.REFUSED), a.through),
        ],
        [
            Done("printer_disconnected", printer.unplug, printer.replug),
            Done("network_slow", lambda: a.link.steer(LinkMode.SILENT), a.through),
            settings_done(
                "settings_device",
                whole_settings.replace("[scanner]\n", '[scanner]\nprofile = "no-such"\n'),
            ),
        ],
        [
            Done(
                "printer_silent",
                lambda: printer.fall_silent(True),
                lambda: printer.fall_silent(False),
            ),
            Done(
                "certificate_expired",
                lambda: a.service_clock(100 * DAY),
                lambda: a.service_clock(0 * DAY),
            ),
        ],
        [
            Done(
                "printer_paper_low",
                lambda: printer.paper_near_end(True),
                # As staff do it: a new roll, and saying so.
                lambda: (printer.paper_near_end(False), a.ask(s.RollChanged()))[1],
            ),
            Done(
                "certificate_not_yet_valid",
                lambda: a.service_clock(-10 * DAY),
                lambda: a.service_clock(0 * DAY),
            ),
            Done("settings_set_aside", broken_state, kept_settings.unlink),
        ],
        [
            Done(
                "printer_cutter_jam",
                lambda: (printer.jam_cutter(), a.ask(s.TryPrinter()))[1],
                lambda: _cut_free(a),
            ),
            Done(
                "clock_wrong",
                lambda: a.service_clock(timedelta(minutes=10)),
                lambda: a.service_clock(0 * DAY),
            ),
            Done(
                "scanner_trial_failed",
                lambda: _nothing_scanned(a),
                lambda: _scanned(a),
            ),
            Done(
                "backup_failed",
                lambda: _without(a.backups, lambda: a.ask(s.BackUp())),
                lambda: _with(a.backups, lambda: a.ask(s.BackUp())),
            ),
        ],
        [
            Done(
                "certificate_damaged",
                lambda: identity.write_bytes(whole_identity[:100]),
                lambda: identity.write_bytes(whole_identity),
            ),
        ],
        [
            Done("owed_old", lambda: _owe_and_wait(a), _nothing),
            Done(
                "certificate_ends_soon",
                lambda: _later(a, 85 * DAY),
                lambda: (_later(a, 0 * DAY), a.through()),
            ),
        ],
        [
            Done(
                "clock_before_build",
                lambda: _later(a, -900 * DAY),
                lambda: _later(a, 0 * DAY),
                public=False,
            ),
            Done(
                "printer_trial_failed",
                lambda: (printer.paper_out(), a.ask(s.TryPrinter()))[1],
                lambda: _printed(a),
            ),
        ],
        # Without settings the doctor can look at nothing else.
        [
            settings_done("settings_not_toml", "[printer\n"),
        ],
        [
            settings_done("settings_wrong", whole_settings + "[screen]\nwidth_px = 7\n"),
        ],
        [
            Done(
                "settings_missing",
                lambda: a.terminal.file.rename(a.terminal.folder / "gone"),
                lambda: (a.terminal.folder / "gone").rename(a.terminal.file),
            ),
        ],
        [
            Done(
                "settings_environment",
                lambda: a.monkeypatch.setenv("KIOSK__PRINTER__BAUD", "fast"),
                lambda: a.monkeypatch.delenv("KIOSK__PRINTER__BAUD"),
            ),
        ],
        [
            Done("screen_missing", lambda: _no_screen(a), lambda: _screen(a)),
        ],
        [
            Done("certificate_revoked", lambda: Admin(a.office).revoke("03"), a.enrol),
        ],
        [
            Done(
                "certificate_superseded",
                lambda: _old_disk(a),
                lambda: identity.write_bytes(newest.read_bytes()),
            ),
        ],
    ]


def _nothing() -> None:
    """Another deed of the round causes it, or ends it."""


async def _old_disk(a: Around) -> None:
    """The terminal is enrolled once more, then an old copy of its disk is put in."""
    identity = a.terminal.identity_files.identity_file
    old = identity.read_bytes()
    await a.enrol()
    (a.terminal.folder / "newest").write_bytes(identity.read_bytes())

    async def in_use() -> bool:
        rows = (await Admin(a.office).terminals()).terminals
        return any(one.state == "superseded" for one in rows)

    await a.terminal.until_async(in_use, "the new certificate is used")
    identity.write_bytes(old)


def _later(a: Around, ahead: timedelta) -> None:
    a.terminal.clock.ahead = ahead


async def _owe_and_wait(a: Around) -> None:
    """That a device came and went is owed, and cannot be sent before the clock goes on."""
    a.link.steer(LinkMode.REFUSE)
    a.devices.printer.open_cover()

    async def owed() -> bool:
        is_told = "printer_cover_open" in await a.terminal.overview()
        return is_told and (await ask_status(a.state / SOCKET_NAME)).waiting > 0

    await a.terminal.until_async(owed, "something is owed")
    a.devices.printer.close_cover()


async def _trial_proven(a: Around) -> None:
    """Staff try the printer until the slip is there: it may still be getting ready."""

    async def proven() -> bool:
        tried = await a.ask(s.TryPrinter())
        return isinstance(tried, s.Tried) and tried.outcome == "proven"

    await a.terminal.until_async(proven, "a trial slip")


async def _cut_free(a: Around) -> None:
    a.devices.printer.free_cutter()
    await _trial_proven(a)


async def _scanned(a: Around) -> None:
    async def read() -> bool:
        trial = asyncio.create_task(a.ask(s.TryScanner(within_s=3)))
        await asyncio.wait({trial}, timeout=0.3)  # until it listens; too early is tried again
        if not trial.done():
            a.devices.scanner.scan(b"TRIAL")
        tried = await trial
        return isinstance(tried, s.Tried) and tried.outcome == "read"

    await a.terminal.until_async(read, "a trial scan")


async def _nothing_scanned(a: Around) -> None:
    async def tried() -> bool:
        return isinstance(await a.ask(s.TryScanner(within_s=0.2)), s.Tried)

    await a.terminal.until_async(tried, "a trial without a scan")


async def _printed(a: Around) -> None:
    a.devices.printer.load_paper()
    await _trial_proven(a)


def _without(folder: Path, then: Callable[[], Awaitable[object]]) -> Awaitable[object]:
    """A file where the folder of the second place should be."""
    folder.rename(folder.with_name("aside"))
    folder.write_text("")
    return then()


def _with(folder: Path, then: Callable[[], Awaitable[object]]) -> Awaitable[object]:
    folder.unlink()
    folder.with_name("aside").rename(folder)
    return then()


async def _no_screen(a: Around) -> None:
    await a.terminal.close_screen()
    _later(a, timedelta(minutes=3))


def _screen(a: Around) -> None:
    a.terminal.open_screen()
    _later(a, timedelta())


def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever looks now and then looks more often; what it looks at is real."""
    monkeypatch.setattr("kiosk.daemon.printing.WATCH_EVERY_S", 0.2)
    monkeypatch.setattr("kiosk.daemon.printing.RECOVER_EVERY_S", 0.5)
    monkeypatch.setattr("kiosk.daemon.a4.WATCH_EVERY_S", 0.3)
    monkeypatch.setattr("kiosk.daemon.a4.STATUS_WITHIN_S", 0.5)
    monkeypatch.setattr("kiosk.daemon.container.PING_WITHIN_S", 1.0)
    monkeypatch.setattr("kiosk.daemon.link.PROBE_AFTER_FAILURE_S", 0.2)
    monkeypatch.setattr("kiosk.daemon.link.HOLD_S", 0.0)


async def _deed(deed: Deed) -> None:
    done = deed()
    if isinstance(done, Awaitable):
        await done


@dataclass
class Seen:
    """What one round showed of each fault, by where people read."""

    overview: set[str]
    doctor: set[str]
    ribbons: tuple[str, ...]


async def look(terminal: Whole) -> Seen:
    return Seen(await terminal.overview(), await terminal.doctor(), terminal.ribbons)


def missing(seen: Seen, together: Sequence[Done]) -> list[str]:
    """What should be said and is not."""
    ids = {one.id for one in together}
    lacking = [f"overview: {one}" for one in ids - seen.overview]
    lacking += [f"doctor: {one}" for one in ids - seen.doctor]
    for one in (done.id for done in together if done.public):
        screen = faults()[one].screen
        # Without a screen nobody reads ribbons.
        if screen and screen not in NOT_RIBBONS and "screen_missing" not in ids:
            lacking += [f"screen: {one}: {screen}"] * (screen not in seen.ribbons)
    return lacking


def remaining(seen: Seen, ids: set[str], quiet: set[str]) -> list[str]:
    """What is still said after its cause went."""
    lasting = [f"overview: {one}" for one in ids & seen.overview]
    lasting += [f"doctor: {one}" for one in ids & seen.doctor]
    return lasting + [f"screen: {one}" for one in set(seen.ribbons) - quiet]


async def eventually(terminal: Whole, judge: Callable[[Seen], list[str]]) -> list[str]:
    """What is left of the objections after some patience."""
    left = ["never looked"]
    try:
        async with asyncio.timeout(PATIENT_S):
            while left := judge(await look(terminal)):
                await asyncio.sleep(0.1)
    except TimeoutError:
        pass
    return left


@pytest.mark.timeout(300)
async def test_each_fault_is_named_everywhere_and_over_with_its_cause(
    tmp_path: Path, devices: SimulatedDevices, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried(monkeypatch)
    office, backups, fonts = tmp_path / "office", tmp_path / "second", tmp_path / "fonts"
    backups.mkdir()
    fonts.symlink_to(fonts_dir())
    failed: list[str] = []
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(service(office, NoPlatform()))
        wrong = await stack.enter_async_context(misbehaving(Authority(office).context()))
        link = SteeredLink(("127.0.0.1", running.running.port), ("127.0.0.1", wrong.port))
        await stack.enter_async_context(link)
        link_port = await link.start()
        url = f"https://localhost:{link_port}"
        text = f'[backup]\nfolder = "{backups}"\n'
        terminal = await stack.enter_async_context(
            whole(tmp_path, devices=devices, url=url, text=text, fonts=fonts)
        )
        await terminal.start()
        a = Around(
            terminal, devices, link, link_port, url, office, wrong,
            running.ahead, backups, fonts, monkeypatch,
        )  # fmt: skip
        # Enrolling ends the first of them without a restart.
        failed += await eventually(
            terminal, lambda seen: missing(seen, [Done("not_enrolled", a.enrol, a.enrol)])
        )
        await a.enrol()
        failed += await eventually(terminal, lambda seen: remaining(seen, {"not_enrolled"}, set()))
        for together in rounds(a):
            ids = {one.id for one in together}
            for one in together:
                await _deed(one.do)
            failed += await eventually(terminal, lambda seen, t=together: missing(seen, t))
            for one in together:
                await _deed(one.undo)
            failed += await eventually(terminal, lambda seen, i=ids: remaining(seen, i, set()))
    assert failed == []
