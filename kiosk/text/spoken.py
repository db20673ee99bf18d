"""A sentence as a speech program must get it, so that it is heard as people say it.

Numbers of invoices and tickets are said digit by digit, amounts as amounts. Words that the
Mandarin voice reads with the wrong one of several readings are given with a character that
sounds as they should (heard with eSpeak NG 1.51, which reads characters one by one where
its dictionary has no word).
"""

import re

from kiosk.text.catalogue import BREAK_HINT, Language

LONGEST_NUMBER = 4
"""Longer runs of digits are names of things (an invoice, a telephone), not amounts."""

_AMOUNT = re.compile(r"(-?)¥\s?(-?[\d,]+(?:\.\d+)?)")
_LONG_DIGITS = re.compile(rf"(?<![\d.])\d(?: ?\d){{{LONGEST_NUMBER},}}(?![\d.])")
_TICKET = re.compile(r"\b[A-Z]{1,3}(?:-[0-9A-Z]+){2,}\b")
_DASHES = re.compile(r"[·—\u3000]+")
_SOUNDS = {
    "重新": "虫新",
    "还在": "孩在",
    "还没": "孩没",
    "还有": "孩有",
    "还是": "孩是",
    "还不": "孩不",
    "调亮": "条亮",
    "银行": "银航",
    "一行": "一航",
    "行业": "航业",
}


def spoken(text: str, language: Language) -> str:
    """What to give to the speech program for a text that stands on a screen."""
    text = _DASHES.sub("，" if language is Language.CHINESE else ", ", text.replace(BREAK_HINT, ""))
    text = _AMOUNT.sub(lambda found: _amount(found, language), text)
    text = _TICKET.sub(lambda found: " ".join(found[0].replace("-", "")), text)
    text = _LONG_DIGITS.sub(lambda found: " ".join(found[0].replace(" ", "")), text)
    if language is Language.CHINESE:
        for written, heard in _SOUNDS.items():
            text = text.replace(written, heard)
    return text


def _amount(found: re.Match[str], language: Language) -> str:
    minus = "-" in found[1] + found[2]
    number = found[2].lstrip("-").replace(",", "")
    if language is Language.CHINESE:
        return f"{'负' if minus else ''}{number}元"
    return f"{'minus ' if minus else ''}{number} yuan"
