"""What people do beside the main job, by real clicks: a batch, reasons, other colours."""

import asyncio
import os
import wave
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from whole_terminal import EN, ZH, WholeTerminal, eventually

from central.sandbox.link import LinkMode
from central.sandbox.misbehave import Misbehaviour
from drivers.simulated import steering
from einvoice import qr
from kiosk.staff import ask_status
from kiosk.text import formats

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PICTURES = os.environ.get("KIOSK_PICTURES")
"""With a folder here, what was seen on the way is kept there, to be looked at."""


def picture(at_home: WholeTerminal, name: str) -> None:
    if PICTURES:
        at_home.robot.picture(Path(PICTURES) / f"{name}.png")


def keep_slip(at_home: WholeTerminal, number: int, name: str) -> None:
    if PICTURES:
        at_home.steer.slip_picture(number, Path(PICTURES) / f"{name}.png")


def test_three_in_a_row_come_on_one_slip_even_when_the_service_fails_in_between(
    at_home: WholeTerminal,
) -> None:
    before = at_home.last_slip
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    at_home.robot.tap("verdict.another")
    at_home.sees("home.batch.words", ZH.say("home.batch", count=1))
    picture(at_home, "home-in-visit-zh")
    at_home.steer.wrong_service(Misbehaviour.ERROR_500)
    at_home.scan("VOID")
    at_home.sees_verdict("UNAVAILABLE", within_s=30)
    picture(at_home, "service-500-zh")
    at_home.steer.link(LinkMode.PASS)
    at_home.robot.tap("verdict.another")
    at_home.scan("MISMATCH")
    at_home.sees_verdict("MISMATCH", within_s=30)
    at_home.robot.tap("verdict.batch")
    at_home.sees("batch.title", ZH.say("batch.title", count=3))
    at_home.robot.tap("footer.large")
    at_home.robot.tap("footer.language")
    at_home.sees("batch.title", EN.say("batch.title", count=3))
    picture(at_home, "batch-en-large")
    at_home.robot.tap("footer.language")
    at_home.sees("batch.title", ZH.say("batch.title", count=3))
    at_home.robot.tap("batch.print")
    at_home.sees_print_end("print_ended.proven_title")
    (slip,) = at_home.new_slips(before)
    keep_slip(at_home, slip.number, "batch-slip-zh")
    assert ZH.say("slip.batch_count", count=3) in slip.text
    assert len(slip.codes) == 1, "the code of the one whose answer is to come"
    at_home.robot.tap("footer.end")
    at_home.robot.wait_for("home")
    assert at_home.robot.look().find("home.batch.words") is None


def test_paper_out_blocks_the_slip_of_all_and_says_why(at_home: WholeTerminal) -> None:
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    at_home.robot.tap("verdict.another")
    at_home.robot.tap("home.batch")
    at_home.sees("batch.title", ZH.say("batch.title", count=1))
    at_home.steer.order(steering.PaperOut())
    at_home.robot.wait(
        "a print button that cannot be pressed",
        lambda seen: (button := seen.find("batch.print")) is not None and button.disabled,
    )
    picture(at_home, "batch-paper-out-zh")
    at_home.steer.order(steering.LoadPaper())
    at_home.robot.tap("batch.print", within_s=30)
    at_home.sees_print_end("print_ended.proven_title")


def test_the_reasons_of_an_invoice_that_is_not_found(at_home: WholeTerminal) -> None:
    at_home.scan("NOT_FOUND")
    at_home.sees_verdict("NOT_FOUND")
    at_home.robot.tap("verdict.find_reason")
    at_home.sees("why_not_found.title", ZH.say("why_not_found.title"))
    picture(at_home, "why-not-found-zh")
    at_home.robot.tap("footer.language")
    at_home.sees("why_not_found.title", EN.say("why_not_found.title"))
    at_home.robot.tap("footer.back")
    at_home.sees("verdict.title", EN.say("verdict.NOT_FOUND.title"))


def test_an_invoice_that_is_not_found_is_looked_for_and_its_ticket_says_so(
    at_home: WholeTerminal,
) -> None:
    before = at_home.last_slip
    at_home.scan("NOT_FOUND")
    at_home.sees_verdict("NOT_FOUND")
    at_home.robot.tap("verdict.find_reason")
    at_home.robot.tap("why_not_found.watch")
    at_home.sees("watch_offered.title", ZH.say("watch_offered.title"))
    picture(at_home, "watch-offered-zh")
    at_home.robot.tap("watch_offered.order")
    at_home.sees_print_end("print_ended.proven_title")
    (slip,) = at_home.new_slips(before)
    keep_slip(at_home, slip.number, "case-slip-zh")
    assert ZH.say("slip.case_title") in slip.text
    (code,) = slip.codes
    at_home.robot.tap("footer.end")
    at_home.robot.wait_for("home")

    def is_told() -> bool:
        at_home.steer.scan(code)
        seen = at_home.robot.wait("the ticket", lambda seen: seen.screen == "ticket_waiting")
        return ZH.say("ticket.watched_title") in seen.text("ticket_waiting.title").replace("\n", "")

    eventually(is_told, "that it is looked for", within_s=40)
    picture(at_home, "ticket-watched-zh")


def test_white_on_black_stays_for_the_visit_and_not_for_the_next(
    at_home: WholeTerminal, tmp_path: Path
) -> None:
    at_home.robot.tap("footer.contrast")
    at_home.sees("footer.contrast", ZH.say("common.normal_colours"))
    at_home.scan("NOT_FOUND")
    at_home.sees_verdict("NOT_FOUND")
    picture(at_home, "not-found-contrast-zh")
    assert brightness(at_home.robot.picture(tmp_path / "dark.png")) < 90
    at_home.robot.tap("footer.end")
    at_home.sees("footer.contrast", ZH.say("common.contrast"))
    assert brightness(at_home.robot.picture(tmp_path / "light.png")) > 120


def brightness(picture: Image.Image) -> float:
    """The mean over all pixels, 0 black to 255 white."""
    return float(ImageStat.Stat(picture.convert("L")).mean[0])


def spoken_s(at_home: WholeTerminal) -> list[float]:
    """The lengths of what was spoken so far, without what only tried the loudspeaker."""
    lengths: list[float] = []
    for file in sorted(at_home.sounds.glob("*.wav"), key=lambda one: one.stat().st_mtime_ns):
        with wave.open(str(file)) as sound:
            lengths.append(sound.getnframes() / sound.getframerate())
    return [length for length in lengths if length > 0.1]


def test_a_verdict_is_read_aloud_whole_and_the_next_person_is_not_read_to(
    at_home: WholeTerminal,
) -> None:
    at_home.robot.tap("footer.voice", within_s=60)
    eventually(lambda: len(spoken_s(at_home)) >= 1, "home was read")
    before = len(spoken_s(at_home))
    at_home.scan("NOT_FOUND")
    at_home.sees_verdict("NOT_FOUND")
    eventually(lambda: any(length > 4 for length in spoken_s(at_home)[before:]), "the verdict")
    at_home.robot.tap("footer.voice")
    at_home.robot.wait("the panel", lambda seen: seen.find("voice.louder") is not None)
    picture(at_home, "voice-panel-zh")
    at_home.robot.tap("voice.off")
    at_home.robot.tap("footer.end")
    at_home.robot.wait_for("home")
    quiet = len(spoken_s(at_home))
    at_home.scan("NORMAL")
    at_home.sees_verdict("NORMAL")
    at_home.press_print()
    at_home.sees_print_end("print_ended.proven_title")
    assert len(spoken_s(at_home)) == quiet


def test_an_invoice_is_verified_and_its_slip_printed_with_the_keypad_alone(
    at_home: WholeTerminal,
) -> None:
    before = at_home.last_slip
    code = qr.parse(at_home.samples["NORMAL"])
    assert isinstance(code, qr.InvoiceCode)
    reference = code.reference

    def press(*keys: str) -> None:
        for key in keys:
            at_home.steer.order(steering.PressKeypad(key))

    def comes_to(tid: str) -> None:
        for _ in range(60):
            if at_home.robot.look().focused == tid:
                return
            at = at_home.robot.look().focused
            press("next")
            at_home.robot.wait("the ring elsewhere", lambda seen, at=at: seen.focused != at)
        raise AssertionError(f"{tid} is not come to")

    comes_to("home.enter")
    picture(at_home, "keypad-home-zh")
    press("press")
    at_home.robot.wait_for("enter_number")
    assert len(reference.number) == 20
    press(*reference.number)
    at_home.sees("enter.value", formats.grouped(reference.number))
    at_home.steer.order(steering.UnplugKeypad())
    at_home.steer.order(steering.ReplugKeypad())
    eventually(lambda: keypad_state(at_home) == "connected", "the keypad is back")
    comes_to("enter.next")
    press("press")
    at_home.sees("enter.title", ZH.say("enter.title_issued_on"))
    press(*f"{reference.issued_on:%Y%m%d}", "press")
    at_home.sees("enter.title", ZH.say("enter.title_total_with_tax"))
    press(*("point" if sign == "." else sign for sign in str(reference.amount)), "press")
    at_home.robot.wait("the last look", lambda seen: seen.find("enter.submit") is not None)
    comes_to("enter.submit")
    press("press")
    at_home.sees_verdict("NORMAL")
    comes_to("verdict.print")
    press("press", "press")  # a hand that trembles
    at_home.sees_print_end("print_ended.proven_title")
    (slip,) = at_home.new_slips(before)
    assert slip.complete
    press("end")
    at_home.robot.wait_for("home")


def keypad_state(at_home: WholeTerminal) -> str:
    status = asyncio.run(ask_status(at_home.demo.daemon_socket))
    return status.keypad
