"""The title QR (便捷开票二维码): what a buyer shows so that nobody types his name.

`$01` + Base64 of UTF-8 `name</>tax id</>address, telephone</>bank, account</>CRC` + `$`.
Source: SAT, 便捷开票二维码应用规范, annex 3. The CRC is CRC-16/UMTS over the GBK bytes
of all that stands before it, the last `</>` included.
"""

import base64
import re
from dataclasses import dataclass
from typing import ClassVar

_OPENING = "$01"
_SEPARATOR = "</>"
_CRC = re.compile(r"[0-9A-Fa-f]{1,4}")


@dataclass(frozen=True, slots=True)
class TitleCard:
    """A buyer's title. Empty texts stand for fields that are not filled in.

    Attributes:
        name: of the buyer.
        tax_id: 15 to 20 characters; individuals have none.
        address_phone: one field by the norm; apps put `|` between its halves.
        bank_account: likewise.
        crc_ok: None if the check could not be made: no CRC, or characters that have
            no GBK or GB18030 form.
    """

    name: str
    tax_id: str
    address_phone: str
    bank_account: str
    crc_ok: bool | None = None
    key: ClassVar[str] = "title_card"


def parse(text: str) -> TitleCard | None:
    """The title that a text holds; None if it is no title QR, or not a readable one."""
    if not text.startswith(_OPENING):
        return None
    packed = re.sub(r"\s", "", text[len(_OPENING) :]).rstrip("$").rstrip("=")
    try:
        raw = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
        inner = raw.decode("utf-8")
    except ValueError:  # not Base64, or not UTF-8
        return None
    parts = inner.split(_SEPARATOR)
    if not 2 <= len(parts) <= 5 or not parts[0].strip():
        return None
    parts = [part.strip() for part in parts] + [""] * (5 - len(parts))
    name, tax_id, address_phone, bank_account, crc = parts
    covered = inner[: inner.rfind(_SEPARATOR) + len(_SEPARATOR)]
    return TitleCard(name, tax_id, address_phone, bank_account, _crc_agrees(covered, crc))


def to_text(card: TitleCard) -> str:
    """The text of a title QR. `crc_ok` plays no part.

    Raises:
        ValueError: if a field holds the separator, or characters outside GB18030.
    """
    fields = (card.name, card.tax_id, card.address_phone, card.bank_account)
    if any(_SEPARATOR in field for field in fields):
        raise ValueError("a field holds the separator")
    covered = _SEPARATOR.join((*fields, ""))
    inner = f"{covered}{crc_umts(_chinese_bytes(covered)):04X}"
    return f"{_OPENING}{base64.b64encode(inner.encode()).decode()}$"


def crc_umts(data: bytes) -> int:
    """CRC-16/UMTS: polynomial 0x8005, start 0, high bit first, no final exclusive-or."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x8005 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _chinese_bytes(text: str) -> bytes:
    """GBK, or GB18030 for the characters that GBK lacks."""
    try:
        return text.encode("gbk")
    except UnicodeEncodeError:
        return text.encode("gb18030")


def _crc_agrees(covered: str, crc: str) -> bool | None:
    if not crc:
        return None
    if not _CRC.fullmatch(crc):
        return False
    try:
        computed = crc_umts(_chinese_bytes(covered))
    except UnicodeEncodeError:
        return None
    return computed == int(crc, 16)  # published code writes it without leading zeros
