"""A person's own invoices through contract, service, connectors and stand-ins."""

from decimal import Decimal
from pathlib import Path

from platform_kit import connected, sample
from test_platforms_end_to_end import everything

from central.contract_people import (
    DocumentAnswer,
    Form,
    LookUpAnswer,
    LookUpBy,
    Outcome,
    TitleAnswer,
)
from central.platforms.lookups import ByNumber, ByOrder, Document, DocumentForm
from central.platforms.outcome import NotFound, NotSupported, Outage, PlatformDown
from central.sandbox.wire.alipay import SHOWN_CODE, TITLE_CODE
from central.sandbox.wire.faults import Fault
from central.sandbox.wire.jd import FIRST_ORDER
from einvoice.verdict import Verdict

WITHIN_S = 30.0


async def test_an_order_at_jd_and_a_code_in_alipay_lead_to_the_files(tmp_path: Path) -> None:
    async with everything(tmp_path) as (running, client):
        minted = running.ledger.minted[0]
        shown = ((LookUpBy.ORDER, str(FIRST_ORDER)), (LookUpBy.SHOWN_CODE, SHOWN_CODE[:-2] + "01"))
        for by, value in shown:
            found = await client.people.look_up(by, value, within_s=WITHIN_S)
            assert isinstance(found, LookUpAnswer)
            assert [one.number for one in found.invoices] == [minted.invoice.number]
            assert Form.OFD in found.invoices[0].forms
            token = found.invoices[0].token
            file = await client.people.document_of_found(token, Form.OFD, WITHIN_S)
            assert isinstance(file, DocumentAnswer)
            assert file.content == minted.ofd()
            missing = await client.people.document_of_found(token, Form.PDF, WITHIN_S)
            assert isinstance(missing, DocumentAnswer)
            assert missing.outcome is Outcome.NONE


async def test_tax_is_proven_at_the_records_and_the_file_comes_from_the_bureau(
    tmp_path: Path,
) -> None:
    async with everything(tmp_path) as (running, client):
        reference = sample(Verdict.NORMAL)
        people = client.people
        wrong = await people.document_of_reference(reference, Decimal(1), Form.XML, WITHIN_S)
        assert isinstance(wrong, DocumentAnswer)
        assert wrong.outcome is Outcome.NOT_ENTITLED
        assert running.steerings["bureau"].requests == 0, "nobody asks for what is not proven"
        tax = Decimal("67.92")
        right = await people.document_of_reference(reference, tax, Form.XML, WITHIN_S)
        assert isinstance(right, DocumentAnswer)
        assert reference.number.encode() in right.content
        running.steerings["bureau"].fault = Fault.OVERLOAD
        later = await people.document_of_reference(reference, tax, Form.XML, WITHIN_S)
        assert isinstance(later, DocumentAnswer)
        assert later.outcome is Outcome.UNAVAILABLE


async def test_a_payment_code_gives_the_title_and_outages_say_nothing(tmp_path: Path) -> None:
    async with everything(tmp_path) as (running, client):
        title = await client.people.title(TITLE_CODE, WITHIN_S)
        assert isinstance(title, TitleAnswer)
        assert title.title is not None
        assert title.title.address == "北京市示例区示例路1号"
        for name in ("alipay", "jd"):
            running.steerings[name].fault = Fault.DOWN
        title = await client.people.title(TITLE_CODE, WITHIN_S)
        found = await client.people.look_up(LookUpBy.ORDER, str(FIRST_ORDER), within_s=WITHIN_S)
        assert isinstance(title, TitleAnswer)
        assert isinstance(found, LookUpAnswer)
        assert (title.outcome, found.outcome) == (Outcome.UNAVAILABLE, Outcome.UNAVAILABLE)


async def test_one_invoice_of_an_order_is_that_one_or_none(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        order, number = str(FIRST_ORDER), to.running.ledger.minted[0].invoice.number
        file = await to.jd.document(ByOrder(order, number), DocumentForm.OFD)
        assert isinstance(file, Document)
        assert await to.jd.document(ByOrder(order, "9" * 20), DocumentForm.OFD) == NotFound()
        # Its number alone leads to no file there, so that others are asked for it.
        assert await to.jd.document(ByNumber(number), DocumentForm.OFD) == NotSupported()


async def test_the_bureaus_link_gives_files_and_its_faults_are_no_files(tmp_path: Path) -> None:
    async with connected(tmp_path) as to:
        minted = to.running.ledger.minted[0].invoice
        file = await to.bureau.document(ByNumber(minted.number), DocumentForm.OFD)
        assert isinstance(file, Document)
        assert await to.bureau.document(ByNumber("9" * 20), DocumentForm.OFD) == NotFound()
        for strange in ("../applications", "", "1" * 19 + "٢"):
            assert await to.bureau.document(ByNumber(strange), DocumentForm.OFD) == NotFound()
        old = ByNumber("83089647", "033002000211")
        assert await to.bureau.document(old, DocumentForm.OFD) == NotSupported()
        for fault, outage in (
            (Fault.CONTRACT, Outage.CONTRACT),
            (Fault.OVERLOAD, Outage.THROTTLED),
            (Fault.CAPTIVE_PORTAL, Outage.NONSENSE),
        ):
            to.running.steerings["bureau"].fault = fault
            said = await to.bureau.document(ByNumber(minted.number), DocumentForm.OFD)
            assert isinstance(said, PlatformDown), fault
            assert said.outage is outage
