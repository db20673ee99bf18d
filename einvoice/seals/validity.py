"""Whether something was valid when it was signed, and who is behind it."""

from datetime import datetime, timedelta, timezone

from einvoice.seals.certificate import Certificate
from einvoice.seals.judging import failed, not_done, noted, passed
from einvoice.seals.report import Step, StepFinding
from einvoice.seals.trust import Standing, TrustStore

CHINA = timezone(timedelta(hours=8))
"""Where a time without a zone was written."""

LOCAL_WRITTEN_AS_UTC = timedelta(hours=8)
"""Some makers write China's time and mark it Z: the moment meant is up to this much earlier."""


def validity(
    signed_at: datetime | None,
    certificate: Certificate,
    seal_validity: tuple[datetime, datetime] | None,
    now: datetime | None,
) -> StepFinding:
    """Whether certificate and seal were valid at the time of signing.

    That both have expired since is normal for an invoice of some years ago and only noted.

    Args:
        signed_at: the signer's word about the time; None where it gives none.
        certificate: the signer's.
        seal_validity: first and last moment of the seal, where there is one.
        now: to notice a signature from the future; None: not looked at.
    """
    if signed_at is None:
        return failed(Step.VALIDITY, "signing_time_unknown")
    earliest = signed_at - LOCAL_WRITTEN_AS_UTC
    if not (certificate.not_before <= signed_at and earliest <= certificate.not_after):
        return failed(Step.VALIDITY, "certificate_not_valid_then", certificate.subject)
    if seal_validity is not None:
        valid_from, valid_to = seal_validity
        if not (valid_from <= signed_at and earliest <= valid_to):
            return failed(Step.VALIDITY, "seal_not_valid_then")
    if now is not None and earliest > now:
        return failed(Step.VALIDITY, "signed_in_the_future")
    if now is not None and now > certificate.not_after:
        return noted(Step.VALIDITY, "certificate_expired_since", certificate.subject)
    return passed(Step.VALIDITY)


def trust_in(store: TrustStore, signer: Certificate, maker: Certificate | None) -> StepFinding:
    """Whether the signer, or the maker of its seal, is pinned.

    Args:
        store: the pins.
        signer: the signer's certificate.
        maker: the maker's, when the seal is whole and names the signer; else None.
    """
    standing = store.standing(signer, maker)
    if standing in {Standing.SIGNER_PINNED, Standing.MAKER_PINNED}:
        return passed(Step.TRUST, standing.value)
    return failed(Step.TRUST, standing.value, signer.sha256)


def tax_bureau_fits(tax_bureau: str, region: str) -> StepFinding:
    """Whether the signer's tax bureau is that of the invoice's region; never a refusal.

    Args:
        tax_bureau: as in the certificate, 1 + region + zeros; empty if not given.
        region: 2 or 4 digits; empty if not known.
    """
    if not tax_bureau.strip("0") or not region:
        return not_done(Step.TAX_BUREAU)
    if tax_bureau[1 : 1 + len(region)] == region or tax_bureau[1:3] == region[:2]:
        return passed(Step.TAX_BUREAU, "", tax_bureau)
    return noted(Step.TAX_BUREAU, "tax_bureau_of_another_region", tax_bureau, region)
