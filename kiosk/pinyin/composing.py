"""A company's name as it is typed: characters that stand, and letters that are still pinyin."""

from dataclasses import dataclass, replace

from einvoice.title_names import MAX_TYPED_CHARS

BACK, CLEAR, MODE = "back", "clear", "mode"
APART = "'"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SIGNS = "1234567890（）·-&.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""What is typed as it is."""
MAX_LETTERS = 32
"""Ten characters at once: longer runs give candidates wider than a screen."""

COMMON = (
    "有限公司",
    "北京",
    "科技",
    "商贸",
    "有限责任公司",
    "股份有限公司",
    "（北京）",
    "技术",
    "信息",
    "文化",
    "管理",
    "服务",
    "咨询",
    "餐饮",
    "建筑",
    "集团",
    "分公司",
    "中心",
)
"""Words of company names, offered while nothing is being composed."""


@dataclass(frozen=True, slots=True)
class Composing:
    """A name on its way.

    Attributes:
        name: what stands.
        letters: pinyin for which no characters are chosen yet.
        plain: keys are taken as they are, and not as pinyin.
    """

    name: str = ""
    letters: str = ""
    plain: bool = False

    def press(self, key: str) -> "Composing":
        """After a key; keys of the other mode, and those that find no room, change nothing."""
        match key:
            case "clear":
                return replace(self, name="", letters="")
            case "mode":
                return replace(self, letters="", plain=not self.plain)
            case "back" if self.letters:
                return replace(self, letters=self.letters[:-1].rstrip(APART))
            case "back":
                return replace(self, name=self.name[:-1])
            case _:
                return self._typed(key)

    def _typed(self, key: str) -> "Composing":
        if self.plain:
            return self.add(key) if key and key in SIGNS else self
        is_letter = len(key) == 1 and key in LETTERS
        is_apart = key == APART and bool(self.letters) and not self.letters.endswith(APART)
        if not (is_letter or is_apart) or len(self.letters) >= MAX_LETTERS:
            return self
        return replace(self, letters=self.letters + key)

    def add(self, text: str, rest: str = "") -> "Composing":
        """Put characters behind those that stand; `rest` of the letters stays to be chosen for."""
        name = self.name + text
        return self if len(name) > MAX_TYPED_CHARS else replace(self, name=name, letters=rest)
