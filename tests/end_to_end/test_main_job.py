"""The main job through the real window, the real lines and the real processes."""

import re

import pytest
import zxingcpp
from PIL import Image
from whole_terminal import EN, ZH, WholeTerminal

from central.sandbox.link import LinkMode
from central.sandbox.misbehave import Misbehaviour
from drivers.simulated import steering
from einvoice import qr, ticket

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TITLE_CARD = (
    "$015ZCN56ewPC8+OTExMTAwMDA2MDAwMzczNDFMPC8+5Zyw5Z2AfOeUteivnTwvPuW8gOaIt+ihjHzotKblj7c8"
    "Lz45MzdE$"
)
VERDICTS = (
    "NORMAL",
    "VOID",
    "RED_FULL",
    "RED_PARTIAL",
    "MISMATCH",
    "NOT_FOUND",
    "NOT_YET",
    "TOO_OLD",
    "LIMIT_REACHED",
    "UNSUPPORTED",
    "INVALID_INPUT",
    "UNAVAILABLE",
)


def test_scan_verdict_print_done(at_home: WholeTerminal) -> None:
    before = at_home.last_slip
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    at_home.press_print()
    at_home.sees_print_end("print_ended.proven_title")
    (slip,) = at_home.new_slips(before)
    assert slip.complete
    assert ZH.say("verdict.NORMAL.title") in slip.text
    assert ZH.say("slip.disclaimer") in slip.text
    scanned, printed = qr.parse(at_home.samples["NORMAL"]), qr.parse(slip.codes[0])
    assert isinstance(scanned, qr.InvoiceCode)
    assert isinstance(printed, qr.InvoiceCode)
    assert printed.reference == scanned.reference
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(slip.picture))] == [
        slip.codes[0]
    ]
    number = re.search(r"SF-[0-9A-Z]+-\d{6}-\d{4}", slip.text)
    assert number is not None
    at_home.everything_sent()
    assert at_home.prints_reported(number[0]) == [(0, "proven", "")]
    at_home.robot.tap("footer.end")
    at_home.robot.wait_for("home")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_verdict_can_be_seen_by_scanning_in_both_languages(
    at_home: WholeTerminal, verdict: str
) -> None:
    at_home.scan(verdict)
    at_home.sees_verdict(verdict)
    at_home.robot.tap("footer.language")
    at_home.sees("verdict.title", EN.say(f"verdict.{verdict}.title"))


def test_an_invoice_without_a_code_is_typed_in(at_home: WholeTerminal) -> None:
    read = qr.parse(at_home.samples["NORMAL"])
    assert isinstance(read, qr.InvoiceCode)
    reference = read.reference
    at_home.robot.tap("home.enter")
    for typed in (reference.number, f"{reference.issued_on:%Y%m%d}", f"{reference.amount}"):
        for character in typed:
            at_home.robot.tap("key.point" if character == "." else f"key.{character}")
        at_home.robot.tap("enter.next")
    at_home.robot.tap("enter.submit")
    at_home.sees_verdict("NORMAL")


def test_an_outage_from_the_first_sign_to_the_answer(at_home: WholeTerminal) -> None:
    before, held = at_home.last_slip, set(at_home.tickets_held())
    at_home.cut_the_link()
    at_home.scan("RED_FULL")
    at_home.sees_verdict("UNAVAILABLE")
    assert at_home.waiting_operations() >= 1
    at_home.press_print()
    at_home.sees_print_end("print_ended.proven_title")
    (slip,) = at_home.new_slips(before)
    made_up, purpose = [line for line in slip.text.splitlines() if line.strip()][:2]
    assert ZH.say("slip.sandbox") in made_up
    assert ZH.say("slip.ticket_purpose") in purpose
    given = ticket.parse(slip.codes[0])
    assert isinstance(given, ticket.Ticket)

    at_home.robot.tap("footer.end")
    at_home.steer.scan(slip.codes[0])
    at_home.sees("ticket_waiting.title", ZH.say("ticket.kept_here_title"))

    at_home.restore_the_link()
    at_home.everything_sent()
    assert set(at_home.tickets_held()) - held == {given.number}
    at_home.sees_verdict("RED_FULL", within_s=30)


def test_paper_that_ends_in_mid_slip_is_said_and_comes_out_once_after_the_refill(
    at_home: WholeTerminal,
) -> None:
    before = at_home.last_slip
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    at_home.steer.order(steering.PaperOut(after_bytes=400))
    at_home.press_print()
    at_home.sees_print_end("print_ended.failed_title")
    at_home.sees("print_ended.sentence", ZH.say("print_failed.paper_out"))
    at_home.steer.order(steering.LoadPaper())
    at_home.robot.tap("print_ended.reprint", within_s=20)
    at_home.sees_print_end("print_ended.proven_title")
    complete = [slip for slip in at_home.slips(before) if slip.complete]
    assert len(complete) == 1
    assert ZH.say("slip.copy", copy=1) in complete[0].text


def test_no_paper_blocks_the_button_and_says_why_until_it_is_back(at_home: WholeTerminal) -> None:
    at_home.steer.order(steering.PaperOut())
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    at_home.robot.wait(
        "a print button that cannot be pressed",
        lambda seen: (button := seen.find("verdict.print")) is not None and button.disabled,
    )
    at_home.steer.order(steering.LoadPaper())
    at_home.press_print()
    at_home.sees_print_end("print_ended.proven_title")


def test_a_printer_that_falls_silent_leaves_an_honest_doubt(at_home: WholeTerminal) -> None:
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    before = at_home.last_slip
    at_home.press_print()
    at_home.robot.wait_for("printing")
    at_home.steer.order(steering.FallSilent())
    at_home.sees_print_end("print_ended.unknown_title")
    assert len(at_home.slips(before)) <= 1


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("web_link", "https://example.com/fapiao"),
        ("garbled", "01,10,0110026800"),
        ("too_long", "9" * 10_000),
        ("garbled", "你好，世界"),
        (
            "title_card",
            "$015ZCN56ewPC8+OTExMTAwMDA2MDAwMzczNDFMPC8+5Zyw5Z2AfOeUteivnTwvPuW8gOaIt+ihjHzotKblj7c8Lz45MzdE$",
        ),
    ],
)
def test_what_is_no_invoice_is_said_politely(at_home: WholeTerminal, what: str, text: str) -> None:
    at_home.steer.scan(text)
    at_home.sees(
        "not_an_invoice.title",
        ZH.say_first(f"not_an_invoice.{what}_title", "not_an_invoice.other_title"),
    )


def test_bytes_that_are_no_text_and_half_a_code_do_no_harm(at_home: WholeTerminal) -> None:
    at_home.steer.order(steering.ScannerGarbage(data=b"\xff\xfe\x00\x80\xff\r"))
    at_home.robot.wait_for("not_an_invoice")
    at_home.steer.order(steering.Scan(data=b"01,32,,2611", suffix=b""))
    at_home.scan("NORMAL")
    at_home.robot.wait(
        "an honest answer", lambda seen: seen.screen in ("verdict", "not_an_invoice")
    )
    at_home.go_home()
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")


def test_full_width_commas_are_understood(at_home: WholeTerminal) -> None:
    at_home.steer.scan(at_home.samples["VOID"].replace(",", "，"))
    at_home.sees_verdict("VOID")


@pytest.mark.parametrize(
    "wrong",
    [
        Misbehaviour.HTML,
        Misbehaviour.WRONG_JSON,
        Misbehaviour.ANOTHERS_ANSWER,
        Misbehaviour.WRONG_DIGEST,
        Misbehaviour.ERROR_500,
        Misbehaviour.TRICKLE,
        Misbehaviour.NO_ANSWER,
    ],
)
def test_whatever_a_wrong_service_says_the_person_gets_a_ticket(
    at_home: WholeTerminal, wrong: Misbehaviour
) -> None:
    held = len(at_home.tickets_held())
    at_home.steer.wrong_service(wrong)
    at_home.scan("NORMAL")
    at_home.sees_verdict("UNAVAILABLE")
    at_home.restore_the_link()
    at_home.everything_sent()
    assert len(at_home.tickets_held()) == held + 1


@pytest.mark.parametrize("mode", [LinkMode.SILENT, LinkMode.PORTAL, LinkMode.CUT_RESPONSE])
def test_whatever_the_line_does_the_person_gets_a_ticket(
    at_home: WholeTerminal, mode: LinkMode
) -> None:
    at_home.steer.link(mode)
    at_home.scan("NORMAL")
    at_home.sees_verdict("UNAVAILABLE")
    at_home.restore_the_link()
    at_home.everything_sent()


def test_calling_staff_is_seen_across_the_hall(at_home: WholeTerminal) -> None:
    at_home.robot.tap("footer.call")
    at_home.robot.wait_for("staff_coming")
    at_home.robot.tap("footer.back")
    at_home.robot.wait_for("home")
