"""Same seed, same bytes; made-up people stay made up."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mint_kit import EVERY, FONT, VAT_DIGITAL, needs_font

from central.sandbox.mint import Mint
from central.sandbox.mint.invoices import KINDS
from einvoice.kinds import Kind
from einvoice.numbers import PROVINCES
from einvoice.tax_ids import read_tax_id


@pytest.mark.parametrize("kind", EVERY)
def test_every_form_has_the_same_bytes_again(kind: Kind) -> None:
    one, other = Mint("seed").invoice(kind), Mint("seed").invoice(kind)
    assert one == other
    assert one.qr() == other.qr()
    assert one.ofd() == other.ofd()
    assert one.xbrl() == other.xbrl()
    if kind in VAT_DIGITAL:
        assert one.xml() == other.xml()


@needs_font
def test_a_pdf_has_the_same_bytes_again() -> None:
    one, other = Mint("seed").invoice().pdf(FONT), Mint("seed").invoice().pdf(FONT)
    assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()


def test_another_seed_or_the_next_one_is_another_invoice() -> None:
    mint = Mint("seed")
    first, second = mint.invoice(), mint.invoice()
    assert first.invoice.number != second.invoice.number
    assert Mint("other").invoice().invoice.number != first.invoice.number


def test_every_kind_of_the_mint_is_tried_here() -> None:
    assert set(EVERY) == set(KINDS)


@given(st.text(max_size=5), st.sampled_from(EVERY), st.sampled_from(sorted(PROVINCES)))
def test_parties_are_examples_with_valid_ids(seed: str, kind: Kind, region: str) -> None:
    invoice = Mint(seed).invoice(kind, region=region).invoice
    for party in (invoice.seller, invoice.buyer):
        assert not party.name or "示例" in party.name
        assert read_tax_id(party.tax_id).findings == ()
        # Unlike all organisation codes that were seen.
        assert not party.tax_id or party.tax_id[8:10] == "YX"
