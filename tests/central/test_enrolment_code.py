"""What a technician types or scans: wrong characters are found before anybody is asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.enrolment_code import (
    ALPHABET,
    SECRET_CHARS,
    CodeFault,
    EnrolmentCode,
    NoEnrolmentCode,
    authority_proof,
)

SECRETS = st.text(ALPHABET, min_size=SECRET_CHARS, max_size=SECRET_CHARS)
CODE = EnrolmentCode("8KQ27MWAPX4T9D3F", "https://central.hall.example:8443", "ab" * 32)


@settings(deadline=None)
@given(SECRETS)
def test_what_is_printed_is_read(secret: str) -> None:
    assert EnrolmentCode.parse(EnrolmentCode(secret).typed) == EnrolmentCode(secret)


@settings(deadline=None)
@given(SECRETS, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(secret: str, place: int, char: str) -> None:
    typed = EnrolmentCode(secret).typed.replace("-", "")
    wrong = typed[:place] + char + typed[place + 1 :]
    if wrong == typed:
        return
    with pytest.raises(NoEnrolmentCode) as found:
        EnrolmentCode.parse(wrong)
    assert found.value.fault is CodeFault.CHECK


@settings(deadline=None)
@given(SECRETS, st.integers(0, 16), st.integers(0, 16))
def test_two_that_changed_places_are_found(secret: str, one: int, other: int) -> None:
    typed = list(EnrolmentCode(secret).typed.replace("-", ""))
    if typed[one] == typed[other]:
        return
    typed[one], typed[other] = typed[other], typed[one]
    with pytest.raises(NoEnrolmentCode) as found:
        EnrolmentCode.parse("".join(typed))
    assert found.value.fault is CodeFault.CHECK


@pytest.mark.parametrize("text", ["8kq2 7mwa px4t 9d3f", "8KQ2-7MWA-PX4T-9D3F", "8KQ27MWAPX4T9D3F"])
def test_case_and_gaps_do_not_matter(text: str) -> None:
    check = CODE.typed[-1]
    assert EnrolmentCode.parse(f" {text}{check}\n").secret == CODE.secret


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    code = EnrolmentCode("0" * 8 + "1" * 8)
    typed = code.typed.replace("0", "O").replace("1", "l")
    assert EnrolmentCode.parse(typed).secret == code.secret


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", CodeFault.LENGTH),
        ("8KQ2-7MWA-PX4T-9D3", CodeFault.LENGTH),
        ("8KQ2-7MWA-PX4T-9D3FNN", CodeFault.LENGTH),
        ("8KQ2-7MWA-PX4T-9D3FU", CodeFault.CHARACTER),
        ("发票-7MWA-PX4T-9D3FN", CodeFault.CHARACTER),
        ("kiosk-enrol:1?code=8KQ27MWAPX4T9D3FN", CodeFault.QR),
        ("kiosk-enrol:1?url=http%3A%2F%2Fa&ca=" + "ab" * 32 + "&code=1", CodeFault.QR),
    ],
)
def test_what_is_no_code_says_where_to_look(text: str, fault: CodeFault) -> None:
    with pytest.raises(NoEnrolmentCode) as found:
        EnrolmentCode.parse(text)
    assert found.value.fault is fault


@settings(deadline=None)
@given(SECRETS, st.text(min_size=1, max_size=40))
def test_the_qr_carries_address_and_authority(secret: str, path: str) -> None:
    code = EnrolmentCode(secret, f"https://central.example/{path.strip()}x", "0f" * 32)
    assert EnrolmentCode.parse(code.qr_text) == code


@settings(deadline=None)
@given(st.text(max_size=200) | st.text(max_size=100).map(lambda t: "kiosk-enrol:1?" + t))
def test_any_text_is_a_code_or_is_refused(text: str) -> None:
    try:
        code = EnrolmentCode.parse(text)
    except NoEnrolmentCode:
        return
    assert EnrolmentCode.parse(code.typed).secret == code.secret


def test_a_proof_holds_for_its_nonce_and_its_authority_only() -> None:
    proof = authority_proof(CODE.proof_key, "nonce", "pem")
    assert proof != authority_proof(CODE.proof_key, "other", "pem")
    assert proof != authority_proof(CODE.proof_key, "nonce", "another")
    assert proof != authority_proof(EnrolmentCode.new().proof_key, "nonce", "pem")


def test_codes_are_not_told_by_what_names_them() -> None:
    assert CODE.secret not in CODE.id + CODE.proof_key
    assert len({CODE.id, CODE.proof_key}) == 2
    assert len({EnrolmentCode.new().secret for _ in range(50)}) == 50
