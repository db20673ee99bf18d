"""Addresses in scanned text: whose they are. Nothing here, or anywhere, opens one."""

import re
from dataclasses import dataclass
from typing import ClassVar

# Short links of issuing platforms, as printed on invoices.
PROVIDER_HOSTS = frozenset({"fp.bwjf.cn", "u.baiwang.com", "nnfp.jss.com.cn"})

_ADDRESS = re.compile(r"https?://([^/?#\\\s]+)([^\s]*)", re.IGNORECASE)
# Without a scheme only what cannot be anything else: a name, a path behind it.
_BARE_ADDRESS = re.compile(
    r"((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,18}(?::[0-9]{1,5})?)(/[^\s]*)", re.IGNORECASE
)
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")

# https://dppt.<province>.chinatax.gov.cn:8443/v/2_<20 digits>_<time>... and
# .../qrcode?cs=2_<20 digits>_<time>&jrxt=EWMJF
_DELIVERY_HOST = re.compile(r"dppt\.[a-z]{1,20}\.chinatax\.gov\.cn")
_DELIVERY_NUMBER = re.compile(r"[/=]2_([0-9]{20})(?![0-9])")
_BLOCKCHAIN_NUMBER = re.compile(r"[?&]bill_num=([0-9]{1,20})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DeliveryLink:
    """The tax bureau's page for fetching one 数电票; the 20-digit number stands in it."""

    number: str
    key: ClassVar[str] = "delivery_link"


@dataclass(frozen=True, slots=True)
class ProviderLink:
    """An issuing platform's short link."""

    host: str
    key: ClassVar[str] = "provider_link"


@dataclass(frozen=True, slots=True)
class BlockchainLink:
    """A blockchain invoice of Shenzhen: verified elsewhere, by other fields."""

    number: str
    key: ClassVar[str] = "blockchain_link"


@dataclass(frozen=True, slots=True)
class WebLink:
    """Any other address."""

    host: str
    key: ClassVar[str] = "web_link"


Link = DeliveryLink | ProviderLink | BlockchainLink | WebLink


def parse(text: str) -> Link | None:
    """The first address in a text; None if there is none."""
    match = _ADDRESS.search(text) or _BARE_ADDRESS.fullmatch(text)
    if match is None:
        return None
    # Only what stands behind the last @ is the host; a port does not matter.
    host = match[1].rpartition("@")[2].partition(":")[0].lower().rstrip(".")
    if not _HOST.fullmatch(host):
        return WebLink("")
    rest = match[2]
    if _DELIVERY_HOST.fullmatch(host):
        number = _DELIVERY_NUMBER.search(rest)
        if number is not None:
            return DeliveryLink(number[1])
    if host in PROVIDER_HOSTS:
        return ProviderLink(host)
    number = _BLOCKCHAIN_NUMBER.search(rest)
    if number is not None:
        return BlockchainLink(number[1])
    return WebLink(host)
