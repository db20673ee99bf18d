"""Each breakage is found for what it is, by who has to find it."""

from datetime import date

import pytest
from mint_kit import EVERY, FONT, OLD, VAT_DIGITAL, needs_font, reading_of

from central.sandbox.mint import Breakage, DoesNotApply, Form, Mint, MintedInvoice, sealing
from central.sandbox.mint.authority import Authority
from central.sandbox.mint.breakage import FORMS_OF, NEEDS_SIGNATURE
from central.sandbox.mint.ofd import TEMPLATE
from einvoice import qr
from einvoice.documents import Cause, Trouble, Unreadable, read
from einvoice.kinds import Kind
from einvoice.screening import screen_reading
from einvoice.seals import Outcome, TrustStore, check_ofd, check_xml
from einvoice.seals.certificate import Certificate

TODAY = date(2026, 11, 24)
# Not the mint's own authority, which says 测试 and is refused for it.
ACCEPTED = sealing(Authority("accepted", "样例税务CA(SM2)"))
PINS_MAKER = TrustStore(makers=frozenset({Certificate.parse(ACCEPTED.maker.certificate).sha256}))


def minted(kind: Kind = Kind.DIGITAL_SPECIAL) -> MintedInvoice:
    return Mint("breakages").invoice(kind)


def found(file: bytes) -> set[str]:
    return {finding.rule.id for finding in screen_reading(reading_of(file), TODAY)}


CONTENT = [
    (Breakage.WRONG_TOTAL, {"total_sum", "capitals_differ"}),
    (Breakage.WRONG_CAPITALS, {"capitals_differ"}),
    (Breakage.WRONG_LINE_TAX, {"line_tax_limit"}),
    (Breakage.WRONG_TAX_ID, {"tax_id_check_digit"}),
    (Breakage.WRONG_YEAR, {"number_year", "date_in_future"}),
    (Breakage.RED_WITHOUT_ORIGINAL, {"red_without_original"}),
]


@pytest.mark.parametrize(("breakage", "rules"), CONTENT)
def test_screening_finds_what_is_wrong_in_an_xml(breakage: Breakage, rules: set[str]) -> None:
    assert found(minted().broken(breakage).xml()) == rules


@pytest.mark.parametrize(("breakage", "rules"), CONTENT)
@pytest.mark.parametrize("kind", [Kind.DIGITAL_ORDINARY, Kind.ORDINARY_ELECTRONIC])
def test_and_in_an_ofd(kind: Kind, breakage: Breakage, rules: set[str]) -> None:
    if not kind.is_digital:  # a code may be older than its date
        rules = rules - {"number_year"}
    assert found(minted(kind).broken(breakage).ofd(sign=False)) == rules


@pytest.mark.parametrize("kind", EVERY)
def test_the_qr_of_another_invoice_disagrees_with_the_page(kind: Kind) -> None:
    rules = found(minted(kind).broken(Breakage.QR_OF_ANOTHER).ofd(sign=False))
    assert rules == {"qr_differs"}


@pytest.mark.parametrize("kind", EVERY)
def test_a_page_that_was_changed_contradicts_the_data(kind: Kind) -> None:
    rules = found(minted(kind).broken(Breakage.TAMPERED_PAGE).ofd(sign=False))
    assert rules & {"places_differ", "qr_differs"}


@pytest.mark.parametrize("kind", VAT_DIGITAL)
def test_a_mark_before_the_text_does_no_harm(kind: Kind) -> None:
    marked = minted(kind).broken(Breakage.BYTE_ORDER_MARK)
    assert reading_of(marked.xml()).invoice == minted(kind).invoice
    assert found(marked.ofd()) == set()
    assert qr.parse(marked.qr()) == qr.parse(minted(kind).qr())


@pytest.mark.parametrize("kind", EVERY)
def test_an_ill_formed_tag_file_is_read_all_the_same(kind: Kind) -> None:
    reading = reading_of(minted(kind).broken(Breakage.ILL_FORMED_TAG).ofd(sign=False))
    assert reading.disagreements == ()
    assert {problem.trouble for problem in reading.problems} == {Trouble.XML_REPAIRED}
    assert reading.invoice == reading_of(minted(kind).ofd(sign=False)).invoice


@pytest.mark.parametrize("kind", EVERY)
def test_half_a_file_is_no_invoice_and_no_crash(kind: Kind) -> None:
    half = minted(kind).broken(Breakage.TRUNCATED)
    for file in (half.ofd(sign=False), half.xbrl()):
        outcome = read(file)
        assert isinstance(outcome, Unreadable)
        assert outcome.cause is Cause.DAMAGED
    assert not isinstance(qr.parse(half.qr()), qr.InvoiceCode)


def test_declared_entities_are_refused() -> None:
    broken = minted().broken(Breakage.ENTITIES)
    for file in (broken.xml(), broken.xbrl()):
        assert read(file) == Unreadable(Cause.UNSAFE, "XML")


@pytest.mark.parametrize("kind", EVERY)
def test_a_signed_ofd_has_a_seal_for_trials_or_an_accepted_one(kind: Kind) -> None:
    assert check_ofd(minted(kind).ofd(sign=True), TrustStore()).outcome is Outcome.TEST_SEAL
    accepted = minted(kind).ofd(sign=True, sealed_by=ACCEPTED)
    assert check_ofd(accepted, PINS_MAKER).outcome is Outcome.GENUINE_SEAL
    assert found(accepted) == set()


def test_issuers_sign_old_invoices_only() -> None:
    assert check_ofd(minted().ofd(), TrustStore()).outcome is Outcome.NOT_SIGNED
    for kind in OLD:
        assert check_ofd(minted(kind).ofd(), TrustStore()).outcome is Outcome.TEST_SEAL


@pytest.mark.parametrize(
    ("breakage", "outcome"),
    [
        (Breakage.TAMPERED_PAGE, Outcome.TAMPERED),
        (Breakage.SEAL_OF_ANOTHER, Outcome.TAMPERED),
        (Breakage.UNCOVERED_TEMPLATE, Outcome.PARTLY_COVERED),
        (Breakage.UNCOVERED_ROOT, Outcome.PARTLY_COVERED),
        (Breakage.ADDED_ENTRY, Outcome.PARTLY_COVERED),
        (Breakage.BYTE_ORDER_MARK, Outcome.GENUINE_SEAL),
        (Breakage.ILL_FORMED_TAG, Outcome.GENUINE_SEAL),
        (Breakage.WRONG_TOTAL, Outcome.GENUINE_SEAL),  # a seal says nothing about sums
    ],
)
def test_what_the_seal_says(breakage: Breakage, outcome: Outcome) -> None:
    file = minted(Kind.ORDINARY_ELECTRONIC).broken(breakage).ofd(sealed_by=ACCEPTED)
    assert check_ofd(file, PINS_MAKER).outcome is outcome


def test_a_changed_page_and_a_free_template_are_named() -> None:
    old = minted(Kind.ORDINARY_ELECTRONIC)
    tampered = check_ofd(old.broken(Breakage.TAMPERED_PAGE).ofd(sealed_by=ACCEPTED), PINS_MAKER)
    assert tampered.changed == ("Doc_0/Pages/Page_0/Content.xml",)
    free = check_ofd(old.broken(Breakage.UNCOVERED_TEMPLATE).ofd(sealed_by=ACCEPTED), PINS_MAKER)
    assert free.uncovered == (TEMPLATE,)


def test_the_signature_in_an_xml_is_seen_and_not_verifiable() -> None:
    assert check_xml(minted().xml()).outcome is Outcome.CANNOT_VERIFY


@needs_font
@pytest.mark.parametrize("breakage", [Breakage.WRONG_TOTAL, Breakage.QR_OF_ANOTHER])
def test_a_pdf_can_be_broken_too(breakage: Breakage) -> None:
    file = minted().broken(breakage).pdf(FONT)
    expected = (
        {"total_sum", "capitals_differ"} if breakage is Breakage.WRONG_TOTAL else {"qr_differs"}
    )
    assert found(file) == expected


def test_breakages_add_up() -> None:
    both = minted().broken(Breakage.WRONG_CAPITALS).broken(Breakage.WRONG_TAX_ID)
    assert found(both.xml()) == {"capitals_differ", "tax_id_check_digit"}


@pytest.mark.parametrize("breakage", Breakage)
def test_what_means_nothing_is_refused_and_never_ignored(breakage: Breakage) -> None:
    old = minted(Kind.ORDINARY_ELECTRONIC).broken(breakage)
    digital = minted().broken(breakage)
    forms = {Form.QR: digital.qr, Form.XML: digital.xml, Form.XBRL: old.xbrl, Form.OFD: old.ofd}
    for form, make in forms.items():
        if form in FORMS_OF[breakage]:
            assert make()
        else:
            with pytest.raises(DoesNotApply):
                make()
    if breakage in NEEDS_SIGNATURE:
        with pytest.raises(DoesNotApply):
            digital.ofd()


@pytest.mark.parametrize("kind", [*OLD, Kind.DIGITAL_RAILWAY])
def test_only_digital_vat_invoices_have_the_xml(kind: Kind) -> None:
    with pytest.raises(DoesNotApply):
        minted(kind).xml()


@pytest.mark.parametrize(
    ("kind", "breakage"),
    [
        (Kind.DIGITAL_RAILWAY, Breakage.WRONG_TAX_ID),
        (Kind.DIGITAL_RAILWAY, Breakage.WRONG_CAPITALS),
        (Kind.DIGITAL_AIR, Breakage.WRONG_LINE_TAX),
    ],
)
def test_a_field_that_a_kind_has_not_cannot_be_wrong(kind: Kind, breakage: Breakage) -> None:
    with pytest.raises(DoesNotApply):
        minted(kind).broken(breakage)
