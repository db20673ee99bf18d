"""Walks the main job by itself: normal, then with the service gone, then back again.

What a person would see is left as pictures: the screens, and the slips as they came
out of the simulated printer.
"""

from pathlib import Path

import click

from central.sandbox.link import LinkMode
from kiosk.simulation.robot import Robot, Seen
from kiosk.simulation.steer import Steer
from kiosk.text.catalogue import catalogue

OUTAGE_KNOWN_WITHIN_S = 30.0
PRINT_S = 30.0


class Walkthrough:
    """One person after another at the terminal."""

    def __init__(self, robot: Robot, panel_url: str, out_dir: Path) -> None:
        self._robot = robot
        self._steer = Steer(panel_url)
        self._out = out_dir
        self._pictures = 0
        self._words = catalogue("zh")
        self._scans = {one.verdict: one.text for one in reversed(self._steer.samples())}

    def run(self) -> None:
        """Walk; raises NotSeen when something does not come as it should."""
        self._everything_works()
        self._with_the_service_gone()
        self._after_its_return()

    def _everything_works(self) -> None:
        self._robot.wait_for("home")
        self._picture("home")
        self._scan_and_see("NORMAL", "NORMAL")
        self._picture("verdict")
        self._robot.tap("verdict.print")
        self._printed()
        self._picture("printed")
        self._robot.tap("footer.end")
        self._robot.wait_for("home")

    def _with_the_service_gone(self) -> None:
        self._steer.link(LinkMode.REFUSE)
        self._robot.wait("the outage", _says_link_down, OUTAGE_KNOWN_WITHIN_S)
        self._picture("home-offline")
        self._scan_and_see("NORMAL", "UNAVAILABLE")
        self._picture("offline")
        self._robot.tap("verdict.print")
        self._printed()
        self._picture("ticket-printed")
        self._robot.tap("footer.end")
        self._robot.wait_for("home")

    def _after_its_return(self) -> None:
        ticket = self._steer.state().slips[-1].codes[0]
        self._steer.link(LinkMode.PASS)
        self._robot.wait(
            "the service's return", lambda seen: not _says_link_down(seen), OUTAGE_KNOWN_WITHIN_S
        )
        self._steer.scan(ticket)
        while self._robot.wait("an answer to the ticket", _is_answer).screen != "verdict":
            # The service has the request and waits for the platform; a person would ask again.
            self._robot.tap("ticket_waiting.try_again")
        self._picture("ticket-answered")
        self._robot.tap("footer.end")
        self._robot.wait_for("home")

    def _scan_and_see(self, sample: str, verdict: str) -> None:
        self._steer.scan(self._scans[sample])
        title = self._words.say(f"verdict.{verdict}.title")
        self._robot.wait(title, lambda seen: seen.text("verdict.title") == title)

    def _printed(self) -> None:
        title = self._words.say("print_ended.proven_title")
        self._robot.wait(title, lambda seen: seen.text("print_ended.title") == title, PRINT_S)

    def _picture(self, name: str) -> None:
        self._pictures += 1
        file = self._out / "screens" / f"{self._pictures:02d}-{name}.png"
        self._robot.picture(file)
        click.echo(f"  {file}")


def _says_link_down(seen: Seen) -> bool:
    return seen.find("ribbon.link_down") is not None


def _is_answer(seen: Seen) -> bool:
    return seen.screen in ("verdict", "ticket_waiting")
