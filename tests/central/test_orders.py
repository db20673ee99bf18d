"""Settings and commands are kept for their terminal, given to it alone, and gone with its word."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from central_kit import operation
from cryptography.hazmat.primitives import serialization
from identity_kit import PATIENT_S, Hall, Wall, hall

from central.admin import AdminRefused, OrderWanted
from central.client import CentralClient
from central.contract import Operation, OperationsAnswer, PingAnswer, Receipt
from central.contract_orders import (
    OP_ORDER_OUTCOME,
    CommandsAnswer,
    OrderEnded,
    OrderOutcome,
    SettingsAnswer,
)
from central.keys import private_pem
from central.service.authority import new_root
from central.signed_commands import CommandAct, CommandOrder
from central.signed_commands import signed as signed_command
from central.signed_settings import SettingsOrder, opened
from central.signed_settings import signed as signed_settings
from central.signing import NotSigned, verified

NOW = datetime.now(UTC)


def key_of(there: Hall) -> bytes:
    return (there.directory / "ca-key.pem").read_bytes()


def settings(there: Hall, serial: int, terminal: str = "") -> bytes:
    order = SettingsOrder(terminal, serial, NOW, "[visit]\nidle_s = 90\n")
    return signed_settings(order, key_of(there))


def command(
    there: Hall, terminal: str, act: CommandAct = CommandAct.RESYNC, hours: float = 1.0
) -> tuple[str, bytes]:
    name = secrets.token_hex(16)
    order = CommandOrder(name, terminal, NOW, NOW + timedelta(hours=hours), act)
    return name, signed_command(order, key_of(there))


def told(number: int, order: str, outcome: str, why: str = "") -> Operation:
    return operation(number, OrderEnded(order, outcome, why), OP_ORDER_OUTCOME, "orders")


async def ping(client: CentralClient) -> tuple[int, int]:
    answer = await client.ping(PATIENT_S)
    assert isinstance(answer, PingAnswer), answer
    return answer.settings_serial, answer.commands


async def send(client: CentralClient, *operations: Operation) -> list[Receipt]:
    answer = await client.send(operations, f"b{operations[0].seq}", PATIENT_S)
    assert isinstance(answer, OperationsAnswer), answer
    return [one.receipt for one in answer.results]


async def fetched(client: CentralClient) -> tuple[bytes, ...]:
    answer = await client.orders.commands(PATIENT_S)
    assert isinstance(answer, CommandsAnswer), answer
    return answer.commands


async def refusal(there: Hall, wanted: OrderWanted) -> str:
    with pytest.raises(AdminRefused) as said:
        await there.admin.publish(wanted)
    return str(said.value)


async def test_an_order_waits_for_its_terminal_until_that_has_said_what_became_of_it(
    tmp_path: Path, database: str
) -> None:
    wall = Wall()
    async with hall(tmp_path, wall=wall, database=database) as there:
        await there.enrolled("03")
        await there.enrolled("04")
        async with there.client("03") as third, there.client("04") as fourth:
            assert await ping(third) == (0, 0)
            name, carried = command(there, "03")
            await there.admin.publish(OrderWanted(command=carried))
            await there.admin.publish(OrderWanted(settings=settings(there, 7)))
            await there.admin.publish(OrderWanted(settings=settings(there, 9, "03")))
            assert (await ping(third), await ping(fourth)) == ((9, 1), (7, 0))
            assert (await fetched(third), await fetched(fourth)) == ((carried,), ())
            given = await fourth.orders.settings(PATIENT_S)
            assert isinstance(given, SettingsAnswer)
            assert given.serial == 7
            assert opened(given.signed, there.service.ca_file.read_text()).serial == 7

            # Another terminal's word settles nothing.
            assert await send(fourth, told(1, name, OrderOutcome.DONE)) == [Receipt.NEW]
            assert await fetched(third) == (carried,)
            assert await send(
                third,
                told(2, name, OrderOutcome.DONE),
                told(3, "settings 9", OrderOutcome.TRYING),
                told(4, "settings 9", OrderOutcome.GIVEN_UP, "printer_silent"),
                told(5, "", OrderOutcome.REFUSED, "replayed"),
                told(6, name, "eaten"),
            ) == [Receipt.NEW] * 4 + [Receipt.REJECTED]
            assert (await ping(third), await fetched(third)) == ((9, 0), ())
            assert (await there.alerts())["order_refused"].terminal == "03"
            rows = {(one.order, one.terminal): one for one in await there.admin.orders()}
            assert rows[name, "03"].outcome == "done"
            tried = rows["settings 9", "03"]
            assert (tried.outcome, tried.why) == ("given_up", "printer_silent")
            assert rows["settings 7", ""].outcome == ""

            # What nobody fetched in time is not given out any more.
            _, late = command(there, "04")
            await there.admin.publish(OrderWanted(command=late))
            wall.at += timedelta(hours=2)
            assert (await ping(fourth), await fetched(fourth)) == ((7, 0), ())
            assert "expired" in await refusal(there, OrderWanted(command=late))

    # What waits is known again after a restart.
    async with hall(tmp_path, database=database) as there:
        _, again = command(there, "04")
        await there.admin.publish(OrderWanted(command=again))
    async with hall(tmp_path, database=database) as there, there.client("04") as fourth:
        serial, commands = await ping(fourth)
        assert (serial, commands >= 1) == (7, True)


async def test_what_no_terminal_would_take_is_not_kept(tmp_path: Path, database: str) -> None:
    stranger, _ = new_root("somebody", NOW)
    async with hall(tmp_path, database=database) as there:
        _, carried = command(there, "03")
        await there.admin.publish(OrderWanted(command=carried))
        assert "kept already" in await refusal(there, OrderWanted(command=carried))
        changed = carried.replace(b'"order":"', b'"order":"AAAA', 1)
        assert "not signed" in await refusal(there, OrderWanted(command=changed))
        order = CommandOrder("0" * 32, "03", NOW, NOW + timedelta(days=8), "restart")
        long = signed_command(order, key_of(there))
        assert "more than 7 days" in await refusal(there, OrderWanted(command=long))
        # Signed for one use is not signed for another.
        assert "not signed" in await refusal(there, OrderWanted(command=settings(there, 3)))
        theirs = signed_settings(SettingsOrder("", 3, NOW, ""), private_pem(stranger))
        assert "not signed" in await refusal(there, OrderWanted(settings=theirs))
        await there.admin.publish(OrderWanted(settings=settings(there, 3, "03")))
        same = OrderWanted(settings=settings(there, 3))
        assert "not newer than 3" in await refusal(there, same)
        await there.admin.publish(OrderWanted(settings=settings(there, 2, "04")))
        assert len(await there.admin.orders()) == 3


def test_a_signature_is_of_one_authority_and_one_use() -> None:
    key, root = new_root("office", NOW)
    pem = root.public_bytes(serialization.Encoding.PEM).decode()
    order = CommandOrder("a" * 32, "03", NOW, NOW + timedelta(hours=1), "restart")
    carried = signed_command(order, private_pem(key))
    assert verified(carried, b"invoice-terminal command 1\0", pem)
    _, other = new_root("office", NOW)
    for context, ca_pem in (
        (b"invoice-terminal settings 1\0", pem),
        (
            b"invoice-terminal command 1\0",
            other.public_bytes(serialization.Encoding.PEM).decode(),
        ),
    ):
        with pytest.raises(NotSigned):
            verified(carried, context, ca_pem)
