import base64

from seal_fixtures import HOLDER

from central.sandbox.mint.seals import signed_message
from einvoice.seals import Outcome, Result, check_xml
from einvoice.verdict import Finding


def invoice(signature: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><EInvoice><Header/><TaxSupervisionInfo/>'
        f"{signature}<ptbh>0</ptbh></EInvoice>"
    ).encode()


def block(value: str) -> str:
    return (
        '<TaxBureauSignature><Reference URI="/Einvoice/Header"/>'
        "<SignatureAlgorithm>1.2.156.10197.1.501</SignatureAlgorithm>"
        "<SignatureTime>2024-05-28 10:08:55</SignatureTime>"
        f"<SignatureValue>{value}</SignatureValue><KeyInfo/></TaxBureauSignature>"
    )


VALUE = (
    signed_message(HOLDER, b"unpublished", with_certificate=False).hex()
    + "&amp;"
    + base64.b64encode(b"2024-05-28 10:08:55").decode()
)


def test_a_signature_is_present_and_not_verifiable_here() -> None:
    report = check_xml(invoice(block(VALUE)))
    assert report.outcome is Outcome.CANNOT_VERIFY
    assert report.evidence.finding is Finding.NOT_CHECKED
    (signature,) = report.signatures
    assert signature.findings[0].note == "canonical_form_unpublished"
    assert signature.holder is not None
    assert signature.holder.issuer == "样例税务CA(SM2)"
    assert signature.signed_at is not None
    assert signature.signed_at.isoformat() == "2024-05-28T10:08:55+08:00"


def test_an_unreadable_signature_is_still_present() -> None:
    for value in ("zz", "3000", "not hex & more".replace("&", "&amp;")):
        report = check_xml(invoice(block(value)))
        assert report.outcome is Outcome.CANNOT_VERIFY
        assert report.signatures[0].findings[0].note == "signature_unreadable"


def test_no_signature_and_an_empty_frame_are_not_signed() -> None:
    assert check_xml(invoice("")).outcome is Outcome.NOT_SIGNED
    report = check_xml(invoice(block("")))
    assert report.outcome is Outcome.NOT_SIGNED
    assert report.findings[-1].note == "signature_frame_empty"
    assert report.findings[-1].result is Result.NOTED


def test_a_document_type_is_refused() -> None:
    data = b'<!DOCTYPE x [<!ENTITY a "b">]><EInvoice/>'
    assert check_xml(data).outcome is Outcome.CANNOT_VERIFY
