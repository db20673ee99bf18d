"""Builds the daemon's parts in their order, and stops them in reverse."""

import asyncio
import hashlib
import logging
import os
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from central.client import CentralClient
from central.contract import PingAnswer
from central.failure import BadCertificate, Failure
from central.identity import IdentityFiles
from config.schema import Settings
from drivers.backlight import Backlight
from drivers.documents.outcome import A4Status
from kiosk import messages as m
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.a4 import A4Printing, a4_status_word
from kiosk.daemon.accounts.accounts import Accounts
from kiosk.daemon.accounts.desk import AccountsDesk
from kiosk.daemon.admin.closing import Closing
from kiosk.daemon.admin.front import Front
from kiosk.daemon.admin.pages import PageMaker, Upkept
from kiosk.daemon.admin.screen_desk import ScreenDesk
from kiosk.daemon.admin.session import Powers, Session
from kiosk.daemon.admin.settings_at_screen import SettingsAtScreen
from kiosk.daemon.applications import Applications
from kiosk.daemon.applying_desk import DaemonApplyingDesk
from kiosk.daemon.audit import Audit
from kiosk.daemon.backups import Backups, Plan, same_disk
from kiosk.daemon.chime import WarningSound
from kiosk.daemon.clock_check import ClockCheck
from kiosk.daemon.desk import DaemonDesk
from kiosk.daemon.device_desk import DeviceDesk
from kiosk.daemon.devices import (
    a4_setup,
    columns_of,
    receipt_printers,
    scanner_link,
    scanner_speech,
)
from kiosk.daemon.flows.batching import ticket_numbers
from kiosk.daemon.health import Paper, Readings, found_faults
from kiosk.daemon.held_slips import Fate
from kiosk.daemon.history import History
from kiosk.daemon.identity import FOLDER as IDENTITY_FOLDER
from kiosk.daemon.identity import IdentityKeeper
from kiosk.daemon.inquiry import Inquiry
from kiosk.daemon.keeping import Keeper
from kiosk.daemon.keypad import Keypad
from kiosk.daemon.link import Link, LinkState
from kiosk.daemon.log_ring import LogRing
from kiosk.daemon.machine_power import MachinePower, barred_here
from kiosk.daemon.opening import QUEUE_FILE, open_queue
from kiosk.daemon.order_book import OrderBook
from kiosk.daemon.orders import OFFICE, OfficePowers, Orders
from kiosk.daemon.own_invoices import OwnInvoices
from kiosk.daemon.printing import Printing, status_word
from kiosk.daemon.queue_desk import QueueDesk
from kiosk.daemon.retention import Retention
from kiosk.daemon.scanning import Scanning
from kiosk.daemon.sender import Sender
from kiosk.daemon.server import Server
from kiosk.daemon.settings_desk import SettingsDesk
from kiosk.daemon.staff_desk import StaffDesk
from kiosk.daemon.stick_desk import Sticks
from kiosk.daemon.surroundings import Limits, Place
from kiosk.daemon.tickets_desk import TicketsDesk
from kiosk.daemon.visit import Visit
from kiosk.daemon.voice import Voice
from kiosk.health.disk import disk_faults
from kiosk.health.doctor import way_to_service
from kiosk.health.faults import faults
from kiosk.health.machine import faults_here
from kiosk.logs import fact
from kiosk.pinyin.engine import is_there as pinyin_is_there
from kiosk.process import Vitals
from kiosk.settings.store import FOLDER as SETTINGS_FOLDER
from kiosk.settings.store import SettingsStore
from kiosk.staff_messages import FaultFound
from kiosk.stick.mounts import Mounts
from kiosk.supervisor import STARTED_BECAUSE
from kiosk.training import is_training
from offline_queue.errors import OutboxFull, StorageFailed

PING_WITHIN_S = 5.0
LOOK_AT_DISK_EVERY_S = 10.0
SCREEN_WITHIN = timedelta(minutes=2)
"""Later than this after a start a screen has come, or something is wrong with it."""
RESUME_WITHIN = timedelta(minutes=3)
"""A slip that was interrupted longer ago has nobody waiting for it any more."""

_log = logging.getLogger(__name__)


class Daemon:
    """All parts of the daemon, started by `start` and stopped by `close`."""

    def __init__(self, settings: Settings, clock: Clock, files: Sequence[Path] = ()) -> None:
        self._settings = settings
        self._files = files
        self._wants_restart = False
        self._clock = clock
        self._started_at = clock.now()
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._disk: tuple[FaultFound, ...] = ()
        self._restart = asyncio.Event()

    async def start(self, socket: Path) -> None:
        """Open everything and begin to serve."""
        settings, clock = self._settings, self._clock
        state_dir = Path(settings.paths.state_dir)
        logs = LogRing()
        logging.getLogger().addHandler(logs)
        self._stack.callback(logging.getLogger().removeHandler, logs)
        sealer, self._outbox = await asyncio.to_thread(
            open_queue, state_dir, settings.retention.done_days
        )
        self._stack.callback(self._outbox.close)
        self._audit = await asyncio.to_thread(Audit.open, self._outbox, state_dir)
        # Pushed early, so it runs late: the other parts' last acts are written too.
        self._stack.push_async_callback(self._audit.flush)
        self._clock_check = ClockCheck(self._audit.note)
        self._link = Link(
            clock,
            probe_up_s=settings.service.probe_up_s,
            probe_down_s=settings.service.probe_down_s,
            on_change=self._link_changed,
        )
        self._history = History(
            self._outbox, clock, is_up=lambda: self._link.state is LinkState.ONLINE
        )
        self._stack.callback(self._history.write)
        keeper = Keeper(
            self._outbox,
            sealer,
            settings.terminal.number,
            clock,
            note_in=self._audit.note_in,
            on_print_ended=self._history.printed,
        )
        self._identity = IdentityKeeper(state_dir, settings.service, clock, self._link)
        self._client = await self._stack.enter_async_context(
            CentralClient.with_access(self._identity.access(), settings.terminal.number)
        )
        self._sender = Sender(
            self._outbox,
            self._client,
            self._link,
            audit=self._audit,
            first_contact_within_s=settings.service.first_contact_within_s,
        )
        self._keeper = keeper
        applications = Applications(
            self._outbox,
            sealer,
            keeper,
            clock,
            clock_agrees=lambda: self._clock_check.agrees,
        )
        plan = Plan.of(settings, state_dir / QUEUE_FILE)
        self._backups = Backups(
            plan,
            sealer,
            clock,
            self._client,
            note=self._audit.note,
            link_is_down=lambda: self._link.is_down,
        )
        self._same_disk = " (on the same disk)" if same_disk(plan.folder, plan.queue) else ""
        retention = Retention(settings.retention, self._outbox, keeper, self._audit, clock)
        if await asyncio.to_thread(lambda: keeper.follow_restore(self._outbox.generation)):
            fact(_log, "queue.restored")
        self._printing = Printing(
            receipt_printers(settings),
            keeper,
            sealer,
            clock,
            on_status=lambda status: self._visit.printer_changed(status),
            on_printer=self._tell,
            on_paper=lambda printer, level: self._tell(f"{printer}_paper", level),
            on_fate=self._slip_held,
        )
        self._stack.push_async_callback(self._printing.close)
        place = Place(
            settings.hall.name_zh,
            settings.hall.name_en,
            settings.terminal.number,
            settings.screen.language,
            settings.hall.region,
        )
        inquiry = Inquiry(
            self._client, self._link, keeper, clock, within_s=settings.service.answer_within_s
        )
        desk = self._desk = DaemonDesk(
            inquiry,
            keeper,
            self._printing,
            self._sender,
            place,
            columns_of(settings),
            on_verdict=self._history.told,
            is_training=is_training(os.environ),
        )
        self._scanning = Scanning(
            scanner_link(settings.scanner),
            scanner_speech(settings.scanner),
            on_text=lambda text: self._front.scanned(text),
            on_unreadable=lambda why: self._front.unreadable(why),
            on_state=self._scanner_changed,
        )
        self._a4 = A4Printing(
            a4_setup(settings),
            keeper,
            clock,
            on_status=self._a4_changed,
        )
        self._stack.push_async_callback(self._a4.close)
        self._devices = DeviceDesk(
            self._printing,
            self._scanning,
            self._a4,
            keeper,
            clock,
            place,
            situation=lambda: self._visit.shown.situation,
            note=self._audit.note,
        )
        self._accounts = await asyncio.to_thread(
            Accounts,
            state_dir,
            clock,
            self._audit.note,
            terminal=settings.terminal.number,
            unlock_key=IdentityFiles(state_dir / IDENTITY_FOLDER).unlock_key,
        )
        settings_desk = SettingsDesk(
            SettingsStore(state_dir / SETTINGS_FOLDER),
            self._files,
            clock,
            note=self._audit.note,
            grave_faults=self._grave_faults,
            identity=lambda: self._identity.identity,
            restart=self._restart_when_quiet,
        )
        self._visit = Visit(
            desk,
            place,
            clock,
            can_type_names=pinyin_is_there(),
            own=OwnInvoices(self._client.people, self._link, keeper, self._sender, self._a4, clock),
            limits=Limits(
                idle_s=settings.visit.idle_s,
                idle_large_text_s=settings.visit.idle_large_text_s,
                idle_result_s=settings.visit.idle_result_s,
                warning_s=settings.visit.warning_s,
                reprints=settings.visit.reprints,
            ),
            applying=DaemonApplyingDesk(
                self._client.people, self._link, applications, self._sender
            ),
            show=self._show,
            note=self._audit.note,
            sticks=Sticks(clock, settings.stick.trust_file) if settings.stick.folder else None,
        )
        self._stack.push_async_callback(self._visit.close)
        accounts_desk = AccountsDesk(self._accounts)
        staff_desk = StaffDesk(
            QueueDesk(self._outbox, self._sender, self._audit),
            self._audit,
            self._backups,
            self._devices,
            accounts_desk,
            settings_desk,
            TicketsDesk(keeper, inquiry, clock, self._audit.note),
            logs,
            self._history,
            lock_screen=self._visit.lock_for_cleaning,
        )
        self._closing = await asyncio.to_thread(Closing, state_dir)
        at_screen = SettingsAtScreen(settings_desk, self._audit.note)
        panel = settings.screen
        glass = ScreenDesk(
            Backlight(), clock, self._audit.note, portrait=panel.height_px > panel.width_px
        )
        machine = MachinePower(
            self._audit.note,
            barred=barred_here(os.environ),
            is_printing=lambda: self._printing.is_printing,
        )
        self.pages = PageMaker(
            self._status,
            self._upkept,
            lambda: faults_here(self._files, os.environ, clock.now()),
            staff_desk,
            accounts_desk,
            at_screen,
            glass,
            machine,
            keeper,
            state_dir,
        )
        powers = Powers(
            ask=staff_desk.answer,
            go_the_way=lambda: way_to_service(settings, clock.now),
            restart=self._restart.set,
            change_settings=at_screen.change,
            screen=glass,
            machine=machine,
        )
        session = self._session = Session(
            self._accounts,
            self.pages,
            self._closing,
            powers,
            clock,
            language=settings.screen.language,
            sign_out_after_s=settings.staff.sign_out_after_s,
            show=self._front_changed,
            note=self._audit.note,
        )
        self._stack.push_async_callback(session.close)
        self._front = Front(self._visit, session, self._closing)
        self._orders = Orders(
            self._client.orders,
            await asyncio.to_thread(OrderBook, state_dir, clock),
            settings_desk,
            keeper,
            OfficePowers(
                ask=staff_desk.answer,
                restart=self._restart_when_quiet,
                close=self._close_for_office,
                is_quiet=lambda: self._visit.is_quiet and not session.is_open,
            ),
            identity=lambda: self._identity.identity,
            clock=clock,
            note=self._audit.note,
            link_is_down=lambda: self._link.is_down,
            on_owed=self._sender.wake,
        )
        self._server = Server(
            socket,
            shown=lambda: self._front.shown,
            status=self._status,
            intend=self._intend,
            staff=staff_desk.answer,
            note=self._audit.note,
            on_screen_gone=lambda: session.end("screen_gone"),
        )
        self._keypad = Keypad(
            settings.keypad, on_key=self._server.pressed, on_state=self._keypad_changed
        )
        # Pushed after the visit's, so it comes before: a visit may wait for a document.
        self._stack.callback(self._a4.cancel)
        self._voice = Voice(
            settings.voice,
            on_state=lambda can_speak: self._visit.voice_changed(can_speak=can_speak),
        )
        self._stack.push_async_callback(self._voice.close)
        self._warning_sound = WarningSound(settings.voice.warning_volume, self._voice.ring)
        self._has_scanner = bool(settings.scanner.address)
        if self._a4.status is not None:
            self._visit.a4_changed(self._a4.status)
        # Without the service nobody says it: what it said of businesses before still holds.
        self._visit.service_issues(issues=await asyncio.to_thread(applications.knows_any))
        await self._resume()
        self._scanning.follow(self._visit.shown.situation)
        self._scanning.start()
        self._stack.push_async_callback(self._scanning.close)
        self._keypad.start()
        self._stack.push_async_callback(self._keypad.close)
        await self._printing.start()
        await self._devices.start()
        await self._server.start()
        self._stack.push_async_callback(self._server.close)
        self._run("printer watch", self._printing.watch())
        self._run("a4 watch", self._a4.watch())
        self._run("voice watch", self._voice.watch())
        self._run("link probe", self._probe())
        self._run("identity", self._identity.run(self._client))
        self._run("sender", self._sender.run())
        self._run("orders", self._orders.run())
        if settings.stick.folder:
            mounts = Mounts(Path(settings.stick.folder), self._front.stick_changed)
            self._run("stick watch", mounts.watch())
        self._run("visit clock", self._tick())
        self._run("disk watch", self._watch_disk(state_dir))
        self._run("audit", self._audit.run())
        self._run("backups", self._backups.run())
        self._run("retention", retention.run())
        self._run("history", self._history.run())
        self._run("settings", _once(settings_desk.run()))
        self._run("restart by staff", self._restart_asked())
        self._audit.note(
            acts.DaemonStarted(
                version=version("invoice-terminal"),
                settings=hashlib.sha256(msgspec.json.encode(settings)).hexdigest()[:12],
                generation=await asyncio.to_thread(lambda: self._outbox.generation),
                because=os.environ.get(STARTED_BECAUSE, "by_hand"),
            )
        )
        fact(_log, "daemon.started", terminal=settings.terminal.number)

    async def wait(self) -> None:
        """Wait until one of the parts fails; that failure is raised."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    def vitals(self) -> Vitals:
        """How the daemon is, for whoever watches it."""
        stuck = self._printing.stuck or self._scanning.stuck
        shown = self._front.shown.situation.__struct_config__.tag
        return Vitals(
            stuck=stuck,
            status=f"{shown}, link {self._link.state.value}",
            idle=self._visit.is_quiet and not self._session.is_open,
            restart=self._wants_restart,
        )

    def note_stop(self) -> None:
        """Somebody asked the terminal to stop; `close` comes next."""
        self._audit.note(acts.DaemonStopped())

    async def close(self) -> None:
        """Stop in reverse order; a print that runs is proven first."""
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()
        fact(_log, "daemon.stopped")

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.create_task(work, name=name))

    async def _resume(self) -> None:
        """Report prints that our own stop interrupted, and show the newest to whoever waits."""
        jobs = await asyncio.to_thread(self._printing.report_interrupted)
        if not jobs or self._clock.now() - jobs[-1].begun_at > RESUME_WITHIN:
            # Nobody waits for a slip: what an earlier visit left, sealed, goes too.
            await self._desk.visit_ended()
            return
        job = jobs[-1]
        remembered = self._printing.unsealed(job)
        if remembered is None:
            return
        shown = msgspec.json.decode(remembered, type=m.Printable)
        numbers = ticket_numbers(shown) if isinstance(shown, m.BatchShown) else [job.slip]
        found = [await asyncio.to_thread(self._keeper.ticket, number) for number in numbers]
        tickets = tuple(ticket for ticket in found if ticket is not None)
        self._visit.resume(shown, job.slip, job.copy, tickets)

    async def _probe(self) -> None:
        """Ask the service for itself when nobody else has asked for a while."""
        while True:
            wait_s = self._link.probe_in_s
            if wait_s > 0:
                await asyncio.sleep(wait_s)
                continue
            asked_at = self._clock.now()
            answer = await self._client.ping(within_s=PING_WITHIN_S)
            if isinstance(answer, PingAnswer):
                self._clock_check.compare(asked_at, self._clock.now(), answer.server_time)
                self._link.answered()
                self._orders.heard(answer)
                self._desk.is_sandbox = answer.is_sandbox
                self._visit.service_is_sandbox(is_sandbox=answer.is_sandbox)
                self._visit.service_issues(issues=answer.issues)
                self._visit.service_sends_mail(sends_mail=answer.sends_mail)
            else:
                self._link.failed(await self._with_clock_lead(answer))

    async def _with_clock_lead(self, failure: Failure) -> Failure:
        """Where one of the clocks is wrong, by how much: no certificate can tell."""
        if not (isinstance(failure, BadCertificate) and failure.clock_suspected):
            return failure
        lead = await self._client.clock_lead(self._clock.now, within_s=PING_WITHIN_S)
        if not isinstance(lead, timedelta):
            return failure
        return replace(failure, clock_lead_s=lead.total_seconds())

    async def _tick(self) -> None:
        while True:
            self._front.tick()
            await asyncio.sleep(1.0)

    async def _watch_disk(self, state_dir: Path) -> None:
        while True:
            self._disk = await asyncio.to_thread(disk_faults, state_dir)
            full = any(one.id in ("disk_full", "disk_no_inodes") for one in self._disk)
            self._visit.disk_changed(is_full=full)
            await asyncio.sleep(LOOK_AT_DISK_EVERY_S)

    async def _restart_asked(self) -> None:
        """Ends the daemon when staff say so; the supervisor starts it again."""
        await self._restart.wait()

    async def _close_for_office(self, reason: str) -> bool:
        if not await asyncio.to_thread(self._closing.change, reason):
            return False
        closed = acts.TerminalClosed(reason, OFFICE)
        self._audit.note(closed if reason else acts.TerminalOpened(OFFICE))
        self._front_changed()
        return True

    def _upkept(self) -> Upkept:
        return Upkept(
            certificate_left=self._identity.left,
            backup_at=self._backups.second_place.made_at,
            closed=self._closing.reason,
        )

    def _show(self, show: m.Show) -> None:
        if show.voice is None or not show.voice.on:
            self._voice.hush()
        self._warning_sound.follow(show)
        self._front_changed()

    def _front_changed(self) -> None:
        """What the screen shows may be another: the light of the scanner follows people only."""
        situation = self._visit.shown.situation
        if self._closing.reason and not self._session.is_open:
            situation = m.OutOfService(reason=self._closing.reason)
        self._scanning.follow(situation)
        self._server.show()

    def _link_changed(self, state: LinkState) -> None:
        self._history.link_changed()
        self._audit.note(acts.LinkChanged(state.value, self._link.why))
        self._visit.link_changed(is_down=state in (LinkState.OFFLINE, LinkState.CAPTIVE))
        self._sender.link_changed(state)

    def _slip_held(self, slip: str, copy: int, fate: Fate) -> None:
        self._audit.note(acts.SlipHeld(slip, copy, fate.value))
        self._visit.slip_held(slip, copy, fate)

    def _a4_changed(self, status: A4Status) -> None:
        self._tell("a4", a4_status_word(status))
        self._visit.a4_changed(status)

    def _scanner_changed(self, state: str) -> None:
        fact(_log, "scanner.changed", state=state)
        self._visit.scanner_changed(is_there=state == "connected")
        self._tell("scanner", state)

    def _keypad_changed(self, state: str) -> None:
        fact(_log, "keypad.changed", state=state)
        self._tell("keypad", state)

    def _tell(self, device: str, state: str) -> None:
        task = asyncio.create_task(asyncio.to_thread(self._owe_trouble, device, state))
        task.add_done_callback(lambda _: self._sender.wake())

    def _owe_trouble(self, device: str, state: str) -> None:
        try:
            self._keeper.device_trouble(device, state)
        except (OutboxFull, StorageFailed) as error:
            fact(_log, "trouble.not_told", device=device, why=type(error).__name__)

    def _intend(self, intent: m.Intent) -> None:
        match intent:
            case m.Speak(text):
                shown = self._front.shown
                if shown.voice is not None:
                    self._voice.say(text, shown.language, shown.voice.volume)
            case m.Hush():
                self._voice.hush()
            case _:
                self._front.intend(intent)

    def _status(self) -> m.Status:
        counts = self._outbox.counts()
        oldest = counts.oldest_waiting_at
        return m.Status(
            terminal=self._settings.terminal.number,
            version=version("invoice-terminal"),
            started_at=self._started_at,
            link=self._link.state.value,
            link_why=self._link.why,
            printer=status_word(self._printing.status),
            scanner=self._scanning.state,
            waiting=counts.waiting,
            parked=counts.parked,
            oldest_waiting_s=(
                None if oldest is None else (self._clock.now() - oldest).total_seconds()
            ),
            clock=self._clock_check.word,
            backup=self._backups.second_place.word + self._same_disk,
            backup_at_service=self._backups.service.word,
            identity=self._identity.words,
            situation=str(self._front.shown.situation.__struct_config__.tag),
            a4=a4_status_word(self._a4.status),
            keypad=self._keypad.state,
            printers=self._devices.printers(),
            trials=self._devices.trials,
            voice=self._voice.word,
            faults=found_faults(self._readings(counts.parked, oldest)),
        )

    def _restart_when_quiet(self) -> None:
        self._wants_restart = True

    def _grave_faults(self) -> frozenset[str]:
        found = self._status().faults
        return frozenset(one.id for one in found if faults()[one.id].grave)

    def _readings(self, parked: int, oldest: datetime | None) -> Readings:
        now = self._clock.now()
        is_early = now - self._started_at < SCREEN_WITHIN
        papers = {one.name: Paper(one.paper, one.left_slips) for one in self._devices.printers()}
        return Readings(
            printers=self._printing.statuses,
            papers=papers,
            scanner=self._scanning.state if self._has_scanner else None,
            keypad=self._keypad.state,
            a4=self._a4.status,
            failure=self._link.failure,
            is_sandbox=self._desk.is_sandbox,
            parked=parked,
            oldest_waiting_s=None if oldest is None else (now - oldest).total_seconds(),
            clock_ahead=self._clock_check.wrong_by,
            certificate_left=self._identity.left,
            backup_trouble=self._backups.second_place.trouble,
            backup_on_same_disk=bool(self._same_disk),
            upload_trouble=self._backups.service.trouble,
            trials=self._devices.trials,
            screens=None if is_early else self._server.screens,
            disk=self._disk,
        )


async def _once(work: Coroutine[Any, Any, None]) -> None:
    """A part that has nothing more to do: it waits, for a part that ends ends the daemon."""
    await work
    await asyncio.Event().wait()
