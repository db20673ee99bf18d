"""`python -m einvoice FILE`: what it prints, what it keeps back, how it ends."""

import base64
import io
import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.sandbox.mint import Breakage, Mint, MintedInvoice, sealing
from central.sandbox.mint.authority import Authority
from central.sandbox.mint.ofd_signer import pack
from einvoice import title_card
from einvoice.__main__ import main
from einvoice.field_texts import Showing
from einvoice.file_report import FileReport, What, report_file
from einvoice.file_report_text import as_json, as_lines, columns_of
from einvoice.file_seals import PartSeal
from einvoice.kinds import Kind
from einvoice.masking import mask_tax_id
from einvoice.seals import Outcome, SealReport, SignatureReport, TrustStore
from einvoice.seals.certificate import Certificate

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
ACCEPTED = sealing(Authority("accepted", "样例税务CA(SM2)"))
MAKER_SHA256 = Certificate.parse(ACCEPTED.maker.certificate).sha256
OLD, DIGITAL = Kind.ORDINARY_ELECTRONIC, Kind.DIGITAL_SPECIAL


def minted(kind: Kind = DIGITAL) -> MintedInvoice:
    return Mint("command").invoice(kind)


def report(data: bytes, *, is_full: bool = False) -> FileReport:
    return report_file(data, TODAY, trust=TrustStore(), now=NOW, showing=Showing(is_full))


class Command:
    """Runs the command on files of a folder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def on(self, data: bytes, *options: str, name: str = "file") -> tuple[int, str]:
        path = self._folder / name
        path.write_bytes(data)
        code = main([str(path), "--today", "2026-11-24", *options])
        return code, self._capsys.readouterr().out


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, capsys)


def test_it_says_what_was_read_and_from_where(command: Command) -> None:
    one = minted()
    code, printed = command.on(one.xml())
    assert code == 0
    lines = [line.split() for line in printed.splitlines()]
    assert lines[0] == ["invoice"]
    assert ["number", one.invoice.number, "invoice_xml", "InvoiceNumber"] in lines
    assert ["total_with_tax", f"{one.invoice.total_with_tax}", "invoice_xml",
            "TotalTax-includedAmount"] in lines  # fmt: skip
    assert ["screening", "agrees"] in lines
    assert ["seal", "cannot_verify"] in lines


def test_places_stand_under_each_other_on_a_terminal_whatever_script_the_values_are_in() -> None:
    said = report(minted().ofd())
    lines = list(as_lines(said))[1:]
    fields = [field for field in said.invoices[0].read if columns_of(field.value) <= 26]
    assert any(not field.value.isascii() for field in fields)
    starts = {
        columns_of(line.partition(f"  {field.place}")[0])
        for line, field in zip(lines, said.invoices[0].read, strict=False)
        if field in fields
    }
    assert starts == {2 + 21 + 26}


def test_the_seals_of_files_in_a_zip_in_a_zip_are_checked_under_their_paths() -> None:
    old = minted(OLD)
    inner = pack({"a.ofd": old.ofd(), "b.xml": minted().xml()})
    said = report(pack({"inner.zip": inner}))
    assert [(seal.part, seal.outcome) for seal in said.seals if seal.part.endswith(".ofd")] == [
        ("inner.zip!a.ofd", Outcome.TEST_SEAL.value)
    ]
    assert "inner.zip!a.ofd!" in said.invoices[0].read[1].place


def test_an_old_invoice_with_an_accepted_seal(command: Command, tmp_path: Path) -> None:
    trust = tmp_path / "trust.toml"
    trust.write_text(f'[[maker]]\nsha256 = "{MAKER_SHA256}"\n', encoding="utf-8")
    file = minted(OLD).ofd(sealed_by=ACCEPTED)
    code, printed = command.on(file, "--trust", str(trust), "--json")
    assert code == 0
    said = json.loads(printed)
    assert said["seals"][0]["outcome"] == "genuine_seal"
    assert all(field["is_sealed"] for field in said["invoices"][0]["read"][1:])
    code, printed = command.on(file, "--json")
    assert code == 0
    assert json.loads(printed)["seals"][0]["outcome"] == "unknown_signer"


@pytest.mark.parametrize(
    ("file", "code", "said"),
    [
        (minted().xml(), 0, "screening agrees"),
        (minted().broken(Breakage.WRONG_TAX_ID).xml(), 0, "warn tax_id_check_digit"),
        (minted().broken(Breakage.WRONG_TOTAL).xml(), 1, "differs total_sum"),
        (minted().broken(Breakage.QR_OF_ANOTHER).ofd(), 1, "differs qr_differs"),
        (minted(OLD).ofd(), 1, "seal test_seal"),
        (minted(OLD).broken(Breakage.TAMPERED_PAGE).ofd(sealed_by=ACCEPTED), 1, "seal tampered"),
        (minted(OLD).broken(Breakage.SEAL_OF_ANOTHER).ofd(sealed_by=ACCEPTED), 1, "seal tampered"),
        (
            minted(OLD).broken(Breakage.UNCOVERED_ROOT).ofd(sealed_by=ACCEPTED),
            0,
            "uncovered OFD.xml",
        ),
        (minted(OLD).ofd(sealed_by=ACCEPTED), 0, "seal unknown_signer"),
        (minted().broken(Breakage.TRUNCATED).xml(), 3, "unreadable: damaged"),
        (b"hello", 3, "unreadable: unknown_format"),
        (b"", 3, "unreadable: unknown_format"),
        (pack({"readme.txt": b"hello"}), 3, "unreadable: unknown_format"),
    ],
)
def test_how_it_ends(command: Command, file: bytes, code: int, said: str) -> None:
    ended, printed = command.on(file)
    assert ended == code
    assert said in " ".join(printed.split())


def test_several_invoices(command: Command) -> None:
    mint = Mint("several")
    one, two = mint.invoice(DIGITAL), mint.invoice(OLD)
    file = pack({"a.xml": one.xml(), "b.ofd": two.ofd(sealed_by=ACCEPTED)})
    code, printed = command.on(file)
    assert code == 0
    assert printed.startswith("several_invoices\ninvoice 1\n")
    assert "seal                 unknown_signer b.ofd" in printed


def test_a_field_is_sealed_only_where_every_signature_covers_it_and_all_are_whole() -> None:
    def signature(outcome: Outcome, *covered: str) -> SignatureReport:
        return SignatureReport("s", outcome, (), covered=frozenset(covered))

    def seal(*signatures: SignatureReport) -> PartSeal:
        return PartSeal("a.ofd", SealReport(Outcome.GENUINE_SEAL, (), signatures))

    whole = signature(Outcome.GENUINE_SEAL, "OFD.xml", "page")
    assert seal(whole).covered == {"a.ofd!OFD.xml", "a.ofd!page"}
    assert seal(whole, signature(Outcome.UNKNOWN_SIGNER, "page")).covered == {"a.ofd!page"}
    assert seal(whole, signature(Outcome.TAMPERED, "page")).covered == frozenset()
    assert seal(whole, signature(Outcome.TEST_SEAL, "page")).covered == frozenset()
    assert seal().covered == frozenset()


def test_an_unreadable_trust_file_is_a_wrong_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, trust = tmp_path / "a.xml", tmp_path / "trust.toml"
    file.write_bytes(minted().xml())
    assert main([str(file), "--trust", str(trust)]) == 2
    trust.write_text("[[maker]]\nsha256 = 1\n", encoding="utf-8")
    assert main([str(file), "--trust", str(trust)]) == 2
    assert "trust file" in capsys.readouterr().err


def personal(one: MintedInvoice) -> set[str]:
    """Everything of an invoice that is somebody's."""
    invoice = one.invoice
    told = {
        invoice.drawer,
        invoice.payee,
        invoice.reviewer,
        invoice.remark,
        *(passage.plate for passage in invoice.tolls),
    }
    for party in (invoice.seller, invoice.buyer):
        told |= {party.name, party.tax_id, party.address_phone, party.bank_account}
    if invoice.railway:
        told |= {invoice.railway.passenger, invoice.railway.ticket_number}
    if invoice.air:
        told |= {invoice.air.passenger, invoice.air.ticket_number, invoice.air.issued_by}
    return told - {""}


@pytest.mark.parametrize("kind", [DIGITAL, OLD, Kind.TOLL, Kind.DIGITAL_RAILWAY, Kind.DIGITAL_AIR])
@pytest.mark.parametrize("option", [(), ("--json",)])
def test_personal_data_is_masked_unless_all_is_asked_for(
    command: Command, kind: Kind, option: tuple[str, ...]
) -> None:
    one = minted(kind)
    if one.invoice.seller.tax_id:  # so that a finding has it to show
        one = one.broken(Breakage.WRONG_TAX_ID)
    _, masked = command.on(one.zip(), *option)
    assert {text for text in personal(one) if text in masked} == set()
    _, full = command.on(one.zip(), *option, "--full")
    assert {text for text in personal(one) if text not in full} == set()


def test_a_title_card_is_masked_too(capsys: pytest.CaptureFixture[str]) -> None:
    seller = minted().invoice.seller
    text = title_card_text(seller.name, seller.tax_id)
    main([text])
    assert seller.tax_id not in capsys.readouterr().out
    main([text, "--full"])
    assert seller.tax_id in capsys.readouterr().out


def title_card_text(name: str, tax_id: str) -> str:
    body = f"{name}</>{tax_id}</>地址|电话</>开户行|账号</>"
    text = "$01" + base64.b64encode(f"{body}0000".encode()).decode() + "$"
    assert title_card.parse(text) is not None
    return text


@pytest.mark.parametrize(
    ("text", "masked"),
    [("91110108YX6832446L", "91***446L"), ("12345678", "***"), ("", ""), (" 1 ", "***")],
)
def test_a_tax_id_keeps_its_ends(text: str, masked: str) -> None:
    assert mask_tax_id(text) == masked


@settings(deadline=None)  # the first PDF imports its reader
@given(st.binary(max_size=200))
def test_any_bytes_get_a_report_in_both_forms(data: bytes) -> None:
    said = report(data)
    assert said.what is What.UNREADABLE
    assert not said.is_in_order
    assert json.loads(as_json(said))["what"] == "unreadable"
    assert "\n".join(as_lines(said)).startswith("unreadable")


@settings(deadline=None)
@given(st.integers(0, 4000), st.integers(0, 255))
def test_any_changed_byte_of_a_file_gets_a_report(at: int, byte: int) -> None:
    data = bytearray(CHANGED)
    data[at % len(data)] = byte
    said = report(bytes(data))
    assert json.loads(as_json(said))["what"] == said.what.value


CHANGED = minted(Kind.DIGITAL_RAILWAY).ofd()


def test_a_folder_and_a_missing_file_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path, tmp_path / "none.OFD"):
        assert main([str(path)]) == 3
        captured = capsys.readouterr()
        assert (captured.out, str(path) in captured.err) == ("", True)


def test_a_file_larger_than_any_is_not_read_to_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.write(b"<")
        file.truncate(1024**3)
    assert main([str(path)]) == 3
    assert capsys.readouterr().out == "unreadable: too_large\n"


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (Mint("stdin").invoice().xml(), "invoice"),
        (Mint("stdin").invoice(Kind.ORDINARY_ELECTRONIC).qr().encode("gbk"), "invoice"),
        ("随便什么".encode("gbk"), "garbled"),
        (b"", "empty"),
        (b"\xff\xfe\x00", "garbled"),
    ],
)
def test_a_text_or_a_file_from_standard_input(
    data: bytes,
    first: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    main(["-", "--today", "2026-11-24"])
    assert capsys.readouterr().out.split()[0] == first


def test_a_reader_that_has_seen_enough_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(Mint("pipe").invoice(lines=200).xml())
    command = [sys.executable, "-m", "einvoice", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert b"Traceback" not in child.stderr.read()
        assert child.wait(60) in (0, 1, 3)
