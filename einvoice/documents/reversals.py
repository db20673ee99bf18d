"""Which blue invoice a red one reverses, in the words that issuing systems put in its remark."""

import re
from dataclasses import dataclass

from einvoice.documents import values

_BLUE = "被红冲蓝字(?:数电|电子)?(?:发票|票)?"
_NUMBER_8 = "号码:(?P<number>[0-9]{8})(?![0-9])"
_NUMBER_20 = "号码:(?P<number>[0-9]{20})(?![0-9])"
_CODE = "代码:(?P<code>[0-9]{12}|[0-9]{10})(?![0-9])"
_NAMED = tuple(
    map(
        re.compile,
        (
            f"{_BLUE}{_NUMBER_20}",
            f"对应正数发票{_NUMBER_20}",
            f"对应正数发票{_CODE}[,、;]?(?:发票)?{_NUMBER_8}",
            # A 数电票 that reverses an old invoice names both, in either order.
            f"{_BLUE}{_CODE}[,、;]?(?:{_BLUE})?{_NUMBER_8}",
            f"{_BLUE}{_NUMBER_8}[,、;]?(?:{_BLUE})?{_CODE}",
        ),
    )
)
# A red special invoice of the old kinds names the notice by which it was allowed instead.
_NOTICE = re.compile("开具红字增值税专用发票信息表编号:?[0-9]{8,20}")


@dataclass(frozen=True, slots=True)
class Reversed:
    """The blue invoice. `code` is empty for a 数电票."""

    number: str
    code: str = ""


def reversed_by(remark: str) -> Reversed | None:
    """The blue invoice that a remark names; None if it names none."""
    written = values.plain(remark)
    for pattern in _NAMED:
        if found := pattern.search(written):
            return Reversed(found["number"], found.groupdict().get("code") or "")
    return None


def names_notice(remark: str) -> bool:
    """Whether a remark names the notice (信息表) that allowed a red special invoice."""
    return _NOTICE.search(values.plain(remark)) is not None
