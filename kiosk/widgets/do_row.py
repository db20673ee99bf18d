"""A line of a card with what can be done about it."""

from kivy.properties import ObjectProperty, StringProperty

from kiosk.widgets.buttons import ActionRow, action_button
from kiosk.widgets.kv import load_kv
from kiosk.widgets.rows import Row


class DoRow(Row):
    """A sentence, a note below it, and buttons.

    Attributes:
        actions: `Action`s, few of them.
    """

    tid = StringProperty("")
    words = StringProperty("")
    note = StringProperty("")
    actions = ObjectProperty(())

    def on_kv_post(self, base_widget: object) -> None:
        """Build the buttons."""
        if not self.actions:
            return
        row = ActionRow()
        for action in self.actions:
            button = action_button(action)
            row.add_widget(button)
            button.fbind("natural_height", row.even_out)
        row.even_out()
        self.add_widget(row)


load_kv(__file__)
