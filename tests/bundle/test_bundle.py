"""A support bundle: whole, sealed, and with nothing of a person or a secret in it."""

import asyncio
import base64
import json
import re
import zlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from einvoice.kinds import Kind
from kiosk import messages as m
from kiosk.bundle import gathering
from kiosk.bundle.scrub import CUT, scrubbed
from kiosk.bundle.sealing import NotOpened, seal, unseal
from kiosk.cli import main
from kiosk.daemon.acts import ScreenConnected
from kiosk.daemon.audit import KEY_FILE as AUDIT_KEY_FILE
from kiosk.daemon.audit import Audit
from kiosk.daemon.opening import KEY_FILE, open_queue
from kiosk.daemon.server import Server
from kiosk.picture_messages import DescribeScreen, Part, PartKind, ScreenPicture
from kiosk.staff import SOCKET_NAME
from kiosk.staff_messages import QueueShown, StaffAnswer, StaffAsk
from offline_queue import Parked

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OFFICE = X25519PrivateKey.generate()
PUBLIC = OFFICE.public_key().public_bytes_raw()

# What must never leave a terminal, planted wherever somebody could have left it.
BUYER = "海淀张三丰有限公司"
PERSON = "王小明"
TAX_ID = "91110108MA01A2B3C4"
ID_CARD = "11010519491231002X"
PHONE = "13800138000"
INVOICE = "25117000000123456789"
CHECK = "12345678901234567890"
PASSWORD = "hunter2-marked"
PIN = "480213"
TICKET_SECRET = "K7QX2M9TPLANTED"
MARKS = (BUYER, PERSON, TAX_ID, ID_CARD, PHONE, INVOICE, CHECK, PASSWORD, PIN, TICKET_SECRET)

HEAD = "2026-11-24T12:00:00+0800 k11 kiosk[321]: 2026-11-24 12:00:00,123 daemon"
LOG = [
    f"{HEAD} INFO kiosk.daemon.link link.changed state=offline why=timeout",
    f"{HEAD} INFO kiosk.daemon.visit visit.asked number={INVOICE} buyer={BUYER} phone={PHONE}",
    f"{HEAD} INFO kiosk.daemon.visit asked for {INVOICE} by {PERSON}",
    f"{HEAD} WARNING kiosk.daemon.x pin.tried pin={PIN} id={ID_CARD} tax={TAX_ID}",
    f"{HEAD} INFO kiosk.daemon.x ticket.read secret={TICKET_SECRET} check={CHECK}",
    f"{HEAD} ERROR asyncio Task exception was never retrieved {PERSON}",
    "Traceback (most recent call last):",
    '  File "/usr/lib/kiosk/python/lib/site-packages/kiosk/daemon/visit.py", line 7, in x',
    f'    check("{PERSON}", "{CHECK}")',
    f"ValueError: {BUYER} {INVOICE}",
    f"central.failure.SomeError: {PASSWORD}",
    f"2026-11-24T12:00:01+0800 k11 Xorg[9]: (II) {PERSON} {PHONE}",
    f"{PASSWORD}",
]


def planted(_count: int) -> Iterable[str]:
    return LOG


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a terminal in which everything is planted."""
    state = tmp_path / "state"
    _, outbox = open_queue(state)
    audit = Audit.open(outbox, state)
    audit.note(ScreenConnected())
    asyncio.run(audit.flush())
    body = json.dumps({"buyer": BUYER, "person": PERSON, "number": INVOICE, "tax": TAX_ID})
    outbox.put("verify.later", f"ticket:{TICKET_SECRET}", body, at=NOON)
    (owed,) = outbox.due(1, 1 << 20)
    outbox.settle([Parked(owed.op_id, f"refused: {PERSON}")])  # as a service might word it
    outbox.close()
    identity = state / "identity"
    identity.mkdir(mode=0o700)
    (identity / "next-key.pem").write_text(PASSWORD)
    (state / "note.txt").write_text(PERSON)
    (state / f"{PERSON}.pdf").write_text(ID_CARD)
    monkeypatch.setattr(gathering.gather, "__defaults__", (planted,))
    return {
        "KIOSK__PATHS__STATE_DIR": str(state),
        "KIOSK__SERVICE__URL": f"https://office:{PASSWORD}@central.invalid:8443",
        "KIOSK__SUPPORT__OFFICE_KEY": PUBLIC.hex(),
        "SOME_OTHER_VARIABLE": PIN,
    }


def kiosk(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment)


def made(environment: dict[str, str], folder: Path) -> Path:
    said = kiosk(environment, "bundle", "make", "--json", "--to", str(folder))
    assert said.exit_code == 0, said.output
    (path,) = folder.glob("*.kioskbundle")
    assert json.loads(said.output)["file"] == str(path)
    return path


def test_no_secret_and_nothing_of_a_person_is_inside(
    terminal: dict[str, str], tmp_path: Path
) -> None:
    sealed = made(terminal, tmp_path).read_bytes()
    content = zlib.decompress(unseal(sealed, OFFICE.private_bytes_raw()))
    assert b"screen.connected" in content
    assert b"verify.later" in content
    state = Path(terminal["KIOSK__PATHS__STATE_DIR"])
    secrets = [mark.encode() for mark in MARKS]
    secrets += [(state / name).read_bytes()[:32] for name in (KEY_FILE, AUDIT_KEY_FILE)]
    for secret in secrets:
        forms = (
            secret,
            secret.hex().encode(),
            base64.b64encode(secret)[:-4],
            json.dumps(secret.decode("utf-8", "replace")).strip('"').encode(),
        )
        for form in forms:
            assert form not in content, secret
            assert form not in sealed
    assert b"screen.connected" not in sealed


def test_who_opens_it_reads_first_what_is_wrong(terminal: dict[str, str], tmp_path: Path) -> None:
    path = made(terminal, tmp_path)
    key = tmp_path / "office.key"
    key.write_text(OFFICE.private_bytes_raw().hex())
    said = kiosk({}, "bundle", "show", str(path), "--key", str(key), "--log").output
    lines = said.splitlines()
    assert lines[1].startswith("WRONG ")
    for part in (
        "[daemon_not_running]",
        "[not_enrolled]",
        "errors in the log",
        "owed: 1 verify.later parked other,",
        "support.office_key",
        "link.changed state=offline why=timeout",
        'kiosk/daemon/visit.py", line 7, in x',
        f"ValueError: {CUT}",
        "screen.connected",
    ):
        assert part in said, part
    read = json.loads(kiosk({}, "bundle", "show", str(path), "--key", str(key), "--json").output)
    assert read["head"]["n"] >= 1


def test_only_the_offices_key_opens_it_and_a_changed_one_is_refused() -> None:
    sealed = seal(b"content", PUBLIC)
    assert unseal(sealed, OFFICE.private_bytes_raw()) == b"content"
    other = X25519PrivateKey.generate().private_bytes_raw()
    with pytest.raises(NotOpened):
        unseal(sealed, other)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 0x80 if place == len(sealed) - 1 else 1
        with pytest.raises(NotOpened):
            unseal(bytes(changed), OFFICE.private_bytes_raw())
    with pytest.raises(NotOpened):
        unseal(sealed[:40], OFFICE.private_bytes_raw())
    assert seal(b"content", PUBLIC) != sealed


def test_the_office_makes_its_key_once(tmp_path: Path) -> None:
    key = tmp_path / "office.key"
    said = kiosk({}, "bundle", "make-key", str(key))
    line = re.search(r'office_key = "([0-9a-f]{64})"', said.output)
    assert line
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(key.read_text().strip()))
    assert private.public_key().public_bytes_raw().hex() == line[1]
    assert key.stat().st_mode & 0o077 == 0
    assert kiosk({}, "bundle", "make-key", str(key)).exit_code == 1
    another = json.loads(kiosk({}, "bundle", "make-key", "--json", str(tmp_path / "k2")).output)
    assert re.fullmatch("[0-9a-f]{64}", another["office_key"])


def test_without_the_offices_key_nothing_is_made(terminal: dict[str, str], tmp_path: Path) -> None:
    terminal["KIOSK__SUPPORT__OFFICE_KEY"] = ""
    said = kiosk(terminal, "bundle", "make", "--to", str(tmp_path))
    assert said.exit_code == 1
    assert "make-key" in said.output
    assert not list(tmp_path.glob("*.kioskbundle"))


def test_a_stick_that_is_not_there_is_said(terminal: dict[str, str], tmp_path: Path) -> None:
    said = kiosk(terminal, "bundle", "make", "--to", str(tmp_path / "stick"))
    assert said.exit_code == 1
    assert "No such file" in said.output


def test_a_log_that_cannot_be_read_is_said_and_the_rest_is_there(
    terminal: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_count: int) -> list[str]:
        raise gathering.NoJournal("FileNotFoundError")

    monkeypatch.setattr(gathering.gather, "__defaults__", (none,))
    said = kiosk(terminal, "bundle", "make", "--to", str(tmp_path))
    assert said.exit_code == 0
    assert "not in it: log: FileNotFoundError" in said.output


@given(st.text())
def test_whatever_is_no_line_of_ours_is_cut(text: str) -> None:
    (said,) = scrubbed([f"Xorg: {text}".replace("\n", " ") + " x"])
    assert said == CUT or said.endswith(f": {CUT}") or said.startswith("  File ")


@given(
    st.from_regex(r"[0-9]{8,20}|[0-9A-Z]{15,20}|[\u4e00-\u9fff]{1,12}|[0-9]{4,6}", fullmatch=True)
)
def test_no_number_of_an_invoice_or_a_person_survives_in_a_field(value: str) -> None:
    (said,) = scrubbed([f"{HEAD} INFO kiosk.daemon.x some.fact what={value}"])
    assert said.endswith(f"what={CUT}")


def screen_picture(number: int) -> ScreenPicture:
    """What a screen says that would tell more than it may."""
    parts = (
        Part("PressButton", PartKind.CONTROL, (20, 300, 300, 80), "footer.end"),
        Part("Text", PartKind.WORDS, (40, 320, 200, 40), key="common.end", type_px=30),
        Part("Text", PartKind.WORDS, (40, 20, 200, 40), key=f"verdict.{PIN}", type_px=30),
        Part("QrCode", PartKind.PICTURE, (340, 20, 200, 200)),
    )
    return ScreenPicture(
        number, "verdict", "zh", large_text=True, high_contrast=False,
        width_px=600, height_px=400, parts=parts,
    )  # fmt: skip


@pytest.fixture
async def shown(terminal: dict[str, str]) -> AsyncIterator[None]:
    """A daemon that answers, and a screen that shows everything that is planted."""
    socket = Path(terminal["KIOSK__PATHS__STATE_DIR"]) / SOCKET_NAME
    told = m.ReferenceView(Kind.DIGITAL_ORDINARY, INVOICE, NOON.date(), check_code=CHECK)
    seen = m.Show(1, m.Checking(told), hall=BUYER, terminal="03", language="zh", ribbons=(PERSON,))
    status = m.Status(
        terminal="03", version="0", started_at=NOON, link="online", link_why="",
        printer="ready", scanner="connected", waiting=0, parked=0, oldest_waiting_s=None,
        situation="checking",
    )  # fmt: skip

    async def queue(_: StaffAsk) -> StaffAnswer:
        return QueueShown(0, 0)

    server = Server(
        socket, shown=lambda: seen, status=lambda: status, intend=lambda _: None, staff=queue
    )
    await server.start()
    reader, writer = await asyncio.open_unix_connection(str(socket))
    writer.write(msgspec.json.encode(m.Hello(m.Role.SCREEN, m.PROTOCOL_VERSION)) + b"\n")

    async def answer() -> None:
        while line := await reader.readline():
            asked = msgspec.json.decode(line, type=m.FromDaemon)
            if isinstance(asked, DescribeScreen):
                writer.write(msgspec.json.encode(screen_picture(asked.number)) + b"\n")

    answering = asyncio.create_task(answer())
    yield
    await server.close()
    await answering
    writer.close()


async def test_the_screen_is_in_it_without_data_and_is_drawn_in_the_office(
    terminal: dict[str, str], shown: None, tmp_path: Path
) -> None:
    path = await asyncio.to_thread(made, terminal, tmp_path)
    content = zlib.decompress(unseal(path.read_bytes(), OFFICE.private_bytes_raw()))
    assert b'"common.end"' in content
    for mark in MARKS:
        assert mark.encode() not in content, mark
    key = tmp_path / "office.key"
    key.write_text(OFFICE.private_bytes_raw().hex())
    drawn = tmp_path / "screen.png"
    arguments = ("bundle", "show", str(path), "--key", str(key), "--picture", str(drawn))
    said = await asyncio.to_thread(kiosk, {}, *arguments)
    assert said.exit_code == 0, said.output
    assert "screen verdict, zh, large, 600x400 px" in said.output
    with Image.open(drawn) as picture:
        assert picture.size == (600, 400)
        # Grey for what is no sentence of ours, words in the button, a frame for the code.
        assert picture.getpixel((50, 40)) == (0xB8, 0xB8, 0xB8)
        assert len(picture.crop((40, 320, 240, 360)).getcolors() or ()) > 2
        assert picture.getpixel((350, 120)) == (0xDC, 0xDC, 0xDC)


def test_without_a_screen_that_is_said(terminal: dict[str, str], tmp_path: Path) -> None:
    said = kiosk(terminal, "bundle", "make", "--to", str(tmp_path))
    assert "not in it: screen: the daemon does not answer" in said.output
    (path,) = tmp_path.glob("*.kioskbundle")
    key = tmp_path / "office.key"
    key.write_text(OFFICE.private_bytes_raw().hex())
    drawn = tmp_path / "screen.png"
    said = kiosk({}, "bundle", "show", str(path), "--key", str(key), "--picture", str(drawn))
    assert said.exit_code == 1
    assert "no picture of the screen is in it" in said.output
    assert not drawn.exists()
