"""What CUPS's programs need to start: D-Bus and Avahi, for a test, on loopback only.

A container has neither running. `ippeveprinter` registers itself by DNS-SD and does not start
without ("Unable to initialize DNS-SD"), whatever its options say.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

START_S = 30.0
ONE_AT_A_TIME_S = 90.0
AVAHI_RUNS = Path("/run/avahi-daemon/pid")  # compiled into avahi-daemon, no option moves it

BUS = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="false"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
"""
AVAHI = """\
[server]
allow-interfaces=lo
use-ipv4=yes
use-ipv6=no
host-name=kiosk-test-{pid}
[publish]
publish-workstation=no
[rlimits]
"""


class NoDnsSd(RuntimeError):
    """There is none, and none can be started here; the message says why."""


def program(name: str) -> str:
    """Where a program is; system programs are not on every PATH."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        raise NoDnsSd(f"{name} is not installed")
    return found


@contextmanager
def dns_sd() -> Iterator[dict[str, str]]:
    """The environment in which Avahi is found: that of the system, or one for this test.

    Raises:
        NoDnsSd: neither is to be had.
    """
    with ExitStack() as stack:
        stack.enter_context(_only_one())
        if _system_has_it():
            yield dict(os.environ)
            return
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        socket = folder / "bus"
        config = folder / "bus.conf"
        config.write_text(BUS.format(socket=socket))
        bus = [program("dbus-daemon"), f"--config-file={config}", "--nofork", "--nopidfile"]
        environment = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={socket}"}
        stack.enter_context(_running(bus, environment, folder / "bus.log", there=socket.exists))
        avahi_config = folder / "avahi.conf"
        avahi_config.write_text(AVAHI.format(pid=os.getpid()))
        avahi = [program("avahi-daemon"), "-f", str(avahi_config), "--no-chroot",
                 "--no-drop-root", "--no-rlimits"]  # fmt: skip
        log = folder / "avahi.log"
        stack.enter_context(
            _running(avahi, environment, log, there=lambda: "startup complete" in log.read_text())
        )
        yield environment


@contextmanager
def _only_one() -> Iterator[None]:
    """Two runs of the tests on one machine would meet in Avahi's pid file."""
    with (Path(tempfile.gettempdir()) / "kiosk-test-avahi.lock").open("w") as lock:
        end = time.monotonic() + ONE_AT_A_TIME_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise NoDnsSd("another run of the tests has it") from None
                time.sleep(0.1)
        yield


def _system_has_it() -> bool:
    try:
        os.kill(int(AVAHI_RUNS.read_text()), 0)
    except (OSError, ValueError) as error:
        return isinstance(error, PermissionError)  # it runs, as somebody else
    return True


@contextmanager
def _running(
    command: list[str], environment: dict[str, str], log: Path, *, there: Callable[[], bool]
) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + START_S
        while not there():
            if process.poll() is not None or time.monotonic() > end:
                raise NoDnsSd(f"{command[0]}: {log.read_text()[-500:]}")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(START_S)
