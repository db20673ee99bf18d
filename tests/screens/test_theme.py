"""Colours can be read, sizes follow the scale, and no sentence hides outside the catalogue."""

import ast
from pathlib import Path

import pytest

from kiosk.widgets import theme

REPO = Path(__file__).parents[2]
SOURCES = [
    path
    for folder in ("kiosk/screens", "kiosk/widgets")
    for path in sorted((REPO / folder).iterdir())
    if path.suffix in (".py", ".kv")
]


@pytest.mark.parametrize(
    ("palette", "least"),
    [(theme.LIGHT, theme.MIN_CONTRAST), (theme.HIGH_CONTRAST, theme.MIN_HIGH_CONTRAST)],
    ids=["light", "high contrast"],
)
def test_text_can_be_read_on_its_ground(palette: theme.Palette, least: float) -> None:
    for name, pair in palette.text_on_ground().items():
        assert theme.contrast(*pair) >= least, name


def test_a_meaning_never_has_the_colours_of_another() -> None:
    for palette in (theme.LIGHT, theme.HIGH_CONTRAST):
        seals = [palette.tone(meaning).seal for meaning in theme.Meaning]
        assert palette.unsaid.seal not in (palette.stop.seal, palette.caution.seal)
        assert len(set(seals)) >= 4


def test_contrast_is_that_of_the_guidelines() -> None:
    white, black = (1.0, 1.0, 1.0, 1.0), (0.0, 0.0, 0.0, 1.0)
    assert theme.contrast(white, black) == pytest.approx(21)
    assert theme.contrast(white, white) == pytest.approx(1)


def test_the_type_scale() -> None:
    portrait = theme.type_scale(portrait=True, large=False)
    assert (portrait.display, portrait.title, portrait.body) == (76, 54, 38)
    assert (portrait.label, portrait.small) == (32, 28)
    assert theme.type_scale(portrait=True, large=True).body == round(38 * 1.35)
    assert theme.type_scale(portrait=False, large=False).body == round(38 * 2 / 3)


def _literals(path: Path) -> list[str]:
    """What a file says in its own words: its literals, without comments and docstrings."""
    text = path.read_text("utf-8")
    if path.suffix == ".kv":
        return [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    tree = ast.parse(text)
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node.value for node in texts if isinstance(node.value, str) and id(node) not in told]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_sentence_is_in_the_catalogue(path: Path) -> None:
    if path.name == "wrapping.py":
        return
    chinese = [
        text for text in _literals(path) if any("\u4e00" <= sign <= "\u9fff" for sign in text)
    ]
    assert chinese == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_colour_is_in_the_theme(path: Path) -> None:
    if path.name == "theme.py":
        return
    assert not [text for text in _literals(path) if "#" in text and len(text) == 7]
    if path.suffix == ".kv":
        assert "rgba: 0" not in path.read_text("utf-8")
        assert "rgba: 1" not in path.read_text("utf-8")
