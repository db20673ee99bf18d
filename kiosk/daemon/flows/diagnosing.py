"""Why can it not be found: the possible causes for this very invoice, and what to do.

Everything here is known from the facts at hand, so it works without a link too.
"""

from einvoice.diagnosis import Facts, diagnose
from einvoice.verdict import Verdict
from kiosk import messages as m
from kiosk.daemon.flows.watching import CAN_BE_WATCHED
from kiosk.daemon.stage import Stage
from kiosk.daemon.views import reference_of

UNANSWERED = frozenset({Verdict.NOT_FOUND, Verdict.NOT_YET, Verdict.MISMATCH})
"""Verdicts that leave a person asking why."""


class DiagnoseFlow:
    """Weighs the causes of the verdict on the screen."""

    def __init__(self, stage: Stage, home_region: str) -> None:
        self._stage = stage
        self._home_region = home_region

    def intend(self, intent: m.Intent) -> bool:
        """帮我找原因."""
        if not isinstance(intent, m.FindReason):
            return False
        verdict = self._stage.situation
        if isinstance(verdict, m.VerdictShown) and verdict.verdict in UNANSWERED:
            self._stage.step_to(self._causes(verdict))
        return True

    def tick(self) -> None:
        """Nothing here waits for time."""

    def _causes(self, verdict: m.VerdictShown) -> m.WhyNotFound:
        told = diagnose(
            Facts(
                reference=reference_of(verdict.reference),
                verdict=verdict.verdict,
                today=self._stage.clock.now().date(),
                typed=self._stage.person.typed,
                home_region=self._home_region,
            )
        )
        return m.WhyNotFound(
            verdict=verdict.verdict,
            causes=tuple(
                m.CauseView(id=cause.id, likelihood=cause.likelihood, region=cause.region)
                for cause in told.causes
            ),
            ask_again_on=told.ask_again_on,
            typed=self._stage.person.typed,
            can_watch=verdict.verdict in CAN_BE_WATCHED,
        )
