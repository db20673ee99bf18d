"""The clock that simulated devices live by; tests bring their own."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds on a clock that never goes back."""

monotonic_clock: Clock = time.monotonic
