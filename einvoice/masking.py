"""Names and tax ids with their middle hidden, for screens and slips that anybody may see.

What stays is what helps the holder recognise his own invoice: the head of a firm's
name (mostly its region) and its legal form; of a person's name the first character.
"""

import re

HIDDEN = "***"
"""Always three, so that the length of what is hidden is not told."""

HEAD = 3
"""Characters shown of a firm's own name: two of them are mostly its region."""

SHORT_NAME = 3
"""Own names up to this length show one character at most: three would be all of them."""

TAX_ID_HEAD, TAX_ID_END = 2, 4
"""Characters shown of a tax id: its first two are the same on most."""

PERSON_LONGEST = 4
"""Names up to this length are taken for a person's: 欧阳示例 has four characters."""

# Longest first, so that 股份有限公司 is not read as 公司.
_LEGAL_FORMS = tuple(
    sorted(
        (
            "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "分公司", "公司", "集团",
            "合伙企业（有限合伙）", "合伙企业（普通合伙）", "（有限合伙）", "（普通合伙）",
            "（特殊普通合伙）", "合伙企业", "（个人独资）", "（个体工商户）", "事务所", "工作室",
            "专业合作社", "合作社", "经营部", "商行", "商店", "超市", "餐厅", "饭店", "酒店",
            "药店", "店", "厂", "研究院", "研究所", "中心", "大学", "学院", "学校", "中学",
            "小学", "幼儿园", "医院", "诊所", "银行", "支行", "协会", "学会", "基金会",
            "委员会", "管理局", "税务局",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
_HALF_WIDTH_PARENTHESES = str.maketrans("()", "（）")
# A person's name with a middle dot, or in letters.
_FOREIGN_NAME = re.compile(r"[^\W\d_]+(?:[·•・. '’-]+[^\W\d_]+)*\.?")


def mask_name(name: str) -> str:
    """A name that its holder recognises and nobody else can complete.

    北京示例科技有限公司 becomes 北京示***有限公司, 张三 becomes 张**. Of a short name nothing
    is shown that would give it away; an empty one stays empty.
    """
    plain = name.strip()
    if not plain:
        return ""
    if len(plain) == 1:
        return "*"
    if len(plain) <= PERSON_LONGEST or _is_foreign(plain):
        return plain[0] + "**"
    own, form = _split(plain)
    if len(own) < SHORT_NAME:
        head = 0
    elif len(own) == SHORT_NAME or not form:
        head = 1  # without a legal form nothing says that this is a firm
    else:
        head = HEAD
    return own[:head] + HIDDEN + form


def mask_tax_id(text: str) -> str:
    """A tax id that its holder recognises: 91***446L. A short one is hidden whole.

    Those of sole traders hold a personal id, so all are masked alike.
    """
    plain = text.strip()
    if len(plain) <= 2 * TAX_ID_END:
        return HIDDEN if plain else ""
    return f"{plain[:TAX_ID_HEAD]}{HIDDEN}{plain[-TAX_ID_END:]}"


def _is_foreign(name: str) -> bool:
    has_dot = any(dot in name for dot in "·•・")
    return bool(_FOREIGN_NAME.fullmatch(name)) and (has_dot or name.isascii())


def _split(name: str) -> tuple[str, str]:
    """A name's own part and its legal form, as written."""
    comparable = name.translate(_HALF_WIDTH_PARENTHESES)
    for form in _LEGAL_FORMS:
        if comparable.endswith(form):
            return name[: -len(form)], name[-len(form) :]
    return name, ""
