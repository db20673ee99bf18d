"""The look in force: orientation, text size and language. kv files read it.

A plain object, not an event dispatcher: a change of language or text size builds the
screen anew, so nothing has to be bound and nothing is forgotten.
"""

from kiosk.text import Catalogue, Language, catalogue
from kiosk.widgets import theme


class Look:
    """Tokens and sentences for the present view.

    Attributes:
        type: the type scale.
        space: distances.
        words: the sentences of the present language.
        portrait: the window is higher than wide.
        large: the 大字 view.
        colours: the palette.
    """

    def __init__(self) -> None:
        self.choose(width=1080, height=1920, language=Language.CHINESE, large=False)

    def choose(
        self,
        *,
        width: int,
        height: int,
        language: Language,
        large: bool,
        high_contrast: bool = False,
    ) -> None:
        """Take another view into force; whatever is built from now on has it."""
        self.width = width
        self.height = height
        self.portrait = height >= width
        self.large = large
        self.high_contrast = high_contrast
        self.language = language
        self.colours = theme.HIGH_CONTRAST if high_contrast else theme.LIGHT
        self.type = theme.type_scale(portrait=self.portrait, large=large)
        self.space = theme.spacing(portrait=self.portrait)
        self.words: Catalogue = catalogue(language)

    def say(self, key: str, **values: object) -> str:
        """The sentence under `key`, with its break hints (see `Text`)."""
        return self.words.say_breakable(key, **values)

    @property
    def flow(self) -> str:
        """How the two halves of a screen stand: above each other, or side by side."""
        return "vertical" if self.portrait else "horizontal"


look = Look()
"""The one look of this process's one window."""
