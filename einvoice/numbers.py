"""The 20-digit number of a 数电票, the 发票代码 of an old invoice, the check code.

Each reader gives the value and what was noticed, never a bare yes or no: most
oddities are rules of habit that real invoices break.

Sources: SAT announcements 2022-1 and 2024-11 (20-digit number); the national
verification page's own rules for old codes (its function `alxd` for the kind, and
its tables of regions and years). The channel digit has no official table.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from einvoice.kinds import Kind
from einvoice.reasons import Note, Reason

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[_T]):
    """A value, if the text has its shape, and what was noticed on the way."""

    value: _T | None
    findings: tuple[Reason | Note, ...] = ()


# GB/T 2260, first two digits, as listed by the verification page.
PROVINCES = {
    "11": "北京",
    "12": "天津",
    "13": "河北",
    "14": "山西",
    "15": "内蒙古",
    "21": "辽宁",
    "22": "吉林",
    "23": "黑龙江",
    "31": "上海",
    "32": "江苏",
    "33": "浙江",
    "34": "安徽",
    "35": "福建",
    "36": "江西",
    "37": "山东",
    "41": "河南",
    "42": "湖北",
    "43": "湖南",
    "44": "广东",
    "45": "广西",
    "46": "海南",
    "50": "重庆",
    "51": "四川",
    "52": "贵州",
    "53": "云南",
    "54": "西藏",
    "61": "陕西",
    "62": "甘肃",
    "63": "青海",
    "64": "宁夏",
    "65": "新疆",
}
# Separately planned cities, in 20-digit numbers only. 93, 94 and 95 were seen on
# invoices; 91 and 92 follow by order and are unconfirmed, which costs nothing here:
# an unknown region is a note.
PLANNED_CITIES = {"91": "大连", "92": "青岛", "93": "宁波", "94": "厦门", "95": "深圳"}
# The same cities in old codes, by four digits.
PLANNED_CITIES_OLD = {
    "2102": "大连",
    "3302": "宁波",
    "3502": "厦门",
    "3702": "青岛",
    "4403": "深圳",
}

# Seen: 2 web page of the 电子发票服务平台, 7 乐企 direct link, 9 railway. No official table.
CHANNELS_SEEN = frozenset("279")

FIRST_DIGITAL_YEAR = 22

_DIGITS = re.compile(r"[0-9]+")
_BLANKS = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class DigitalNumber:
    """The parts of a 20-digit number.

    Attributes:
        text: all 20 digits.
        year: the last two digits of the calendar year.
        region: two digits of the province or planned city.
        channel: one digit, by which way it was issued.
        serial: 15 digits.
    """

    text: str
    year: int
    region: str
    channel: str
    serial: str

    @property
    def region_name(self) -> str:
        """Name of the province or city; empty if unknown."""
        return PROVINCES.get(self.region) or PLANNED_CITIES.get(self.region, "")


@dataclass(frozen=True, slots=True)
class OldCode:
    """The parts of a 发票代码 of 10 or 12 digits.

    Attributes:
        text: all digits.
        region: four digits of the province or planned city.
        year: two digits.
        batch: as printed, one digit (10) or three (12).
        kind: by the verification page's rule; None if that gives none.
    """

    text: str
    region: str
    year: int
    batch: str
    kind: Kind | None

    @property
    def region_name(self) -> str:
        """Name of the province or city; empty if unknown."""
        city = PLANNED_CITIES_OLD.get(self.region)
        return city or PROVINCES.get(self.region[:2], "")


@dataclass(frozen=True, slots=True)
class CheckCode:
    """A check code. `whole` is empty where only the last six digits are known."""

    last_six: str
    whole: str = ""


def read_digital_number(
    text: str, *, issued_on: date | None = None, today: date | None = None
) -> Reading[DigitalNumber]:
    """The parts of a 20-digit number, and what is unusual about them.

    Args:
        text: the number, digits only.
        issued_on: if given, its year is compared.
        today: if given, a year after it is noted.
    """
    if not _DIGITS.fullmatch(text):
        return Reading(None, (Reason.NUMBER_DIGITS if text else Reason.NUMBER_MISSING,))
    if len(text) != 20:
        return Reading(None, (Reason.NUMBER_LENGTH,))
    if text.strip("0") == "":
        return Reading(None, (Reason.NUMBER_ZERO,))
    number = DigitalNumber(text, int(text[:2]), text[2:4], text[4], text[5:])
    notes: list[Reason | Note] = []
    if not number.region_name:
        notes.append(Note.NUMBER_REGION_UNKNOWN)
    if number.year < FIRST_DIGITAL_YEAR or (today and number.year > today.year % 100):
        notes.append(Note.NUMBER_YEAR_UNLIKELY)
    elif issued_on and number.year != issued_on.year % 100:
        notes.append(Note.NUMBER_YEAR_DIFFERS)
    if number.channel not in CHANNELS_SEEN:
        notes.append(Note.NUMBER_CHANNEL_UNSEEN)
    return Reading(number, tuple(notes))


def read_old_number(text: str) -> Reading[str]:
    """An 8-digit number."""
    if not _DIGITS.fullmatch(text):
        return Reading(None, (Reason.NUMBER_DIGITS if text else Reason.NUMBER_MISSING,))
    if len(text) != 8:
        return Reading(None, (Reason.NUMBER_LENGTH,))
    if text.strip("0") == "":
        return Reading(None, (Reason.NUMBER_ZERO,))
    return Reading(text)


def read_old_code(
    text: str, *, issued_on: date | None = None, today: date | None = None
) -> Reading[OldCode]:
    """The parts of a 发票代码, and what is unusual about them.

    Args:
        text: the code, digits only.
        issued_on: if given, a code of a later year is noted.
        today: if given, a code of a year after it is noted.
    """
    if not _DIGITS.fullmatch(text):
        return Reading(None, (Reason.CODE_DIGITS if text else Reason.CODE_MISSING,))
    if len(text) == 12:
        region, year, batch = text[1:5], text[5:7], text[7:10]
    elif len(text) == 10:
        region, year, batch = text[0:4], text[4:6], text[6]
    else:
        return Reading(None, (Reason.CODE_LENGTH,))
    code = OldCode(text, region, int(year), batch, kind_of_code(text))
    notes: list[Reason | Note] = []
    if not code.region_name:
        notes.append(Note.CODE_REGION_UNKNOWN)
    if code.year == 0 or (today and code.year > today.year % 100):
        notes.append(Note.CODE_YEAR_UNLIKELY)
    elif issued_on and code.year > issued_on.year % 100:
        # Codes are given to the issuer in batches: an earlier year is usual.
        notes.append(Note.CODE_YEAR_AFTER_DATE)
    return Reading(code, tuple(notes))


# Early electronic invoices that the verification page names one by one.
_EARLY_ELECTRONIC = frozenset({"144031539110", "131001570151", "133011501118", "111001571071"})
_BY_LAST_TWO = {
    "11": Kind.ORDINARY_ELECTRONIC,
    "04": Kind.ORDINARY_PAPER,
    "05": Kind.ORDINARY_PAPER,
    "06": Kind.ROLL,
    "07": Kind.ROLL,
    "12": Kind.TOLL,
    "17": Kind.USED_VEHICLE,
    "13": Kind.SPECIAL_ELECTRONIC,
}
_BY_EIGHTH_DIGIT = {
    "1": Kind.SPECIAL_PAPER,
    "5": Kind.SPECIAL_PAPER,
    "3": Kind.ORDINARY_PAPER,
    "6": Kind.ORDINARY_PAPER,
    "2": Kind.FREIGHT,
    "7": Kind.FREIGHT,
}


def kind_of_code(code: str) -> Kind | None:
    """The kind that a 发票代码 names, by the verification page's rule (`alxd`); None if none."""
    if len(code) == 12:
        if code in _EARLY_ELECTRONIC:
            return Kind.ORDINARY_ELECTRONIC
        if code[0] == "0":
            return _BY_LAST_TWO.get(code[10:])
        return Kind.MOTOR_VEHICLE if code[7] == "2" else None
    if len(code) == 10:
        return _BY_EIGHTH_DIGIT.get(code[7])
    return None


def read_check_code(text: str) -> Reading[CheckCode]:
    """A check code as printed (20 digits, in groups or not) or as asked for (the last six)."""
    digits = _BLANKS.sub("", text)
    if not digits:
        return Reading(None, (Reason.CHECK_CODE_MISSING,))
    if not _DIGITS.fullmatch(digits):
        return Reading(None, (Reason.CHECK_CODE_DIGITS,))
    if len(digits) == 20:
        return Reading(CheckCode(digits[-6:], digits))
    if len(digits) == 6:
        return Reading(CheckCode(digits))
    return Reading(None, (Reason.CHECK_CODE_LENGTH,))
