"""A day by the hour or a month by the day, as charts: prints, verdicts, link and queue."""

from kiosk.admin_pages import History
from kiosk.history_messages import PRINTS, SPANS, VERDICTS, Bucket
from kiosk.screens.admin.page import AdminScreen
from kiosk.text import formats
from kiosk.widgets.chart_row import ChartRow, Series
from kiosk.widgets.look import look
from kiosk.widgets.plotting import Pattern
from kiosk.widgets.theme import Colour, Meaning

_LOOKS: dict[str, tuple[Pattern, Meaning]] = {
    "proven": (Pattern.SOLID, Meaning.GOOD),
    "failed": (Pattern.HATCH, Meaning.STOP),
    "unknown": (Pattern.DOTS, Meaning.UNSAID),
    "normal": (Pattern.SOLID, Meaning.GOOD),
    "other": (Pattern.HATCH, Meaning.CAUTION),
    "not_found": (Pattern.DOTS, Meaning.UNSAID),
    "cannot_say": (Pattern.LINES, Meaning.UNSAID),
    # The service could not be reached: nothing is said about an invoice, and nothing is filled.
    "unavailable": (Pattern.HOLLOW, Meaning.UNSAID),
}


class HistoryScreen(AdminScreen):
    """The charts."""

    tag = "admin_history"
    view: History

    def compose(self) -> None:
        """Fill the parts."""
        self.head()
        self.rows(
            [
                self._counts("prints", PRINTS),
                self._counts("verdicts", VERDICTS),
                self._link(),
                self._queue(),
            ]
        )
        self.offer(self.filter("history", SPANS, self.view.span))

    def _counts(self, chart: str, names: tuple[str, ...]) -> ChartRow:
        buckets = self.view.buckets
        bars = tuple(_values(one, names) for one in buckets)
        most = max((sum(values) for values in bars if values is not None), default=0)
        series = tuple(
            self._series(
                name,
                self.say(
                    "admin.chart.count",
                    what=self.say(f"admin.chart.{name}"),
                    count=sum(one.count(name) for one in buckets),
                ),
            )
            for name in names
        )
        upper = self.say(f"admin.chart.most_{self.view.span}", most=int(most))
        return self._chart(chart, series, bars, most, upper)

    def _link(self) -> ChartRow:
        shares = [one.up_share for one in self.view.buckets]
        bars = tuple(None if share is None else (share,) for share in shares)
        watched_s = sum(one.watched_s for one in self.view.buckets)
        up_s = sum(one.up_s for one in self.view.buckets)
        words = (
            self.say("admin.chart.no_data")
            if watched_s == 0
            else self.say("admin.chart.up", percent=f"{min(1.0, up_s / watched_s):.1%}")
        )
        series = (Series(words, Pattern.SOLID, _ink()),)
        return self._chart("link", series, bars, 1.0, self.say("admin.chart.all_of_it"))

    def _queue(self) -> ChartRow:
        buckets = self.view.buckets
        bars = tuple((float(one.queue_max),) if one.has_data else None for one in buckets)
        most = max((one.queue_max for one in buckets), default=0)
        series = (Series(self.say("admin.chart.deepest"), Pattern.SOLID, _ink()),)
        return self._chart("queue", series, bars, most, self.say("admin.chart.most", most=most))

    def _series(self, name: str, words: str) -> Series:
        pattern, meaning = _LOOKS[name]
        return Series(words, pattern, look.colours.tone(meaning).seal)

    def _chart(
        self,
        chart: str,
        series: tuple[Series, ...],
        bars: tuple[tuple[float, ...] | None, ...],
        most: float,
        upper: str,
    ) -> ChartRow:
        buckets = self.view.buckets
        first, last = ("", "") if not buckets else (self._at(buckets[0]), self._at(buckets[-1]))
        return ChartRow(
            tid=f"{self.tag}.{chart}",
            title=self.say(f"admin.chart.{chart}"),
            upper=upper,
            first=first,
            last_place=last,
            series=series,
            bars=bars,
            most=most,
            no_data=self.say("admin.chart.no_data") if None in bars else "",
            group="charts",
        )

    def _at(self, bucket: Bucket) -> str:
        day = formats.day(look.words, bucket.at)
        if self.view.span == "30d":
            return day
        return f"{day} {formats.time_of_day(look.words, bucket.at)}"


def _values(bucket: Bucket, names: tuple[str, ...]) -> tuple[float, ...] | None:
    return tuple(float(bucket.count(name)) for name in names) if bucket.has_data else None


def _ink() -> Colour:
    return look.colours.action
