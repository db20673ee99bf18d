"""A call for staff is an alert: once for each call, whatever is sent twice."""

from pathlib import Path

from central_kit import operation
from identity_kit import hall

from central.contract import OP_STAFF_CALLED, OperationsAnswer, Receipt, StaffCalled


async def test_a_call_for_staff_is_an_alert_of_its_terminal(tmp_path: Path) -> None:
    async with hall(tmp_path) as here:
        await here.enrolled()
        called = operation(1, StaffCalled("verdict"), OP_STAFF_CALLED)
        async with here.client() as client:
            for receipt in (Receipt.NEW, Receipt.SEEN):
                answer = await client.send((called,), batch_id="b", within_s=10)
                assert isinstance(answer, OperationsAnswer), answer
                assert answer.results[0].receipt is receipt
        alert = (await here.alerts())["staff_called"]
        assert (alert.terminal, alert.count) == ("03", 1)
        assert called.at.isoformat(timespec="seconds") in alert.detail
