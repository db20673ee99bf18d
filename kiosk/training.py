"""The mark of a training: all processes of one carry it, and nothing else may."""

from collections.abc import Mapping

MARK = "KIOSK_TRAINING"
"""In the environment, not in the settings: no file, no signed order and no page sets it."""


def is_training(environment: Mapping[str, str]) -> bool:
    """Whether this process belongs to a training (`kiosk.simulation.training`)."""
    return environment.get(MARK) == "1"
