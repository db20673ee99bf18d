"""The counts of a day or a month as a table with small bars, for a terminal window."""

from kiosk.history_messages import Bucket, HistoryShown

BAR_CHARS = 8
_EIGHTHS = " ▏▎▍▌▋▊▉"
_HEAD = "{at:<11}  {prints:<23}  {told:<33}  {link:<15} {queue}"
_LINE = (
    "{at:<11}  {bar:<8}{ok:>5}{no:>5}{unknown:>5}  {tbar:<8}{normal:>5}{other:>5}"
    "{lost:>5}{dumb:>5}{away:>5}  {lbar:<8}{share:>6}  {qbar:<8}{deep:>6}"
)


def bar(value: float, most: float) -> str:
    """`value` against `most` in `BAR_CHARS` characters; anything above nothing is seen."""
    if value <= 0 or most <= 0:
        return " " * BAR_CHARS
    eighths = max(1, round(min(1.0, value / most) * BAR_CHARS * 8))
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(BAR_CHARS)


def table(shown: HistoryShown) -> str:
    """All of it. A line without data says so; it has no zeros."""
    lines = [
        _HEAD.format(
            at="hour" if shown.span == "24h" else "day",
            prints="prints",
            told="verdicts",
            link="service answers",
            queue="owed at most",
        ),
        _LINE.format(
            at="",
            bar="",
            ok="prov",
            no="fail",
            unknown="unkn",
            tbar="",
            normal="norm",
            other="othr",
            lost="n.f.",
            dumb="c.s.",
            away="unav",
            lbar="",
            share="",
            qbar="",
            deep="",
        ),
    ]
    prints = max(_prints(one) for one in shown.buckets)
    told = max(_told(one) for one in shown.buckets)
    deepest = max(one.queue_max for one in shown.buckets)
    at = "%m-%d %H:%M" if shown.span == "24h" else "%Y-%m-%d"
    for one in shown.buckets:
        if one.up_share is None:
            lines.append(f"{one.at:{at}}".ljust(13) + "no data")
            continue
        lines.append(
            _LINE.format(
                at=f"{one.at:{at}}",
                bar=bar(_prints(one), prints),
                ok=one.proven,
                no=one.failed,
                unknown=one.unknown,
                tbar=bar(_told(one), told),
                normal=one.normal,
                other=one.other,
                lost=one.not_found,
                dumb=one.cannot_say,
                away=one.unavailable,
                lbar=bar(one.up_share, 1.0),
                share=f"{one.up_share:.0%}",
                qbar=bar(one.queue_max, deepest),
                deep=one.queue_max,
            ).rstrip()
        )
    lines.append(
        "prints: proven, failed, not known. verdicts: NORMAL; void, reversed or mismatch;"
        " not found (yet); cannot say; UNAVAILABLE, which says nothing about an invoice."
    )
    return "\n".join(line.rstrip() for line in lines)


def _prints(one: Bucket) -> int:
    return one.proven + one.failed + one.unknown


def _told(one: Bucket) -> int:
    return one.normal + one.other + one.not_found + one.cannot_say + one.unavailable
