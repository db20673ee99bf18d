"""Public invoices contradict themselves nowhere; what is unusual in them is known."""

import os
from datetime import date
from pathlib import Path

import pytest

from einvoice.documents import Reading, read
from einvoice.screening import Severity, screen_reading

SHARED = Path(os.environ.get("KIOSK_SHARED", Path(__file__).parents[3] / "shared"))
SAMPLES = SHARED / "samples"
# The note of INDEX.tsv, or what recomputing by hand gave.
UNUSUAL = {
    "ofd-10-beijing-testca-partial-cover.ofd": {"code_year"},  # code of 2026, dated 2020
    "ofd-10-chongqing-testca-100lines.ofd": {"tax_id_check_digit"},
    "ofd-10-chongqing-testca-signed.ofd": {"tax_id_check_digit", "tax_id_characters"},
    "ofd-10-zhejiang-xbrl-attach-signed.ofd": set[str](),
    "ofd-31-beijing-digital-unsigned.ofd": set[str](),
    "xml-einvoice-mof-official-special-v0.2.xml": {  # its ids are made up
        "tax_id_check_digit",
        "tax_id_organisation_digit",
    },
}


@pytest.mark.parametrize("name", sorted(UNUSUAL))
def test_a_public_invoice_has_only_what_is_known(name: str) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the sample is not here")
    reading = read(path.read_bytes())
    assert isinstance(reading, Reading)
    found = screen_reading(reading, date(2026, 11, 24))
    assert {finding.rule.id for finding in found} == UNUSUAL[name]
    assert all(finding.rule.severity is not Severity.DIFFERS for finding in found)
