"""One-time enrolment codes: what a technician types or scans at a new terminal.

A code is 80 random bits, written as 16 characters and a check character in groups of
four and five. It is never sent to anybody who has not proved to know it: the
terminal names it by a hash, the service proves with another hash that it issued it, and
only then the terminal trusts that service's authority and hands the code over. So a short
code is enough to keep an impostor out, and the service keeps nothing that could be used.

As a QR text it carries the service's address and the fingerprint of its authority too:

    kiosk-enrol:1?url=https%3A%2F%2Fcentral.hall.example%3A8443&ca=<64 hex>&code=<17>
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import Enum
from typing import Self
from urllib.parse import parse_qs, urlencode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, which are read as others."""
SECRET_CHARS = 16
TYPED_CHARS = SECRET_CHARS + 1
SCHEME = "kiosk-enrol:1?"

_VALUE = {char: value for value, char in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\uff0d]+")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class CodeFault(Enum):
    """Why a text is no enrolment code. The value is a key of a sentence."""

    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"
    """One character is wrong, or two have changed places."""
    QR = "qr"
    """It says that it is one and has not got the parts of one."""


class NoEnrolmentCode(ValueError):
    """A text that is no enrolment code, found out without asking anybody."""

    def __init__(self, fault: CodeFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """One code.

    Attributes:
        secret: 16 characters of `ALPHABET`.
        url: the service's address, if the code came with it; else empty.
        ca_sha256: SHA-256 of the authority's certificate (DER), hexadecimal, if it came with it.
    """

    secret: str
    url: str = ""
    ca_sha256: str = ""

    @classmethod
    def new(cls, url: str = "", ca_sha256: str = "") -> Self:
        """A code that nobody has seen."""
        secret = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_CHARS))
        return cls(secret, url, ca_sha256)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a code as it was typed or scanned.

        Raises:
            NoEnrolmentCode: it is none; the fault says where to look.
        """
        text = text.strip()
        if not is_enrolment_qr(text):
            return cls(_typed(text))
        parts = parse_qs(text[len(SCHEME) :], max_num_fields=16)
        url, ca, code = (parts.get(name, [""])[0] for name in ("url", "ca", "code"))
        if not url.startswith("https://") or _FINGERPRINT.fullmatch(ca) is None:
            raise NoEnrolmentCode(CodeFault.QR)
        return cls(_typed(code), url, ca)

    @classmethod
    def of_secret(cls, secret: str) -> Self:
        """The code of a secret as the terminal sends it.

        Raises:
            NoEnrolmentCode: it is not one of ours.
        """
        if len(secret) != SECRET_CHARS:
            raise NoEnrolmentCode(CodeFault.LENGTH)
        if any(char not in ALPHABET for char in secret):
            raise NoEnrolmentCode(CodeFault.CHARACTER)
        return cls(secret)

    @property
    def typed(self) -> str:
        """As a person types it: XXXX-XXXX-XXXX-XXXXC, the last being the check character."""
        whole = self.secret + _check(self.secret)
        return "-".join((whole[:4], whole[4:8], whole[8:12], whole[12:]))

    @property
    def qr_text(self) -> str:
        """As the QR carries it. The code must have an address and a fingerprint."""
        parts = {"url": self.url, "ca": self.ca_sha256, "code": self.typed.replace("-", "")}
        return SCHEME + urlencode(parts)

    @property
    def id(self) -> str:
        """Names the code to somebody who knows it, and tells nobody else anything."""
        return hashlib.sha256(b"invoice-terminal enrolment id " + self.secret.encode()).hexdigest()

    @property
    def proof_key(self) -> str:
        """With it the service proves that it issued this code. The code does not follow from it."""
        text = b"invoice-terminal enrolment proof " + self.secret.encode()
        return hashlib.sha256(text).hexdigest()


def is_enrolment_qr(text: str) -> bool:
    """Whether a scanned text says that it is an enrolment code."""
    return text.lower().startswith(SCHEME)


def authority_proof(proof_key: str, nonce: str, ca_pem: str) -> str:
    """Proves to whoever chose `nonce` that the holder of `proof_key` vouches for `ca_pem`."""
    said = f"{nonce}\n{hashlib.sha256(ca_pem.encode()).hexdigest()}"
    return hmac.new(bytes.fromhex(proof_key), said.encode(), hashlib.sha256).hexdigest()


def _typed(text: str) -> str:
    """The secret in a typed code whose check character is right."""
    chars = _BETWEEN.sub("", text).upper()
    if any(char not in _VALUE for char in chars):
        raise NoEnrolmentCode(CodeFault.CHARACTER)
    if len(chars) != TYPED_CHARS:
        raise NoEnrolmentCode(CodeFault.LENGTH)
    plain = "".join(ALPHABET[_VALUE[char]] for char in chars)
    secret, check = plain[:SECRET_CHARS], plain[SECRET_CHARS:]
    if check != _check(secret):
        raise NoEnrolmentCode(CodeFault.CHECK)
    return secret


def _check(secret: str) -> str:
    """The character that makes the sum of value x 2^position in GF(32) come out right.

    In a field no single wrong character and no exchange of two leaves the sum as it was.
    """
    total = 0
    for char in secret:
        total = _double(total ^ _VALUE[char])
    return ALPHABET[total]


def _double(value: int) -> int:
    """Times 2 in GF(32), modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value
