"""A person's data in the samples, marked so that it can be found again wherever it went."""

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

MARK = "7731"
MARKED_MONEY = "7,731,"
"""How `MARK` reads in an amount of millions."""

PERSONS = {
    "number": MARK + "0000000000001777",
    "code": MARK + "00110017",
    "check_code": MARK + "56",
    "red_number": MARK + "0000000000002777",
    "original_number": MARK + "0000000000003777",
    "seller": MARK + "北京示例商贸有限公司",
    "seller_masked": MARK + "北京示***有限公司",
    "buyer": MARK + "某某示例科技（北京）有限公司",
    "buyer_masked": MARK + "某***科技有限公司",
    "buyer_tax_id": MARK + "0105MA00TEST1X",
    "tax_id": MARK + "0105MA00TEST1X",
    "address": MARK + ".person@mail.example.com",
    "url": "https://links.example.com/v1/fetch/" + MARK + "EFGHIJKLMNOP",
    "slip": "P-03-" + MARK + "-0017",
    "item": MARK + "餐饮服务",
    "name": MARK + "会议室租赁服务",
    "words": MARK + "税号与名称不一致",
    "printed": MARK,
    "recorded": MARK,
}
"""Name of a field: what the marked person has there."""


def _values(one: Any) -> Mapping[str, Any] | None:
    if isinstance(one, msgspec.Struct):
        return {name: getattr(one, name) for name in one.__struct_fields__}
    if dataclasses.is_dataclass(one) and not isinstance(one, type):
        return {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
    return None


def marked(one: Any) -> Any:
    """The same, as the marked person has it; an empty text stays empty."""
    if isinstance(one, tuple):
        return tuple(marked(part) for part in one)
    if isinstance(one, Decimal) and one > 1:
        return Decimal("7731042.50")
    values = _values(one)
    if values is None:
        return one
    changed = {
        # Put together anew: no constant of this module is what the screens get.
        name: "".join(PERSONS[name])
        if name in PERSONS and value and isinstance(value, str)
        else marked(value)
        for name, value in values.items()
    }
    make: Any = type(one)
    return make(**changed)
