"""The SQL of the queue in one place; a test asks SQLite how it runs each."""

from typing import Final

PUT: Final = """
    INSERT INTO operations
        (seq, op_id, order_key, kind, sealed, sha256, prev_hash, hash, at, at_mono, boot_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

KNOWN: Final = """
    SELECT seq, order_key, kind, sha256, at, attempts FROM operations WHERE op_id = :op_id
    UNION ALL
    SELECT seq, order_key, kind, sha256, at, 0 FROM done WHERE op_id = :op_id
"""

# In the order of seq, without those that must wait and those behind them under the same key.
# Nothing below :floor waits: the walk begins where there is something to send.
DUE: Final = """
    SELECT seq, op_id, order_key, kind, sealed, sha256, prev_hash, hash, attempts,
           at, at_mono, boot_id
    FROM operations AS o
    WHERE seq >= :floor AND state = 0
      AND NOT EXISTS (
          SELECT 1 FROM operations AS h INDEXED BY operations_holding
          WHERE h.order_key = o.order_key AND h.seq <= o.seq
            AND h.next_at IS NOT NULL AND h.next_at > :now)
    ORDER BY seq
    LIMIT :limit
"""

ANY_DUE: Final = """
    SELECT 1
    FROM operations AS o
    WHERE seq >= :floor AND state = 0
      AND NOT EXISTS (
          SELECT 1 FROM operations AS h INDEXED BY operations_holding
          WHERE h.order_key = o.order_key AND h.seq <= o.seq
            AND h.next_at IS NOT NULL AND h.next_at > :now)
    LIMIT 1
"""

# The first moment at which something becomes due: a wait that no earlier, longer one outlasts.
NEXT_DUE: Final = """
    SELECT next_at
    FROM operations AS o INDEXED BY operations_next
    WHERE next_at IS NOT NULL AND next_at < 9e999
      AND NOT EXISTS (
          SELECT 1 FROM operations AS h INDEXED BY operations_holding
          WHERE h.order_key = o.order_key AND h.seq < o.seq
            AND h.next_at IS NOT NULL AND h.next_at > o.next_at)
    ORDER BY next_at
    LIMIT 1
"""

TRACE: Final = """
    INSERT OR IGNORE INTO done
        (seq, op_id, order_key, kind, sha256, prev_hash, hash, at, at_mono, boot_id,
         verdict, done_at)
    SELECT seq, op_id, order_key, kind, sha256, prev_hash, hash, at, at_mono, boot_id, ?2, ?3
    FROM operations WHERE op_id = ?1
"""

REMOVE_WAITING: Final = "DELETE FROM operations WHERE op_id = ? AND state = 0"
REMOVE_PARKED: Final = "DELETE FROM operations WHERE op_id = ? AND state = 1"

PARK: Final = """
    UPDATE operations
    SET state = 1, attempts = attempts + 1, next_at = 9e999, wait_s = 0, last_error = :reason
    WHERE op_id = :op_id AND state = 0
"""

DEFER: Final = """
    UPDATE operations
    SET attempts = attempts + 1, next_at = :next_at, wait_s = :wait_s, last_error = :reason
    WHERE op_id = :op_id AND state = 0
"""

REPLAY: Final = """
    UPDATE operations SET state = 0, attempts = 0, next_at = NULL
    WHERE op_id = :op_id AND state = 1
"""

RELEASE_KEY: Final = """
    UPDATE operations SET next_at = NULL WHERE op_id = :op_id AND state = 1
"""

STATE: Final = """
    SELECT state FROM operations WHERE op_id = :op_id
    UNION ALL
    SELECT 2 FROM done WHERE op_id = :op_id
"""

OLDEST_WAITING: Final = """
    SELECT seq, at FROM operations WHERE seq >= :floor AND state = 0 ORDER BY seq LIMIT 1
"""

PARKED: Final = """
    SELECT seq, op_id, kind, order_key, at, attempts, last_error, next_at IS NOT NULL
    FROM operations INDEXED BY operations_parked
    WHERE state = 1 ORDER BY seq
"""

WAITING: Final = """
    SELECT seq, op_id, kind, order_key, at, state, attempts, last_error, next_at IS NOT NULL
    FROM operations WHERE seq >= :floor AND state = 0 ORDER BY seq LIMIT :limit
"""

STANDING: Final = """
    SELECT seq, op_id, kind, order_key, at, state, attempts, last_error, next_at IS NOT NULL
    FROM operations WHERE op_id = :op_id
    UNION ALL
    SELECT seq, op_id, kind, order_key, at, 2, 0, verdict, 0 FROM done WHERE op_id = :op_id
"""

# Ends the waits of what waits; what is parked stays until a person says so.
HURRY: Final = """
    UPDATE operations INDEXED BY operations_next SET next_at = NULL, wait_s = 0
    WHERE next_at IS NOT NULL AND next_at < 9e999
"""

# The narrow index on the id, not the wide table.
COUNT_KEPT: Final = "SELECT count(*) FROM operations"
COUNT_PARKED: Final = """
    SELECT count(*) FROM operations INDEXED BY operations_parked WHERE state = 1
"""

HEAD: Final = """
    SELECT seq, hash FROM (SELECT seq, hash FROM operations ORDER BY seq DESC LIMIT 1)
    UNION ALL
    SELECT seq, hash FROM (SELECT seq, hash FROM done ORDER BY seq DESC LIMIT 1)
    ORDER BY seq DESC LIMIT 1
"""

# Not the head: the next operation is chained to it.
PRUNE: Final = """
    DELETE FROM done WHERE seq IN (
        SELECT seq FROM done INDEXED BY done_by_time
        WHERE done_at < :before AND seq < :head ORDER BY done_at LIMIT 500)
"""

COUNT_REFUSAL: Final = """
    INSERT INTO refusals (because, count, first_at, last_at) VALUES (:because, 1, :at, :at)
    ON CONFLICT (because) DO UPDATE SET count = count + 1, last_at = excluded.last_at
"""
REFUSALS: Final = "SELECT because, count, first_at, last_at FROM refusals ORDER BY because"

FACT: Final = "SELECT value FROM facts WHERE name = :name"
SET_FACT: Final = "UPDATE facts SET value = :value WHERE name = :name"

# The same boot: no wait can be longer than the one that was asked for.
CLAMP_WAITS: Final = """
    UPDATE operations INDEXED BY operations_next SET next_at = :now + wait_s
    WHERE next_at IS NOT NULL AND next_at > :now AND next_at < 9e999 AND next_at > :now + wait_s
"""
# Another boot: its monotonic times mean nothing now, so each wait begins anew, bounded.
RESTART_WAITS: Final = """
    UPDATE operations INDEXED BY operations_next SET next_at = :now + min(wait_s, :cap)
    WHERE next_at IS NOT NULL AND next_at < 9e999
"""

BOX_HEADERS: Final = "SELECT DISTINCT substr(sealed, 1, :length) FROM operations"
SEALED_AFTER: Final = """
    SELECT seq, op_id, sealed FROM operations WHERE seq > :seq ORDER BY seq LIMIT :limit
"""
RESEAL: Final = "UPDATE operations SET sealed = :sealed WHERE seq = :seq AND op_id = :op_id"

WAITING_TIMES: Final = "SELECT op_id, at FROM operations WHERE state = 0 ORDER BY seq"

ALL_LINKS: Final = """
    SELECT seq, op_id, order_key, kind, sha256, prev_hash, hash, at, at_mono, boot_id, sealed
    FROM operations
    UNION ALL
    SELECT seq, op_id, order_key, kind, sha256, prev_hash, hash, at, at_mono, boot_id, NULL
    FROM done
    ORDER BY seq
"""
