"""Whom the service asks about invoices: by its options."""

from functools import partial
from pathlib import Path

from central.platforms.opening import open_platforms
from central.platforms.platform import NoPlatform
from central.platforms.settings import WrongPlatforms, read_settings
from central.sandbox.platform import SandboxPlatform
from central.service.running import PlatformSource


def chosen_platform(*, sandbox: bool, settings: Path | None) -> PlatformSource:
    """The sandbox, the platforms of a settings file, or none at all.

    Args:
        sandbox: answer from made-up records.
        settings: the file of `--platforms`.

    Raises:
        WrongPlatforms: both are asked for, or the file is not as it should be.
    """
    if settings is None:
        return SandboxPlatform() if sandbox else NoPlatform()
    if sandbox:
        raise WrongPlatforms("either made-up records or platforms, not both")
    read_settings(settings)  # what is wrong with it is said before anything is started
    return partial(open_platforms, settings)
