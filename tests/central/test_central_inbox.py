"""Batches of operations: once each, in order, and said why not."""

from dataclasses import dataclass, field

import msgspec
import pytest
from central_kit import AT, op_id, operation, printed, ticket_operation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.contract import (
    OP_DEVICE_TROUBLE,
    OP_PRINT_OUTCOME,
    OP_STAFF_CALLED,
    OP_VERIFY_LATER,
    DeviceTrouble,
    Operation,
    OperationResult,
    PrintOutcomeReport,
    Receipt,
    StaffCalled,
    sha256_hex,
)
from central.service import inbox
from central.service.store import Connection


def take(inside: Connection, *operations: Operation) -> tuple[OperationResult, ...]:
    examined = tuple(inbox.examine(o) for o in operations)
    inside.execute("BEGIN")
    results = inbox.apply(inside, "t1", examined, AT)
    inside.execute("COMMIT")
    return results


def receipts(results: tuple[OperationResult, ...]) -> list[str]:
    return [r.receipt.value for r in results]


def test_each_kind_takes_its_effect(inside: Connection) -> None:
    results = take(
        inside,
        ticket_operation(1, "SF-1-261124-0001", "secret"),
        printed(2),
        operation(3, StaffCalled("verdict"), OP_STAFF_CALLED),
        operation(4, DeviceTrouble("printer", "paper_out"), OP_DEVICE_TROUBLE),
    )
    assert receipts(results) == ["new"] * 4
    effects = inside.execute(
        "SELECT (SELECT count(*) FROM tickets), (SELECT count(*) FROM print_outcomes),"
        " (SELECT count(*) FROM staff_calls), (SELECT count(*) FROM device_states)"
    ).fetchone()
    assert effects == (1, 1, 1, 1)


def test_repetition_is_seen_and_has_no_second_effect(inside: Connection) -> None:
    take(inside, printed(1))
    assert receipts(take(inside, printed(1), printed(1))) == ["seen", "seen"]
    assert inside.execute("SELECT count(*) FROM print_outcomes").fetchone() == (1,)


def test_the_same_id_with_another_body_is_a_conflict(inside: Connection) -> None:
    take(inside, printed(1))
    assert receipts(take(inside, printed(1, outcome="failed"))) == ["conflict"]
    assert inside.execute("SELECT outcome FROM print_outcomes").fetchall() == [("proven",)]


def test_behind_a_refused_one_its_own_key_waits_and_others_go_on(
    inside: Connection,
) -> None:
    results = take(
        inside,
        printed(1, "a"),
        printed(2, "a", outcome="nonsense"),
        printed(3, "a"),
        printed(4, "b"),
    )
    assert receipts(results) == ["new", "rejected", "later", "new"]
    assert results[2].reason == "behind_a_refused_one"


def test_a_batch_out_of_order_is_applied_by_seq_and_answered_as_sent(
    inside: Connection,
) -> None:
    results = take(inside, printed(3), printed(1), printed(2))
    assert [r.op_id for r in results] == [op_id(3), op_id(1), op_id(2)]
    applied = inside.execute("SELECT seq FROM inbox ORDER BY applied").fetchall()
    assert applied == [(1,), (2,), (3,)]


def test_a_ticket_number_is_given_once(inside: Connection) -> None:
    first = ticket_operation(1, "SF-1-261124-0001", "secret")
    second = ticket_operation(2, "SF-1-261124-0001", "other")
    (_, refused) = take(inside, first, second)
    assert (refused.receipt, refused.reason) == (Receipt.REJECTED, "ticket_exists")


def test_a_repetition_that_the_inbox_has_forgotten_has_no_second_effect(
    inside: Connection,
) -> None:
    take(inside, printed(1))
    inside.execute("DELETE FROM inbox")
    assert receipts(take(inside, printed(1))) == ["new"]
    assert inside.execute("SELECT count(*) FROM print_outcomes").fetchone() == (1,)


GOOD = printed(1)


def later(ticket: str = "SF-1", secret_sha256: str = "0" * 64, amount: str = "1.00") -> str:
    reference = {"kind": "31", "number": "1", "issued_on": "2026-11-01", "amount": amount}
    body = {"ticket": ticket, "secret_sha256": secret_sha256, "reference": reference}
    return msgspec.json.encode(body).decode()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"op_id": "not-a-uuid"}, "op_id_malformed"),
        ({"op_id": GOOD.op_id.upper().replace("0190", "019A")}, "op_id_malformed"),
        ({"op_id": "01900000-0000-4000-8000-000000000001"}, "op_id_malformed"),
        ({"seq": -1}, "seq_out_of_range"),
        ({"seq": 1 << 63}, "seq_out_of_range"),
        ({"order_key": "k" * 129}, "order_key_too_long"),
        ({"order_key": "k\0"}, "order_key_malformed"),
        ({"sha256": "0" * 64}, "sha256_mismatch"),
        ({"kind": "no.such.kind"}, "kind_unknown"),
    ],
)
def test_what_can_never_be_applied_is_rejected(
    inside: Connection, wrong: dict[str, object], reason: str
) -> None:
    (result,) = take(inside, msgspec.structs.replace(GOOD, **wrong))
    assert (result.receipt, result.reason) == (Receipt.REJECTED, reason)
    assert inside.execute("SELECT count(*) FROM inbox").fetchone() == (0,)


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        (OP_PRINT_OUTCOME, "no json", "body_malformed"),
        (OP_PRINT_OUTCOME, '{"slip":1,"outcome":"proven"}', "body_malformed"),
        (OP_PRINT_OUTCOME, '{"outcome":"proven"}', "body_malformed"),
        (OP_PRINT_OUTCOME, '{"slip":"s","outcome":"perhaps"}', "outcome_unknown"),
        (OP_PRINT_OUTCOME, '{"slip":"s","outcome":"proven","copy":-1}', "copy_out_of_range"),
        (OP_STAFF_CALLED, '{"situation":"x\\u0000"}', "body_malformed"),
        (OP_STAFF_CALLED, '{"situation":"' + "x" * 129 + '"}', "field_too_long"),
        (OP_STAFF_CALLED, '{"situation":"' + "x" * 20_000 + '"}', "body_too_long"),
        (OP_VERIFY_LATER, later(ticket="../../x"), "ticket_malformed"),
        (OP_VERIFY_LATER, later(secret_sha256="short"), "secret_sha256_malformed"),
        (OP_VERIFY_LATER, later(amount="1E+999999999"), "body_malformed"),
        (OP_VERIFY_LATER, later(amount="NaN"), "body_malformed"),
    ],
)
def test_a_body_is_read_before_it_is_believed(
    inside: Connection, kind: str, body: str, reason: str
) -> None:
    sent = msgspec.structs.replace(GOOD, kind=kind, body=body, sha256=sha256_hex(body))
    (result,) = take(inside, sent)
    assert (result.receipt, result.reason) == (Receipt.REJECTED, reason)


@dataclass
class Model:
    """What must be true after any sequence of batches."""

    bodies: dict[str, str] = field(default_factory=dict)

    def expect(self, batch: list[Operation]) -> list[str]:
        results: dict[int, str] = {}
        stopped: set[str] = set()
        for place in sorted(range(len(batch)), key=lambda p: batch[p].seq):
            one = batch[place]
            known = self.bodies.get(one.op_id)
            if "perhaps" in one.body:
                result = "rejected"
            elif known is not None:
                result = "seen" if known == one.body else "conflict"
            elif one.order_key in stopped:
                result = "later"
            else:
                self.bodies[one.op_id] = one.body
                result = "new"
            if result not in ("new", "seen"):
                stopped.add(one.order_key)
            results[place] = result
        return [results[place] for place in range(len(batch))]


@st.composite
def any_operation(draw: st.DrawFn) -> Operation:
    """From few ids, keys and bodies, so that they meet."""
    number = draw(st.integers(0, 7))
    outcome = draw(st.sampled_from(["proven", "proven", "failed", "perhaps"]))
    # A real terminal gives an operation one key and one seq for ever; a wrong one may not.
    return operation(
        number,
        PrintOutcomeReport(slip=f"slip-{number}", outcome=outcome),
        OP_PRINT_OUTCOME,
        draw(st.sampled_from(["a", "b"])),
        seq=draw(st.sampled_from([number, number, number, 3])),
    )


@given(batches=st.lists(st.lists(any_operation(), max_size=8), max_size=8), shared=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_batches_are_applied_once_and_answered_truly(
    inside: Connection, batches: list[list[Operation]], shared: bool
) -> None:
    inside.execute("DELETE FROM inbox")
    inside.execute("DELETE FROM print_outcomes")
    model = Model()
    if shared:  # as batches of several terminals that waited for the same commit
        whole = [inbox.Batch("t1", tuple(inbox.examine(o) for o in b), AT) for b in batches]
        inside.execute("BEGIN")
        answered = inbox.apply_all(inside, whole)
        inside.execute("COMMIT")
    else:
        answered = [take(inside, *batch) for batch in batches]
    for batch, results in zip(batches, answered, strict=True):
        assert [r.op_id for r in results] == [o.op_id for o in batch]
        assert receipts(results) == model.expect(batch)
    kept = inside.execute("SELECT op_id, sha256 FROM inbox").fetchall()
    assert dict(kept) == {i: sha256_hex(body) for i, body in model.bodies.items()}
    effects = [row[0] for row in inside.execute("SELECT op_id FROM print_outcomes")]
    assert sorted(effects) == sorted(model.bodies)
