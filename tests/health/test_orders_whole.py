"""The office's word reaches a running terminal through the service, and its answer comes back."""

from datetime import timedelta
from pathlib import Path

from daemon_kit import TERMINAL, enrolled, service, whole

from central.admin import OrderLine, OrderWanted
from central.signed_commands import CommandAct, CommandOrder, signed
from central.signed_settings import SettingsOrder
from central.signed_settings import signed as signed_settings
from drivers.simulated.devices import SimulatedDevices
from kiosk.settings.loading import loaded


async def test_commands_and_settings_are_fetched_done_and_answered(
    tmp_path: Path, devices: SimulatedDevices
) -> None:
    async with service(tmp_path / "office") as office:
        url = f"https://localhost:{office.running.port}"
        key = (tmp_path / "office" / "ca-key.pem").read_bytes()
        async with whole(tmp_path, devices=devices, url=url) as terminal:
            await enrolled(office.admin, terminal.identity_files, url)
            await terminal.start()
            await terminal.until(lambda: terminal.ribbons == ("sandbox",), "made-up records")
            assert "service_sandbox" in await terminal.overview() & await terminal.doctor()
            now = terminal.clock.now()
            terminal.clock.waited_s = 3600.0  # nobody has been here for long

            async def command(name: str, act: CommandAct, reason: str = "") -> None:
                until = now + timedelta(hours=1)
                order = CommandOrder(name * 32, TERMINAL, now, until, act, reason)
                await office.admin.publish(OrderWanted(command=signed(order, key)))

            async def ended(*names: str) -> bool:
                rows = await said()
                return all(name in rows and rows[name].outcome for name in names)

            async def said() -> dict[str, OrderLine]:
                return {one.order: one for one in await office.admin.orders()}

            await command("a", CommandAct.TEST_PRINT)
            await command("b", CommandAct.OUT_OF_SERVICE, "maintenance")
            await terminal.until_async(lambda: ended("a" * 32, "b" * 32), "commands are done")
            rows = await said()
            assert [rows[name * 32].outcome for name in "ab"] == ["done", "done"]
            assert len(devices.printer.slips) == 1
            assert terminal.situation == "out_of_service"
            await command("c", CommandAct.IN_SERVICE)
            await terminal.until(lambda: terminal.situation == "home", "it serves again")

            order = SettingsOrder("", 5, now, '[hall]\nname_en = "South Hall"\n')
            await office.admin.publish(OrderWanted(settings=signed_settings(order, key)))
            await terminal.until_async(lambda: ended("settings 5"), "settings are tried")
            assert loaded([terminal.file], {}).settings.hall.name_en == "South Hall"
            assert (await said())["settings 5"].outcome == "trying"
            assert terminal.daemon is not None
            assert terminal.daemon.vitals().restart
