"""A process that puts and settles for as long as it may, and says what it was promised.

usage: victim.py DIRECTORY KEY_FILE SEED ACTS [BACKUP_DIRECTORY]

It prints `put OP_ID` after a put returned and `done OP_ID` after a settlement did, one
write for each line, and ends without closing anything.
"""

import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from offline_queue import Done, KeyRing, Limits, Outbox


def say(line: str) -> None:
    os.write(1, line.encode() + b"\n")


def main() -> None:
    directory, key_file, seed, acts = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:5]
    rnd = random.Random(int(seed))
    outbox = Outbox.open(
        directory / "outbox.db",
        KeyRing.from_file(key_file),
        limits=Limits(free_bytes=0, ballast_bytes=0),
    )
    say("open")
    for number in range(int(acts)):
        if rnd.random() < 0.7:
            body = f"{number} " + "x" * rnd.randrange(3_000)
            say("put " + outbox.put("act", rnd.choice("abc"), body, at=datetime.now(UTC)).op_id)
            continue
        entries = outbox.due(rnd.randint(1, 5), 1 << 20)
        outbox.settle([Done(entry.op_id, "new") for entry in entries])
        for entry in entries:
            say("done " + entry.op_id)
    os._exit(0)


if __name__ == "__main__":
    main()
