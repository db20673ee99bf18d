"""Whose seals count: certificates pinned one by one in a file that the operator keeps.

A name proves nothing, since anybody can write it into a certificate. The format:

    [[maker]]            # makes seals; whoever such a seal names as holder is trusted
    sha256 = "de645da2…" # SHA-256 of the certificate, 64 hexadecimal digits
    name = "…"           # for people; not compared with anything

    [[signer]]           # is trusted with any seal, with none, and in a PDF
    sha256 = "…"
    name = "…"

    [[test]]             # is refused as genuine, whatever else is pinned
    sha256 = "…"         # a signer's or maker's certificate, or
    authority_key_id = "…"  # the key of an authority for trials, 40 hexadecimal digits
    name = "…"
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Self

import msgspec

from einvoice.seals.certificate import Certificate

_Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-fA-F]{64}$")]
_KeyId = Annotated[str, msgspec.Meta(pattern="^[0-9a-fA-F]{2,128}$")]

# The tax administration's authority and seal maker for trials. Their seals verify
# perfectly and stand on public files that look like invoices.
BUILT_IN_TEST_AUTHORITIES = frozenset({"5eead0da63b35388ab94005379e0a42e8c3d6fc1"})
BUILT_IN_TEST_CERTIFICATES = frozenset(
    {"6ee151c8f6c677ca8b165d9d6766f7630a0182ffdfdd3be6507a1010b5ec8948"}
)
_TRIAL = "测试"


class TrustError(ValueError):
    """The trust file is wrong; the message names the place."""


class Standing(Enum):
    """What the trust file says about a signature's certificates."""

    SIGNER_PINNED = "signer_pinned"
    MAKER_PINNED = "maker_pinned"
    TEST = "test"
    UNKNOWN = "unknown"


class _Pinned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sha256: _Sha256
    name: str = ""


class _Test(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sha256: _Sha256 | None = None
    authority_key_id: _KeyId | None = None
    name: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    maker: tuple[_Pinned, ...] = ()
    signer: tuple[_Pinned, ...] = ()
    test: tuple[_Test, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustStore:
    """The pinned certificates, by their SHA-256 in lower-case hexadecimal.

    Attributes:
        makers: those whose seals' holders are trusted.
        signers: those trusted themselves.
        test_certificates, test_authorities: those refused as genuine.
    """

    makers: frozenset[str] = frozenset()
    signers: frozenset[str] = frozenset()
    test_certificates: frozenset[str] = BUILT_IN_TEST_CERTIFICATES
    test_authorities: frozenset[str] = BUILT_IN_TEST_AUTHORITIES

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a trust file, whose format is above. An empty text trusts nobody.

        Raises:
            TrustError: not TOML, an unknown key, or a digest of another shape.
        """
        try:
            file = msgspec.toml.decode(text, type=_File)
        except msgspec.MsgspecError as bad:
            raise TrustError(str(bad)) from bad
        if any(entry.sha256 is None and entry.authority_key_id is None for entry in file.test):
            raise TrustError("a [[test]] entry needs sha256 or authority_key_id")
        return cls(
            makers=frozenset(entry.sha256.lower() for entry in file.maker),
            signers=frozenset(entry.sha256.lower() for entry in file.signer),
            test_certificates=BUILT_IN_TEST_CERTIFICATES
            | {entry.sha256.lower() for entry in file.test if entry.sha256},
            test_authorities=BUILT_IN_TEST_AUTHORITIES
            | {entry.authority_key_id.lower() for entry in file.test if entry.authority_key_id},
        )

    def standing(self, signer: Certificate, maker: Certificate | None) -> Standing:
        """What is known about a signer, and about the maker of the seal that names it.

        Args:
            signer: the signer's certificate.
            maker: the maker's, when the seal is whole and names the signer; else None.
        """
        if self.is_test(signer) or (maker is not None and self.is_test(maker)):
            return Standing.TEST
        if signer.sha256 in self.signers:
            return Standing.SIGNER_PINNED
        if maker is not None and maker.sha256 in self.makers:
            return Standing.MAKER_PINNED
        return Standing.UNKNOWN

    def is_test(self, certificate: Certificate) -> bool:
        """Whether the certificate is for trials only."""
        return (
            certificate.sha256 in self.test_certificates
            or certificate.authority_key_id in self.test_authorities
            # A name never makes trust, but an authority that calls itself one for trials
            # (税务测试CA2(SM2)) may be believed.
            or _TRIAL in certificate.issuer
        )
