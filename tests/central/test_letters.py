"""The answer by letter: sent through a real SMTP server, and the address is gone after it."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from central_kit import AT, REFERENCE, ServiceProcess, operation, rows, until
from mail_kit import mail_server

from central.contract import Reference, Ruling, encode, sha256_hex
from central.contract_people import OP_CASE_OPENED, CaseOpened
from central.contract_tickets import CaseState
from central.service import cases, inbox
from central.service.addresses import AddressKey
from central.service.alerts import AlertKind, Alerts
from central.service.letter_rounds import FIRST_PAUSE_S, GIVEN_UP_AFTER
from central.service.letter_words import body_of, subject_of
from central.service.letters import Letters
from central.service.mail import Handed, Mail, MailSettings, WrongMail, letter
from central.service.opening import open_store
from central.service.store import Connection, Store
from einvoice.verdict import Source, Verdict

NUMBER, ADDRESS = "SF-1-261124-0007", "zhang.san@example.com"


@dataclass
class Post:
    """A store with a case, and a clock that is set by hand."""

    store: Store
    key: AddressKey
    alerts: Alerts = field(init=False)
    now: datetime = AT

    def __post_init__(self) -> None:
        self.alerts = Alerts(self.store, lambda: self.now)

    async def open_case(self) -> None:
        body = CaseOpened(
            NUMBER, sha256_hex("s"), Reference.of(REFERENCE), Verdict.NOT_FOUND, address=ADDRESS
        )
        examined = inbox.examine(operation(1, body, OP_CASE_OPENED), self.key.seal)
        await self.store.write(lambda c: inbox.apply(c, "t1", (examined,), self.now))

    async def end_case(self, verdict: Verdict = Verdict.NORMAL) -> None:
        ruling = encode(Ruling(verdict, Source.TAX_SERVICE, self.now)).decode()
        state = cases.step(verdict, self.now.date(), self.now).state

        def end(connection: Connection) -> None:
            cases.keep_step(connection, NUMBER, state, self.now)
            connection.execute(
                "UPDATE tickets SET ruling = ?, ruled_at = ?, next_ask_at = NULL",
                (ruling, self.now.timestamp()),
            )

        await self.store.write(end)

    @asynccontextmanager
    async def sending(self, mail: Mail | None) -> AsyncGenerator[Letters]:
        letters = Letters(self.store, mail, self.key, self.alerts, lambda: self.now)
        running = asyncio.create_task(letters.run())
        try:
            yield letters
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def column(self, name: str) -> object:
        ((value,),) = await self.store.read(
            lambda c: c.execute(f"SELECT {name} FROM cases").fetchall()  # noqa: S608
        )
        return value

    async def until(self, name: str, value: object) -> None:
        async with asyncio.timeout(20):
            while await self.column(name) != value:
                await asyncio.sleep(0.005)


@asynccontextmanager
async def post(directory: Path, database: str = "") -> AsyncGenerator[Post]:
    store = await open_store(directory, database)
    try:
        yield Post(store, AddressKey.ensured(directory))
    finally:
        await store.close()


async def test_found_told_and_the_address_is_gone_from_the_files(tmp_path: Path) -> None:
    async with mail_server(folder(tmp_path)) as server, post(tmp_path) as here:
        await here.open_case()
        sealed = await here.column("address")
        assert isinstance(sealed, str)
        files = (tmp_path / "central.db", tmp_path / "central.db-wal")
        assert any(sealed.encode() in file.read_bytes() for file in files)
        await here.end_case()
        async with here.sending(server.mail()), asyncio.timeout(20):
            await server.mailbox.arrived.wait()
            await here.until("address", None)
            while any(sealed.encode() in file.read_bytes() for file in files):
                await asyncio.sleep(0.005)
        assert all(ADDRESS.encode() not in file.read_bytes() for file in files)
    (told,) = server.mailbox.letters
    assert server.mailbox.was_tls
    assert told["To"] == ADDRESS
    assert NUMBER in told["Subject"]
    text = told.get_content()
    assert "现已能在税务系统中查到" in text
    assert "can now be found" in text
    assert REFERENCE.number not in text  # a letter is read by whoever has the mailbox


async def test_the_same_on_both_databases(tmp_path: Path, database: str) -> None:
    async with mail_server(folder(tmp_path)) as server, post(tmp_path, database) as here:
        await here.open_case()
        await here.end_case(Verdict.MISMATCH)
        async with here.sending(server.mail()):
            await here.until("address", None)
        assert len(server.mailbox.letters) == 1
        assert rows(tmp_path, "SELECT letter_at FROM cases", database) == [(None,)]


async def test_a_busy_server_is_asked_again_with_the_same_letter(tmp_path: Path) -> None:
    async with mail_server(folder(tmp_path)) as server, post(tmp_path) as here:
        server.mailbox.says = "451 come back later"
        await here.open_case()
        await here.end_case()
        async with here.sending(server.mail()) as letters:
            await here.until("letter_tries", 1)
            assert await here.column("address") is not None
            server.mailbox.says = ""
            here.now += timedelta(seconds=FIRST_PAUSE_S + 1)
            letters.wake()
            await here.until("address", None)
        assert server.mailbox.tries == 2
        assert len(server.mailbox.letters) == 1


async def test_a_refused_address_is_not_tried_again_and_somebody_is_told(tmp_path: Path) -> None:
    async with mail_server(folder(tmp_path)) as server, post(tmp_path) as here:
        server.mailbox.says = "550 no such mailbox"
        await here.open_case()
        await here.end_case()
        async with here.sending(server.mail()):
            await here.until("address", None)
        assert server.mailbox.tries == 1
        await here.alerts.flush()
        (alert,) = await here.alerts.newest()
        assert alert.kind is AlertKind.LETTER_NOT_SENT
        assert "550" in alert.detail
        assert ADDRESS not in alert.detail


async def test_a_server_that_stays_away_is_given_up_after_days(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        nobody = Mail(
            MailSettings("127.0.0.1", "t@hall.example", port=1), "", ssl.create_default_context()
        )
        await here.open_case()
        await here.end_case()
        async with here.sending(nobody) as letters:
            await here.until("letter_tries", 1)
            here.now += GIVEN_UP_AFTER
            letters.wake()
            await here.until("address", None)


async def test_killed_before_it_knows_that_the_letter_was_taken_it_sends_the_same_again(
    tmp_path: Path, database: str
) -> None:
    directory = tmp_path / "service"
    directory.mkdir()
    async with mail_server(folder(tmp_path)) as server:
        async with post(directory, database) as here:
            await here.open_case()
            await here.end_case()
        service = ServiceProcess(
            directory, database=database, options=("--mail", str(server.settings))
        )
        server.mailbox.on_letter = service.kill
        await asyncio.to_thread(service.start)
        try:
            async with asyncio.timeout(20):
                await server.mailbox.arrived.wait()
            query = "SELECT address IS NOT NULL FROM cases"
            assert bool(rows(directory, query, database)[0][0])
            server.mailbox.on_letter = lambda: None
            await asyncio.to_thread(service.start)
            await until(lambda: rows(directory, "SELECT address FROM cases", database) == [(None,)])
        finally:
            service.kill()
    first, second = server.mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]


async def test_nothing_goes_out_to_a_server_without_tls(tmp_path: Path) -> None:
    async with mail_server(folder(tmp_path), offers_tls=False) as server:
        told = letter(
            sender="a@hall.example", to=ADDRESS, subject="s", text="t", message_id="<1@x>"
        )
        handing = await asyncio.to_thread(server.mail().hand_over, told)
        assert handing.handed is Handed.LATER
        assert server.mailbox.tries == 0


async def test_a_server_with_a_foreign_certificate_gets_nothing(tmp_path: Path) -> None:
    async with mail_server(folder(tmp_path)) as server:
        text = server.settings.read_text().replace('ca_file = "ca.pem"\n', "")
        server.settings.write_text(text)
        told = letter(
            sender="a@hall.example", to=ADDRESS, subject="s", text="t", message_id="<1@x>"
        )
        handing = await asyncio.to_thread(server.mail().hand_over, told)
        assert handing.handed is Handed.LATER
        assert handing.why == "SSLCertVerificationError"
        assert server.mailbox.tries == 0


async def test_without_mail_an_address_that_is_there_goes_unused(tmp_path: Path) -> None:
    async with post(tmp_path) as here:
        await here.open_case()
        await here.end_case()
        async with here.sending(None):
            await here.until("address", None)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.UNAVAILABLE])
def test_each_end_has_words_that_claim_nothing_more(verdict: Verdict) -> None:
    state = cases.step(verdict, AT.date(), AT).state
    text = body_of(state, verdict, NUMBER, Reference.of(REFERENCE))
    assert NUMBER in text
    assert NUMBER in subject_of(state, NUMBER)
    assert "假票" not in text
    if state is CaseState.CLOSED and verdict is Verdict.NOT_FOUND:
        assert "不表示发票是假的" in text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('host = "h"', "sender"),
        ('host = "h"\nsender = "s"\nsecurity = "none"', "none"),
        ('host = "h"\nsender = "s"\nuser = "u"', "password_file"),
        ('host = "h"\nsender = "s"\nport = 0', "port"),
    ],
)
def test_wrong_settings_are_said(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "mail.toml"
    path.write_text(text)
    with pytest.raises(WrongMail, match=why):
        Mail.of_file(path)


def folder(beside: Path) -> Path:
    made = beside / "mail"
    made.mkdir()
    return made
