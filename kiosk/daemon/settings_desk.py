"""Changes settings while the terminal runs: checked whole, kept, tried, taken back if need be."""

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import msgspec

from central.contract_orders import OrderOutcome
from central.identity import Identity
from central.signed_settings import SettingsOrder, opened
from central.signing import NotSigned
from config.explain import Explained, explained, only_in_files
from config.load import Layer, WrongSetting, check, layers, merged, parse, typed
from kiosk import staff_messages as s
from kiosk.clock import Clock
from kiosk.daemon import acts
from kiosk.daemon.audit import Note
from kiosk.daemon.devices import check_devices
from kiosk.logs import fact
from kiosk.settings.store import (
    FROM_SERVICE,
    Damaged,
    Given,
    SettingsStore,
    Version,
    changed_between,
    layers_of,
)

PROVEN_AFTER_S = 90.0
"""A terminal that ran so long with new settings and is not worse than before is well with them."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SettingsStand:
    """How the newest order of the service stands: TRYING, PROVEN or GIVEN_UP, and why."""

    serial: int
    outcome: OrderOutcome
    why: str = ""


class SettingsDesk:
    """Answers about settings, and proves or gives up the version on trial.

    Args:
        store: the versions.
        files: the settings files, the weakest first.
        clock: for the times of versions.
        note: takes acts.
        grave_faults: ids of the grave faults that there are now.
        identity: who this terminal is; None before enrolment.
        restart: asks for a start anew in a quiet moment.
        environment: wins over all.
    """

    def __init__(
        self,
        store: SettingsStore,
        files: Sequence[Path],
        clock: Clock,
        *,
        note: Note,
        grave_faults: Callable[[], frozenset[str]],
        identity: Callable[[], Identity | None],
        restart: Callable[[], None],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._store = store
        self._files = files
        self._clock = clock
        self._note = note
        self._grave_faults = grave_faults
        self._identity = identity
        self._restart = restart
        self._environment = environment
        self._one = asyncio.Lock()

    async def answer(self, asked: s.SettingsAsk) -> s.SettingsShown | s.Acted | s.NotDone:
        """Do it, and say how that went."""
        async with self._one:
            try:
                match asked:
                    case s.AskSettings():
                        return await asyncio.to_thread(self._shown)
                    case s.ChangeSettings(changes):
                        return await self._use(await asyncio.to_thread(self._changed, changes))
                    case s.TakeSettings(signed):
                        return await self._use(await asyncio.to_thread(self._taken, signed))
                    case s.RollBackSettings(number):
                        return await self._use(await asyncio.to_thread(self._back_to, number))
                    case _:
                        assert_never(asked)
            except (WrongSetting, NotSigned, Damaged) as error:
                return s.NotDone(str(error))
            except OSError as error:
                return s.NotDone(f"the disk refused: {error.strerror}")

    async def in_force(self) -> tuple[Explained, ...]:
        """Every setting with its origin, as they are from the next start on.

        Raises:
            Damaged, OSError: the store cannot be used.
            WrongSetting: a file cannot.
        """

        def found() -> tuple[Explained, ...]:
            return explained(layers(self._files, self._environment, layers_of(self._present())))

        return await asyncio.to_thread(found)

    async def take_order(self, carried: bytes) -> tuple[OrderOutcome, str]:
        """Take what the service brought: TRYING, or REFUSED and why.

        Raises:
            Damaged, OSError: the store cannot be used; nothing was taken.
        """
        async with self._one:
            try:
                version = await asyncio.to_thread(self._taken, carried)
            except (WrongSetting, NotSigned) as error:
                return OrderOutcome.REFUSED, str(error)
            await self._use(version)
            return OrderOutcome.TRYING, ""

    async def newest_serial(self) -> int:
        """The newest order of the service that was taken or given up; 0 for none.

        Raises:
            Damaged, OSError: the store cannot be used.
        """
        stand = await self.stand()
        return 0 if stand is None else stand.serial

    async def stand(self) -> SettingsStand | None:
        """What became of the newest order of the service; None before the first.

        Raises:
            Damaged, OSError: the store cannot be used.
        """
        return await asyncio.to_thread(self._stand)

    def _stand(self) -> SettingsStand | None:
        state = self._store.state
        serial = self._store.version(state.active).serial
        if state.refused_serial > serial:
            return SettingsStand(state.refused_serial, OrderOutcome.GIVEN_UP, state.why)
        if not serial:
            return None
        is_proven = self._store.version(state.proven).serial == serial
        return SettingsStand(serial, OrderOutcome.PROVEN if is_proven else OrderOutcome.TRYING)

    async def run(self, after_s: float = PROVEN_AFTER_S) -> None:
        """Once, some time after the start: has the version on trial proved itself?"""
        try:
            state = await asyncio.to_thread(lambda: self._store.state)
            if state.active == state.proven:
                return
            await asyncio.sleep(after_s)
            await self.judge()
        except (Damaged, OSError) as error:
            fact(_log, "settings.not_judged", why=type(error).__name__)

    async def judge(self) -> None:
        """Prove the version on trial, or bring the one before back.

        Raises:
            Damaged, OSError: the store cannot be used.
        """
        async with self._one:
            state = self._store.state
            tried = self._store.version(state.active)
            worse = sorted(self._grave_faults() - set(tried.known_faults))
            if worse:
                await asyncio.to_thread(self._store.give_up, " ".join(worse))
                self._note(acts.SettingsGivenUp(tried.number, worse[0]))
                self._restart()
            else:
                await asyncio.to_thread(self._store.prove)
                self._note(acts.SettingsProven(tried.number))

    def _shown(self) -> s.SettingsShown:
        state = self._store.state
        versions = tuple(
            s.SettingsVersion(one.number, one.at, one.by, one.changed, one.serial)
            for one in self._store.history()
        )
        return s.SettingsShown(
            state.active,
            state.proven,
            versions,
            state.rolled_back,
            state.why,
            awaited=state.active != state.proven and state.starts == 0,
        )

    def _changed(self, changes: tuple[s.SettingChange, ...]) -> Version:
        now = self._present()
        here: Given = {section: dict(keys) for section, keys in now.here.items()}
        for one in changes:
            if one.value is None:
                here.get(one.section, {}).pop(one.key, None)
            else:
                here.setdefault(one.section, {})[one.key] = typed(one.section, one.key, one.value)
        kept = {section: keys for section, keys in here.items() if keys}
        return self._next("staff", msgspec.structs.replace(now, here=kept))

    def _taken(self, carried: bytes) -> Version:
        identity = self._identity()
        if identity is None:
            raise NotSigned("this terminal is not enrolled: it knows nobody who may sign")
        order = opened(carried, identity.ca_pem)
        self._refuse_others(order, identity)
        values = parse(order.settings, FROM_SERVICE)
        check(Layer(FROM_SERVICE, values, order.settings))
        given: Given = {section: dict(keys) for section, keys in values.items()}
        now = self._present()
        return self._next(
            "service", msgspec.structs.replace(now, service=given, serial=order.serial)
        )

    def _refuse_others(self, order: SettingsOrder, identity: Identity) -> None:
        if order.terminal not in ("", identity.terminal):
            raise NotSigned(f"for terminal {order.terminal}, this is {identity.terminal}")
        newest = max(self._present().serial, self._store.state.refused_serial)
        if order.serial <= newest:
            raise NotSigned(f"order {order.serial} is not newer than {newest}")

    def _back_to(self, number: int | None) -> Version:
        state = self._store.state
        if number is None:
            older = [one.number for one in self._store.history() if one.number < state.active]
            number = older[0] if older else 0
        past = self._store.version(number)
        return self._next("rollback", msgspec.structs.replace(self._present(), here=past.here))

    def _present(self) -> Version:
        return self._store.version(self._store.state.active)

    def _next(self, by: str, wanted: Version) -> Version:
        """The version to use, once all of it is known to be right together with the rest.

        Raises:
            WrongSetting: it is not.
        """
        made = msgspec.structs.replace(
            wanted,
            number=self._store.next_number(),
            at=self._clock.now(),
            by=by,
            changed=changed_between(self._present(), wanted),
            known_faults=tuple(sorted(self._grave_faults())),
        )
        for layer in layers_of(made):
            for section, key in sorted(only_in_files()):
                if key in layer.values.get(section, {}):
                    named = f"{layer.name}: [{section}] {key}"
                    raise WrongSetting(f"{named}: only a settings file may set this")
        check_devices(merged(layers(self._files, self._environment, layers_of(made))))
        return made

    def _adopt(self, version: Version) -> None:
        """Take an order that changes nothing: what was proven stays so, what is on trial too."""
        state = self._store.state
        self._store.use(version)
        if state.active == state.proven:
            self._store.prove()

    async def _use(self, version: Version) -> s.Acted | s.NotDone:
        if not version.changed:
            if version.serial <= self._present().serial:
                return s.NotDone("nothing would change")
            await asyncio.to_thread(self._adopt, version)
            return s.Acted(f"order {version.serial} changes nothing, and is taken")
        await asyncio.to_thread(self._store.use, version)
        self._note(acts.SettingsChanged(version.number, version.by, " ".join(version.changed)))
        self._restart()
        return s.Acted(
            f"version {version.number}: {', '.join(version.changed)}; used from the next quiet"
            f" moment on, taken back if the terminal is worse {PROVEN_AFTER_S:.0f} s later"
        )
