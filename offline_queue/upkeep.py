"""What is done to the file at its opening and now and then, apart from the traffic."""

from datetime import UTC, datetime

from offline_queue import statements as sql
from offline_queue.clock import Clock
from offline_queue.errors import BackupNotRestored
from offline_queue.sealing import HEADER_BYTES, KeyMissing, SealBroken, Sealer, key_id_of
from offline_queue.store import Store

_RESEAL_ROWS = 500


def sortable(moment: datetime) -> str:
    """ISO 8601 in UTC with six decimals: text that sorts like time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def refuse_backups(store: Store) -> None:
    """A copy that was not restored must not send what the original has sent.

    Raises:
        BackupNotRestored: the file is a backup as it was made.
    """
    if store.fact("is_backup") != "0":
        raise BackupNotRestored("restore it first")


def require_keys(store: Store, sealer: Sealer) -> None:
    """A wrong key file must stop us at the door, not look like damage to every row.

    Raises:
        KeyMissing: something was sealed with a key that the sealer does not hold.
    """
    with store.reading() as connection:
        headers = connection.execute(sql.BOX_HEADERS, {"length": HEADER_BYTES}).fetchall()
    for (header,) in headers:
        try:
            key_id = key_id_of(header)
        except SealBroken:
            continue  # one damaged row: it is parked when it is due
        if not sealer.holds(key_id):
            raise KeyMissing(key_id)


def carry_waits(store: Store, clock: Clock, *, cap_s: float) -> None:
    """Waits were written in monotonic time: begin them anew in another boot, bounded in any case.

    Args:
        store: the file.
        clock: names this boot.
        cap_s: the longest wait carried into another boot.
    """
    now = clock.monotonic_s()
    boot_id = clock.boot_id
    if store.fact("boot_id") == boot_id:
        store.write(sql.CLAMP_WAITS, {"now": now})
        return
    with store.transaction() as connection:
        connection.execute(sql.RESTART_WAITS, {"now": now, "cap": cap_s})
        connection.execute(sql.SET_FACT, {"name": "boot_id", "value": boot_id})


def prune_step(store: Store, *, before: datetime, head_seq: int) -> int:
    """Forget up to 500 traces older than a moment, never the one that the chain goes on from."""
    bound = {"before": sortable(before), "head": head_seq}
    return store.with_ballast(lambda: store.write(sql.PRUNE, bound))


def reseal(store: Store, sealer: Sealer) -> int:
    """Seal everything with the newest key, 500 rows a transaction; how many were sealed anew.

    Raises:
        KeyMissing, SealBroken: a row cannot be opened; earlier transactions are done.
    """
    changed = 0
    after = 0
    while True:
        with store.transaction() as connection:
            bound = {"seq": after, "limit": _RESEAL_ROWS}
            rows = connection.execute(sql.SEALED_AFTER, bound).fetchall()
            for seq, op_id, box in rows:
                after = seq
                if key_id_of(box) == sealer.key_id:
                    continue
                anew = sealer.seal(sealer.unseal(box, op_id), op_id)
                connection.execute(sql.RESEAL, {"sealed": anew, "seq": seq, "op_id": op_id})
                changed += 1
        if not rows:
            return changed
