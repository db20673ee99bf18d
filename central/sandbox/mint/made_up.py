"""Firms, people and ids that nobody has, with check characters that are right.

Every name says 示例 (example). The organisation code inside every tax id begins with YX,
as none did that was seen, so that an id is hardly ever somebody's.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from einvoice.documents.model import Party
from einvoice.numbers import PROVINCES
from einvoice.tax_ids import credit_check_character, organisation_check_character

_TRADES = ("科技", "商贸", "餐饮管理", "文化传播", "建材", "物流", "信息技术", "办公用品")
_FAMILY_NAMES = "赵钱孙李周吴郑王"
_SHORT = ("示", "例", "样")


@dataclass(frozen=True, slots=True)
class Goods:
    """Something that is sold: name as invoices write it, and what belongs to it."""

    name: str
    specification: str
    unit: str
    classification: str


GOODS = (
    Goods("*纸制品*示例复印纸", "A4", "包", "1060105010000000000"),
    Goods("*计算机配套产品*示例键盘", "SL-87", "个", "1090512010000000000"),
    Goods("*家具*示例办公椅", "", "把", "1050204020000000000"),
    Goods("*餐饮服务*餐费", "", "次", "3070401000000000000"),
    Goods("*信息技术服务*示例维护费", "", "月", "3040201030000000000"),
    Goods("*文具*示例签字笔", "0.5", "支", "1060408990000000000"),
)


def tax_id(random: Random, region: str) -> str:
    """A 统一社会信用代码 of no firm, in a region of two digits, with right check characters."""
    body = f"YX{random.randrange(10**6):06d}"
    first_17 = f"91{region}0108{body}{organisation_check_character(body)}"
    return first_17 + credit_check_character(first_17)


def firm(random: Random, region: str, *, with_contacts: bool) -> Party:
    """A firm of no registry.

    Args:
        random: decides.
        region: two digits of the province.
        with_contacts: whether address, telephone and bank are given.
    """
    province = PROVINCES[region]
    trade = random.choice(_TRADES)
    number = random.randrange(100, 1000)
    return Party(
        name=f"{province}示例{number}{trade}有限公司",
        tax_id=tax_id(random, region),
        address_phone=f"{province}示例路{number}号 000-0000{number:04d}" if with_contacts else "",
        bank_account=f"示例银行{province}支行 0000{number:012d}" if with_contacts else "",
    )


def person(random: Random) -> str:
    """A name that is nobody's: 王示例."""
    return random.choice(_FAMILY_NAMES) + random.choice(_SHORT) + "例"


def masked_person_id(born: date) -> str:
    """An identity number as tickets print it, its middle hidden."""
    return f"{born:%Y}{'*' * 10}0000"


def digits(random: Random, count: int) -> str:
    """As many digits."""
    return "".join(random.choice("0123456789") for _ in range(count))
