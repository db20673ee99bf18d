"""A certificate authority for trials, on the SM2 curve.

Its name says 测试, and certificates that say so are never accepted as genuine. Tests that
need an accepted one give another name and pin the certificate themselves.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from central.sandbox.mint import der
from central.sandbox.mint.sm2 import TrialKey
from einvoice.seals.certificate import Certificate
from einvoice.seals.digests import sm3

SM2_WITH_SM3 = "1.2.156.10197.1.501"
TRIAL_AUTHORITY = "终端沙箱测试CA(SM2)"
NOT_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
NOT_AFTER = datetime(2023, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Credential:
    """A key with its certificate, in DER."""

    key: TrialKey
    certificate: bytes


@dataclass(frozen=True)
class Authority:
    """Issues certificates.

    Attributes:
        seed: makes the key.
        name: common name of the issuer.
    """

    seed: str = "authority"
    name: str = TRIAL_AUTHORITY

    def issue(
        self,
        subject: str,
        *,
        tax_bureau: str = "",
        not_before: datetime = NOT_BEFORE,
        not_after: datetime = NOT_AFTER,
    ) -> Credential:
        """A new key and its certificate; the same for the same subject.

        Args:
            subject: common name.
            tax_bureau: 11 digits, 1 + region + zeros; empty for none.
            not_before: first moment of validity, UTC.
            not_after: last moment of validity, UTC.
        """
        authority_key = TrialKey.from_seed(self.seed)
        key = TrialKey.from_seed(f"{self.seed}/{subject}")
        algorithm = der.sequence(der.oid(SM2_WITH_SM3))
        extensions = [
            _extension("2.5.29.35", der.sequence(der.tagged(0x80, _key_id(authority_key)))),
            _extension("2.5.29.14", der.octets(_key_id(key))),
        ]
        if tax_bureau:
            extensions.append(_extension("1.2.86.11.7.3", der.utf8(tax_bureau)))
        body = der.sequence(
            der.context(0, der.integer(2)),
            der.integer(1 + int.from_bytes(_key_id(key)[:6], "big")),
            algorithm,
            _name(self.name),
            der.sequence(der.utc_time(not_before), der.utc_time(not_after)),
            _name(subject),
            der.sequence(
                der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.2.156.10197.1.301")),
                der.bits(_point(key)),
            ),
            der.context(3, der.sequence(*extensions)),
        )
        signature = authority_key.sign(body)
        return Credential(key, der.sequence(body, algorithm, der.bits(signature)))


def issuer_and_serial(certificate: bytes) -> bytes:
    """What a signed message names a certificate by, in DER."""
    parsed = Certificate.parse(certificate)
    return der.sequence(parsed.issuer_der, der.integer(parsed.serial))


def _name(common_name: str) -> bytes:
    return der.sequence(
        der.set_of(der.sequence(der.oid("2.5.4.6"), der.tagged(0x13, b"CN"))),
        der.set_of(der.sequence(der.oid("2.5.4.3"), der.utf8(common_name))),
    )


def _extension(dotted: str, value: bytes) -> bytes:
    return der.sequence(der.oid(dotted), der.octets(value))


def _point(key: TrialKey) -> bytes:
    return b"\x04" + b"".join(number.to_bytes(32, "big") for number in key.point)


def _key_id(key: TrialKey) -> bytes:
    return sm3(_point(key))[:20]
