"""The rules and the rates as tables for people, in Markdown."""

from einvoice.screening.rates import RATE_SPANS, Bound, percent
from einvoice.screening.rules import RULES


def rules_table() -> str:
    """One row for each rule."""
    rows = ["| id | severity | sentence | rests on |", "|---|---|---|---|"]
    rows += [
        f"| `{rule.id}` | {rule.severity.value} | {rule.sentence} | {rule.source} |"
        for rule in RULES
    ]
    return "\n".join(rows)


def rates_table() -> str:
    """One row for each time in which a rate was in use."""
    rows = ["| rate | first day | last day |", "|---|---|---|"]
    rows += [
        f"| {percent(span.rate)} | {_bound(span.first)} | {_bound(span.last)} |"
        for span in RATE_SPANS
    ]
    return "\n".join(rows)


def _bound(bound: Bound | None) -> str:
    if bound is None:
        return "unknown"
    doubt = "" if bound.is_confirmed else " (unconfirmed)"
    return f"{bound.day.isoformat()}{doubt}, {bound.source}"
