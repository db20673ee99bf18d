import pytest
from hypothesis import given
from hypothesis import strategies as st
from seal_fixtures import ACCEPTED, TRIAL

from einvoice.seals import Standing, TrustError, TrustStore
from einvoice.seals.certificate import Certificate

SIGNER = Certificate.parse(ACCEPTED.issue("signer").certificate)
MAKER = Certificate.parse(ACCEPTED.issue("maker").certificate)
TRIAL_SIGNER = Certificate.parse(TRIAL.issue("signer").certificate)


def pin(table: str, certificate: Certificate) -> str:
    return f'[[{table}]]\nsha256 = "{certificate.sha256}"\nname = "x"\n'


def test_an_empty_file_trusts_nobody_and_still_knows_the_trial_authority() -> None:
    store = TrustStore.parse("")
    assert store.standing(SIGNER, MAKER) is Standing.UNKNOWN
    assert "5eead0da63b35388ab94005379e0a42e8c3d6fc1" in store.test_authorities


def test_signers_and_makers_are_pinned_by_digest() -> None:
    assert TrustStore.parse(pin("signer", SIGNER)).standing(SIGNER, None) is Standing.SIGNER_PINNED
    assert TrustStore.parse(pin("maker", MAKER)).standing(SIGNER, MAKER) is Standing.MAKER_PINNED
    assert TrustStore.parse(pin("maker", MAKER)).standing(SIGNER, None) is Standing.UNKNOWN


def test_the_name_beside_a_digest_means_nothing() -> None:
    text = f'[[signer]]\nsha256 = "{"0" * 64}"\nname = "{SIGNER.subject}"\n'
    assert TrustStore.parse(text).standing(SIGNER, None) is Standing.UNKNOWN


def test_capital_digits_are_the_same_digest() -> None:
    text = pin("signer", SIGNER).replace(SIGNER.sha256, SIGNER.sha256.upper())
    assert TrustStore.parse(text).standing(SIGNER, None) is Standing.SIGNER_PINNED


def test_trial_keys_stay_refused_when_pinned() -> None:
    by_key = f'[[test]]\nauthority_key_id = "{SIGNER.authority_key_id}"\n'
    for text, signer in (
        (pin("signer", SIGNER) + pin("test", SIGNER), SIGNER),
        (pin("signer", SIGNER) + by_key, SIGNER),
        (pin("signer", TRIAL_SIGNER), TRIAL_SIGNER),
    ):
        assert TrustStore.parse(text).standing(signer, None) is Standing.TEST


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[[signer]]\n", "sha256"),
        ('[[signer]]\nsha256 = "abc"\n', "signer[0].sha256"),
        ('[[signers]]\nsha256 = "abc"\n', "signers"),
        (f'[[maker]]\nsha256 = "{"0" * 64}"\nnames = "x"\n', "names"),
        ('[[test]]\nname = "x"\n', "[[test]]"),
        ("[[signer\n", ""),
        ("signer = 1\n", "signer"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(text: str, place: str) -> None:
    with pytest.raises(TrustError) as raised:
        TrustStore.parse(text)
    assert place in str(raised.value)


@given(st.text(max_size=200))
def test_any_text_is_a_store_or_a_typed_error(text: str) -> None:
    try:
        store = TrustStore.parse(text)
    except TrustError:
        return
    assert store.standing(SIGNER, MAKER) is Standing.UNKNOWN
