"""Applied for while the service is away; issued or refused by the platform; told by the slip."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import zxingcpp
from daemon_kit import Whole, enrolled, whole
from PIL import Image

from central.admin import Admin
from central.business import Business, BusinessItem
from central.platforms.opening import open_platforms
from central.sandbox.wire.bureau import SELLERS
from central.sandbox.wire.running import stand_ins
from central.service.running import RunningService, run_service
from drivers.simulated.devices import SimulatedDevices
from einvoice import title_card
from einvoice.kinds import Kind
from einvoice.title_card import TitleCard
from kiosk import applying_messages as a
from kiosk import messages as m

KNOWN, UNKNOWN = min(SELLERS), "91110000MA00SHL99X"
BUYER = "91110105MA00TEXT0W"
S = TypeVar("S")


def business(tax_id: str) -> Business:
    return Business(
        tax_id=tax_id,
        name=f"北京示例{tax_id[-3:]}有限公司",
        kinds=(Kind.DIGITAL_ORDINARY,),
        items=(BusinessItem("meal", "餐饮服务", "3070401000000000000", Decimal("0.06")),),
        limit=Decimal(1000),
        offline_allowance=Decimal(150),
    )


class Person:
    """Somebody at the screen: presses what is shown, and waits for what comes."""

    def __init__(self, terminal: Whole, devices: SimulatedDevices) -> None:
        self.terminal = terminal
        self.devices = devices

    async def press(self, make: Callable[..., m.Intent], **fields: Any) -> None:
        intent = make(turn=self.terminal.shows[-1].turn, **fields)
        await self.terminal.send(intent)

    async def sees(self, kind: type[S], holds: Callable[[S], bool] = lambda _: True) -> S:
        def there() -> bool:
            situation = self.terminal.shows[-1].situation if self.terminal.shows else None
            return isinstance(situation, kind) and holds(situation)

        await self.terminal.until(there, f"{kind.__name__}, not {self.terminal.situation}")
        situation = self.terminal.shows[-1].situation
        assert isinstance(situation, kind)
        return situation

    async def begins(self, tax_id: str) -> None:
        await self.sees(m.Home, lambda home: home.can_apply)
        await self.press(a.StartApplying)
        await self.sees(a.EnterTaxId)
        await self.press(a.SubmitTaxId, tax_id=tax_id)
        await self.sees(a.ChooseItem)

    async def leaves(self) -> None:
        await self.press(m.GoHome)
        await self.sees(m.Home)

    async def applies(self, tax_id: str, yuan: str) -> str:
        """From the home screen to the receipt; the code that stands on it."""
        before = len(self.devices.printer.slips)
        await self.begins(tax_id)
        await self.press(a.TakeItem, item="meal")
        shown = await self.sees(a.EnterPrice)
        assert (shown.at_most, shown.without_service) == (Decimal(150), True)
        await self.press(a.SubmitPrice, yuan=Decimal(yuan))
        await self.sees(a.GiveTitle)
        # Each buyer has a card of their own: the same code within a moment is the same scan.
        self.devices.scanner.scan(title_card.to_text(TitleCard(f"甲{yuan}公司", BUYER, "", "")))
        review = await self.sees(a.ApplicationReview)
        assert review.without_service
        await self.press(a.Apply)
        ended = await self.sees(m.PrintEnded)
        assert ended.outcome == "proven"
        await self.leaves()
        slip = self.devices.printer.wait_for_slips(before + 1)[before]
        assert "不是发票" in slip.text
        (code,) = zxingcpp.read_barcodes(Image.open(slip.picture))
        return code.text

    async def learns(self, code: str, state: str) -> a.ApplicationTold:
        """Holds up the receipt and waits until it says more than that it waits."""
        self.devices.scanner.scan(code)
        return await self.sees(a.ApplicationTold, lambda told: told.state == state)


@asynccontextmanager
async def office(folder: Path, settings: Path, port: int = 0) -> AsyncGenerator[RunningService]:
    source = partial(open_platforms, settings)
    async with run_service(
        folder, "localhost", port, source, names=("localhost",), first_pause_s=0.01
    ) as running:
        yield running


async def test_applied_offline_then_issued_or_refused_as_the_platform_says(
    tmp_path: Path, devices: SimulatedDevices
) -> None:
    folder = tmp_path / "office"
    async with stand_ins(tmp_path / "stand-ins", bureau_takes_s=0.0) as running:
        async with office(folder, running.settings) as service:
            port, admin = service.port, Admin(folder)
            url = f"https://localhost:{port}"
            for tax_id in (KNOWN, UNKNOWN):
                await admin.add_business(business(tax_id))
            async with whole(tmp_path, devices=devices, url=url) as terminal:
                await enrolled(admin, terminal.identity_files, url)
                await terminal.start()
                person = Person(terminal, devices)
                for tax_id in (KNOWN, UNKNOWN):  # the terminal learns on what terms they may
                    await person.begins(tax_id)
                    await person.leaves()
                await terminal.stop()
        async with whole(tmp_path, devices=devices, url=url) as terminal:
            await terminal.start()  # and knows it after a restart, without the service
            await terminal.until(lambda: "link_down" in terminal.ribbons, "the link is down")
            person = Person(terminal, devices)
            good = await person.applies(KNOWN, "106.00")
            bad = await person.applies(UNKNOWN, "150.00")
            await person.begins(UNKNOWN)
            await person.press(a.TakeItem, item="meal")
            assert (await person.sees(a.NotAccepted)).why == "allowance"
            await person.leaves()

            async with office(folder, running.settings, port):
                issued = await person.learns(good, "issued")
                assert len(issued.number) == 20
                assert issued.total_with_tax == Decimal("106.00")
                numbers = {one.number for one in running.ledger._records.records}
                assert issued.number in numbers
                await person.leaves()
                refused = await person.learns(bad, "refused")
                assert (refused.words, refused.number) == ("销售方未登记", "")
                alerts = (await Admin(folder).alerts()).alerts
                assert [one.kind for one in alerts] == ["application_refused"]
                await person.leaves()
                await person.begins(UNKNOWN)  # nothing is owed any more: the whole limit again
                await person.press(a.TakeItem, item="meal")
                assert (await person.sees(a.EnterPrice)).at_most == Decimal(1000)
