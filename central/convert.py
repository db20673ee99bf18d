"""Between the wire (`central.contract`) and the house's own words (`einvoice.verdict`)."""

from central.contract import ComparedField, Details, EvidenceLine, Ruling
from einvoice.verdict import Answer, Compared, Evidence, RecordDetails


def ruling_of(answer: Answer) -> Ruling:
    """The wire form of an answer."""
    details = answer.details
    return Ruling(
        verdict=answer.verdict,
        source=answer.source,
        at=answer.at,
        evidence=tuple(
            EvidenceLine(
                e.check,
                e.finding,
                e.note,
                tuple(
                    ComparedField(c.field, c.stated, c.recorded, c.rule, c.line) for c in e.compared
                ),
            )
            for e in answer.evidence
        ),
        reason=answer.reason,
        details=None
        if details is None
        else Details(
            seller=details.seller,
            buyer=details.buyer,
            total_with_tax=details.total_with_tax,
            amount_without_tax=details.amount_without_tax,
            tax=details.tax,
            red_on=details.red_on,
            red_balance=details.red_balance,
            void_on=details.void_on,
            red_number=details.red_number,
            original_number=details.original_number,
        ),
    )


def answer_of(ruling: Ruling) -> Answer:
    """The answer that a ruling carries."""
    details = ruling.details
    return Answer(
        verdict=ruling.verdict,
        source=ruling.source,
        at=ruling.at,
        evidence=tuple(
            Evidence(
                e.check,
                e.finding,
                e.note,
                tuple(Compared(c.field, c.stated, c.recorded, c.rule, c.line) for c in e.compared),
            )
            for e in ruling.evidence
        ),
        reason=ruling.reason,
        details=None
        if details is None
        else RecordDetails(
            seller=details.seller,
            buyer=details.buyer,
            total_with_tax=details.total_with_tax,
            amount_without_tax=details.amount_without_tax,
            tax=details.tax,
            red_on=details.red_on,
            red_balance=details.red_balance,
            void_on=details.void_on,
            red_number=details.red_number,
            original_number=details.original_number,
        ),
    )
