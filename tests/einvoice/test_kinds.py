"""Which field verification asks for beside code, number and date."""

import pytest

from einvoice.kinds import FourthField, Kind


@pytest.mark.parametrize(
    ("fourth", "kinds"),
    [
        (FourthField.AMOUNT_WITHOUT_TAX, ("01", "02", "03", "08", "15", "old-by-amount")),
        (FourthField.CHECK_CODE, ("04", "10", "11", "14", "old-by-check-code")),
        (FourthField.TOTAL_WITH_TAX, ("31", "32", "51", "61", "digital")),
    ],
)
def test_the_fourth_field_of_each_kind(fourth: FourthField, kinds: tuple[str, ...]) -> None:
    assert {kind.value for kind in Kind if kind.fourth_field is fourth} == set(kinds)


def test_digital_kinds_are_those_with_a_20_digit_number() -> None:
    digital = {kind.value for kind in Kind if kind.is_digital}
    assert digital == {"31", "32", "51", "61", "digital"}
