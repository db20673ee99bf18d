"""Steering printer and scanner from outside, over the socket."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import serial
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.deadline import Deadline
from drivers.documents.ipp import IppClient, PageSetup
from drivers.documents.ipp_http import IppAddress
from drivers.simulated import steering as s
from drivers.simulated.control import OrderRefused, Steering
from drivers.simulated.devices import SimulatedDevices
from drivers.simulated.glyphs import FontMissing
from drivers.simulated.paper import Ending

CUT = b"\x1dVB\x00"


def test_the_socket_is_for_its_owner_only(devices: SimulatedDevices) -> None:
    assert stat.S_IMODE(devices.control_path.stat().st_mode) == 0o600


def test_a_print_and_a_scan_steered_from_outside(devices: SimulatedDevices) -> None:
    with (
        Steering(devices.control_path) as steering,
        serial.Serial(str(devices.printer.path), timeout=5) as printer,
        serial.Serial(str(devices.scanner.path), timeout=5) as scanner,
    ):
        steering.order(s.Scan(b"code", suffix=b"\r\n"))
        assert scanner.read_until(b"\n") == b"code\r\n"

        steering.order(s.PaperOut(after_lines=1))
        printer.write(b"\x1da\x0fone\ntwo\n" + CUT)
        assert printer.read(8) == b"\x10\x00\x00\x00\x18\x00\x0f\x00"
        assert steering.state().printer.paper_end
        (slip,) = steering.slips()
        assert (slip.text, slip.complete, slip.ending) == ("one\n", False, Ending.PAPER_END)
        assert Path(slip.picture).is_file()
        assert steering.slips(after=slip.number) == ()


@pytest.mark.parametrize(
    ("order", "field", "undo"),
    [
        (s.PaperOut(), "paper_end", s.LoadPaper()),
        (s.PaperNearEnd(), "near_end", s.PaperNearEnd(on=False)),
        (s.OpenCover(), "cover_open", s.CloseCover()),
        (s.JamCutter(), "cutter_jammed", s.FreeCutter()),
        (s.HeadHot(), "head_hot", s.HeadHot(on=False)),
        (s.HardwareError(), "hardware_error", s.HardwareError(on=False)),
        (s.HoldFeedButton(), "feed_button", s.HoldFeedButton(on=False)),
        (s.SplitAnswers(), "split_answers", s.SplitAnswers(on=False)),
        (s.FallSilent(), "silent", s.FallSilent(on=False)),
        (s.StopReading(), "deaf", s.StopReading(on=False)),
        (s.DelayAnswers(2.0), "answer_delay_s", s.DelayAnswers(0.0)),
        (s.OpenCover(), "offline", s.HealPrinter()),
    ],
)
def test_an_order_acts_until_it_is_taken_back(
    devices: SimulatedDevices, order: s.Order, field: str, undo: s.Order
) -> None:
    with Steering(devices.control_path) as steering:
        steering.order(order)
        assert getattr(steering.state().printer, field)
        steering.order(undo)
        assert not getattr(steering.state().printer, field)


def test_plugs_power_and_process_id(devices: SimulatedDevices) -> None:
    with Steering(devices.control_path) as steering:
        steering.order(s.UnplugPrinter())
        steering.order(s.UnplugScanner())
        steering.order(s.PowerOff())
        steering.order(s.SupportProcessId(on=False))
        state = steering.state()
        assert not state.printer.plugged
        assert not state.scanner.plugged
        assert not state.printer.powered
        assert not state.printer.process_id
        steering.order(s.ReplugPrinter())
        steering.order(s.ReplugScanner())
        steering.order(s.PowerOn())
        steering.order(s.SupportProcessId(on=True))
        state = steering.state()
        assert state.printer.plugged
        assert state.scanner.plugged
        assert state.printer.powered
        assert state.printer.process_id


def test_a_wrong_order_is_refused_and_the_conversation_goes_on(devices: SimulatedDevices) -> None:
    with Steering(devices.control_path) as steering:
        with pytest.raises(OrderRefused, match="past"):
            steering.order(s.PaperOut(after_bytes=-1))
        assert steering.state().printer.plugged


def test_the_protocol_is_one_json_line_each_way(devices: SimulatedDevices) -> None:
    with socket.socket(socket.AF_UNIX) as plain, plain.makefile("rwb") as lines:
        plain.settimeout(5)
        plain.connect(str(devices.control_path))
        for sent, answer in (
            (b'{"order":"open_cover"}', {"answer": "obeyed"}),
            (b'{"order":"no such thing"}', None),
            (b"\xff\xfe", None),
            (b'{"order":"open_cover","extra":1}', None),
            (b'{"order":"close_cover"}', {"answer": "obeyed"}),
        ):
            lines.write(sent + b"\n")
            lines.flush()
            said = msgspec.json.decode(lines.readline())
            if answer is None:
                assert said["answer"] == "refused"
            else:
                assert said == answer


def test_two_steer_at_once(devices: SimulatedDevices) -> None:
    with Steering(devices.control_path) as one, Steering(devices.control_path) as other:
        one.order(s.OpenCover())
        assert other.state().printer.cover_open


def test_stop_leaves_nothing_behind_and_start_works_again(tmp_path: Path, fonts_dir: Path) -> None:
    devices = SimulatedDevices(tmp_path / "dev", fonts_dir, tmp_path / "out")
    for _ in range(2):
        devices.start()
        with Steering(devices.control_path) as steering:
            assert steering.state().printer.plugged
            devices.stop()
            with pytest.raises(OSError):
                steering.state()
        devices.stop()
        assert list((tmp_path / "dev").iterdir()) == []


def test_what_an_earlier_run_left_lying_is_replaced(tmp_path: Path, fonts_dir: Path) -> None:
    directory = tmp_path / "dev"
    directory.mkdir()
    (directory / "printer").symlink_to("/nowhere")
    with socket.socket(socket.AF_UNIX) as old:
        old.bind(str(directory / "control.sock"))
    with (
        SimulatedDevices(directory, fonts_dir, tmp_path / "out") as devices,
        Steering(devices.control_path) as steering,
    ):
        assert steering.state().printer.plugged


def test_widths_and_fonts_that_do_not_exist(tmp_path: Path, fonts_dir: Path) -> None:
    with pytest.raises(ValueError, match="76 mm"):
        SimulatedDevices(tmp_path, fonts_dir, tmp_path / "out", 76)
    with pytest.raises(FontMissing, match="NotoSansSC"):
        SimulatedDevices(tmp_path, tmp_path, tmp_path / "out")


def test_58_mm_paper_has_32_columns(tmp_path: Path, fonts_dir: Path) -> None:
    with (
        SimulatedDevices(tmp_path / "dev", fonts_dir, tmp_path / "out", 58) as devices,
        serial.Serial(str(devices.printer.path), timeout=5) as line,
    ):
        line.write(b"0123456789" * 4 + b"\n" + CUT)
        (slip,) = devices.printer.wait_for_slips(1)
    assert slip.text == "01234567890123456789012345678901\n23456789\n"


def test_they_run_by_themselves_until_a_signal(tmp_path: Path, fonts_dir: Path) -> None:
    command = [sys.executable, "-m", "drivers.simulated"]
    arguments = [str(tmp_path / "dev"), str(fonts_dir), str(tmp_path / "out")]
    with subprocess.Popen(
        command + arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        with Steering(tmp_path / "dev" / "control.sock") as steering:
            assert steering.state().scanner.plugged
        process.terminate()
        assert process.wait(10) == 0
    assert list((tmp_path / "dev").iterdir()) == []


orders = st.one_of(
    st.builds(s.Scan, st.binary(max_size=50), st.binary(max_size=3), st.just((1, 2))),
    st.builds(s.PaperOut, st.none() | st.integers(), st.none() | st.integers()),
    st.builds(s.DelayAnswers, st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(s.SendUnasked, st.binary(max_size=20)),
    st.sampled_from([s.TearOff(), s.GetState(), s.GetSlips(3), s.PowerOff()]),
)


@settings(max_examples=100)
@given(orders)
def test_every_order_survives_its_line(order: s.Order) -> None:
    line = msgspec.json.encode(order)
    assert b"\n" not in line
    assert msgspec.json.decode(line, type=s.Order) == order


def test_orders_go_to_the_printer_that_they_name(tmp_path: Path, fonts_dir: Path) -> None:
    with (
        SimulatedDevices(tmp_path / "dev", fonts_dir, tmp_path / "out", second_printer=True) as two,
        Steering(two.control_path) as steering,
    ):
        steering.order(s.PaperOut(printer=2))
        state = steering.state()
        assert not state.printer.paper_end
        assert state.printer2 is not None
        assert state.printer2.paper_end
        with pytest.raises(OrderRefused):
            steering.order(s.PaperOut(printer=3))


def test_without_a_second_printer_nothing_can_be_ordered_of_it(devices: SimulatedDevices) -> None:
    with Steering(devices.control_path) as steering:
        with pytest.raises(OrderRefused):
            steering.order(s.PaperOut(printer=2))
        assert steering.state().printer2 is None


def test_the_a4_printer_is_steered_from_outside(devices: SimulatedDevices) -> None:
    pdf = b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n%%EOF\n"
    with Steering(devices.control_path) as steering:
        steering.order(s.A4PaperOut())
        steering.order(s.A4Fault("media-jam"))
        client = IppClient(IppAddress(steering.state().a4.uri))
        number = client.print_job("job-1", pdf, PageSetup(), Deadline(20))
        assert steering.state().a4.reasons == ("media-empty", "media-jam")
        steering.order(s.A4LoadPaper())
        steering.order(s.A4Fault("media-jam", on=False))
        steering.order(s.A4FinishJobs())
        job = steering.state().a4.jobs[0]
        assert (job.number, job.state, job.sheets_done) == (number, "COMPLETED", 1)
        assert Path(job.file).read_bytes() == pdf
        steering.order(s.A4FallSilent())
        assert steering.state().a4.silent
        steering.order(s.A4Heal())
        assert not steering.state().a4.silent
