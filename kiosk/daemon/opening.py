"""Opens the queue and the tables that the daemon keeps beside it."""

from pathlib import Path

from kiosk.daemon import device_journal, hour_journal, journal, terms_journal
from offline_queue.entry import Limits as QueueLimits
from offline_queue.outbox import Outbox
from offline_queue.sealing import KeyRing

QUEUE_FILE = "queue.db"
"""The queue, in the state folder."""
KEY_FILE = "queue.key"
"""What its bodies are sealed with, beside it."""


def open_queue(state_dir: Path, done_days: int = 30) -> tuple[KeyRing, Outbox]:
    """The queue and the keys that its bodies are sealed with; both are made at the first start."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = state_dir / KEY_FILE
    sealer = KeyRing.from_file(keys) if keys.exists() else KeyRing.create_file(keys)
    outbox = Outbox.open(state_dir / QUEUE_FILE, sealer, limits=QueueLimits(done_days=done_days))
    outbox.migrate(journal.migrations)
    outbox.migrate(device_journal.migrations)
    outbox.migrate(terms_journal.migrations)
    outbox.migrate(hour_journal.migrations)
    return sealer, outbox
