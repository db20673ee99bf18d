"""Rows in cards, on as many pages as they need: nothing scrolls, arrows turn the pages."""

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.layout import Layout

from kiosk.widgets.kv import load_kv
from kiosk.widgets.look import look
from kiosk.widgets.paging import Chunk, paginate
from kiosk.widgets.rows import Row


class Card(BoxLayout):
    """A white card with a hairline, as high as its rows."""


class Column(BoxLayout):
    """Cards below each other, from the top."""


class Pager(BoxLayout):
    """Arrows, and which page this is."""

    tid = StringProperty("")
    words = StringProperty("")
    first = BooleanProperty(True)
    last = BooleanProperty(False)


class Pages(BoxLayout):
    """Shows rows in cards from top to bottom, and turns pages where they do not fit.

    Attributes:
        rows: `Row` widgets; neighbours of one group share a card.
        columns: cards flow into so many columns.
        page: the page shown, from 0.
        tid: stable name; the arrows are `<tid>.up` and `<tid>.down`.
    """

    rows = ListProperty([])
    columns = NumericProperty(1)
    page = NumericProperty(0)
    tid = StringProperty("pages")

    def __init__(self, **kwargs: object) -> None:
        self._settle = Clock.create_trigger(self._show, -1)
        super().__init__(**kwargs)
        for name in ("size", "rows", "columns", "page"):
            self.fbind(name, self._settle)

    def turn(self, by: int) -> None:
        """Turn to the page before (-1) or after (1)."""
        self.page = max(0, self.page + by)

    def _show(self, *_: object) -> None:
        place = self.ids.place
        for column in list(place.children):
            for card in list(column.children):
                card.clear_widgets()
        place.clear_widgets()
        column_width = (self.width - (self.columns - 1) * look.space.gap) / self.columns
        chunks = [_measured(row, column_width) for row in self.rows]
        pages = self._paginate(chunks, self.height)
        if len(pages) > 1:
            pages = self._paginate(chunks, self.height - look.space.target - look.space.gap)
        if self.page >= len(pages):
            self.page = len(pages) - 1
        pager = self.ids.pager
        several = len(pages) > 1
        pager.height = look.space.target if several else 0
        pager.opacity = 1 if several else 0
        pager.disabled = not several
        self.spacing = look.space.gap if several else 0
        pager.first, pager.last = self.page == 0, self.page == len(pages) - 1
        pager.words = look.say("common.page", page=self.page + 1, pages=len(pages))
        for column in pages[self.page]:
            place.add_widget(self._column(column))
        for _missing in range(int(self.columns) - len(pages[self.page])):
            place.add_widget(Column())

    def _paginate(self, chunks: list[Chunk], height: float) -> list[list[list[int]]]:
        edge = 2 * look.space.line * 0.5
        return paginate(chunks, int(self.columns), height, look.space.gap, edge)

    def _column(self, indices: list[int]) -> Column:
        column = Column()
        for card in cards([self.rows[index] for index in indices]):
            column.add_widget(card)
        return column


def cards(rows: list[Row]) -> list[Card]:
    """Rows in cards: neighbours of one group share one."""
    made: list[Card] = []
    for index, row in enumerate(rows):
        if index == 0 or rows[index - 1].group != row.group:
            made.append(Card())
        row.last = index + 1 == len(rows) or rows[index + 1].group != row.group
        made[-1].add_widget(row)
    return made


def _measured(row: Row, width: float) -> Chunk:
    """The height of a row in a column of `width`, after its parts have found their places."""
    row.width = width
    for _ in range(3):
        for part in row.walk(restrict=True):
            if isinstance(part, Layout):
                part.do_layout()
    return Chunk(group=row.group, height=row.height)


load_kv(__file__)
