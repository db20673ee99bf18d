"""Amounts in capitals (大写): 肆仟肆佰肆拾玖圆整.

Written by the central bank's rule as the invoices of the tax bureau do: 圆, and 整 only
after 圆. Read tolerantly, because issuing software differs in 元 and 圆, 整 and 正.
"""

import unicodedata
from decimal import Decimal

LIMIT = 10**16
"""Yuan, exclusive: 亿亿."""

_LONGEST = 80  # characters; the longest amount has 36, with its sign and 人民币 under 50

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_NEGATIVE = "（负数）"

_READ = str.maketrans(
    {
        "〇": "零", "○": "零", "Ｏ": "零",
        "一": "壹", "二": "贰", "两": "贰", "貳": "贰", "弍": "贰",
        "三": "叁", "叄": "叁", "參": "叁", "四": "肆", "五": "伍",
        "六": "陆", "陸": "陆", "七": "柒", "八": "捌", "九": "玖",
        "十": "拾", "百": "佰", "千": "仟", "萬": "万", "億": "亿",
        "元": "圆", "圓": "圆", "正": "整",
    }
)  # fmt: skip


class NotCapitals(ValueError):
    """A text that is no amount in capitals."""


def to_capitals(amount: Decimal) -> str:
    """An amount of yuan in capitals.

    Raises:
        ValueError: if it is not a whole number of fen, or 10^16 or more.
    """
    if not amount.is_finite() or abs(amount) >= LIMIT or amount * 100 % 1:
        raise ValueError("not an amount that can be written in capitals")
    fen_total = int(abs(amount) * 100)
    yuan, rest = divmod(fen_total, 100)
    jiao, fen = divmod(rest, 10)
    words = _NEGATIVE if amount < 0 else ""
    if yuan or not rest:
        words += _whole(yuan) + "圆"
    if not rest:
        return words + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    if fen:
        words += _DIGITS[fen] + "分"
    return words


def from_capitals(text: str) -> Decimal:
    """The amount that capitals say, yuan with two decimals.

    Takes 元 or 圆, 整, 正 or none, 〇, small numerals, 人民币 before it and （负数）.

    Raises:
        NotCapitals: if the words say no amount, or not in any order that names one.
    """
    if len(text) > _LONGEST:
        raise NotCapitals("longer than any amount")
    plain = "".join(unicodedata.normalize("NFKC", text).split()).translate(_READ)
    plain = plain.removeprefix("人民币")
    negative = False
    for mark in ("(负数)", "负"):
        if plain.startswith(mark):
            negative, plain = True, plain.removeprefix(mark)
            break
    plain = plain.removeprefix("人民币").removesuffix("整")
    if plain.startswith("拾"):
        plain = "壹" + plain
    whole, yuan, small = plain.rpartition("圆")
    amount = Decimal(_read_whole(whole) if yuan else 0) + _read_small(small)
    has_digit = any(word in _DIGITS for word in plain)
    # Whatever the words were, they must be the words of this amount, zeros aside.
    if not has_digit or amount >= LIMIT or _bare(to_capitals(amount)) != _bare(plain):
        raise NotCapitals("not an amount in capitals")
    return -amount if negative else amount


def _bare(words: str) -> str:
    """Words without what is optional. Only the amount of nothing keeps its zero."""
    bare = words.replace("零", "").removesuffix("整")
    return bare if bare not in ("", "圆", "角", "分") else "零"


def _whole(number: int) -> str:
    """Words of a whole number below 10^16."""
    if number < 10:
        return _DIGITS[number]
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        high, low = divmod(number, size)
        if high:
            words = _whole(high) + unit
            if not low:
                return words
            return words + ("零" if low < size // 10 else "") + _whole(low)
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words


def _read_whole(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        high, found, low = words.rpartition(unit)
        if found:
            return _read_whole(high) * size + _read_whole(low)
    digits = words.strip("零")
    if not digits:
        return 0
    if len(digits) > 1 or digits not in _DIGITS:
        raise NotCapitals("a word that is no number")
    return _DIGITS.index(digits)


def _read_small(words: str) -> Decimal:
    fen = 0
    for unit, size in (("角", 10), ("分", 1)):
        digit, found, rest = words.partition(unit)
        if found:
            fen += _read_whole(digit) * size
            words = rest
    if words.strip("零"):
        raise NotCapitals("a word behind the amount")
    return Decimal(fen).scaleb(-2)
