"""Log lines: one named fact and its fields, on change only, never a person's data."""

import logging
import sys
from typing import Any


def start(process: str) -> None:
    """Send the log of this process to its standard error (journald keeps it from there)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter(f"%(asctime)s {process} %(levelname)s %(name)s %(message)s")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)


def fact(logger: logging.Logger, event: str, **fields: Any) -> None:
    """Log a fact, as `event key=value ...`. Values are never a person's data."""
    said = " ".join(f"{key}={value}" for key, value in fields.items())
    logger.info("%s %s", event, said)
