"""Text out of scanned bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanners.decode import Decoded, Encoding, decode

TITLE = "名称：北京某某科技有限公司"


@pytest.mark.parametrize(
    ("payload", "symbology", "encoding", "decoded"),
    [
        (b"01,32,,24112000", "", None, Decoded("01,32,,24112000", Encoding.UTF_8)),
        (TITLE.encode(), "", None, Decoded(TITLE, Encoding.UTF_8)),
        (TITLE.encode("gb18030"), "]Q1", None, Decoded(TITLE, Encoding.GB18030)),
        ("联通".encode("gb18030"), "", Encoding.GB18030, Decoded("联通", Encoding.GB18030)),
        (TITLE.encode("gb18030"), "", Encoding.UTF_8, None),
        (b"\\000026" + TITLE.encode(), "]Q2", None, Decoded(TITLE, Encoding.UTF_8)),
        (b"\\000029" + "联通".encode("gb18030"), "]Q2", None, Decoded("联通", Encoding.GB18030)),
        (b"\\000026a\\\\b", "]Q2", None, Decoded("a\\b", Encoding.UTF_8)),
        (b"\\000003abc", "]Q2", None, Decoded("abc", Encoding.UTF_8)),
        (b"\\000026", "]Q1", None, Decoded("\\000026", Encoding.UTF_8)),
        (b"two\nlines", "", None, Decoded("two\nlines", Encoding.UTF_8)),
        (b"\xff\xff\xff", "", None, None),
        (b"abc\x00def", "", None, None),
        ("\ue123".encode(), "", None, None),
    ],
)  # fmt: skip
def test_how_a_code_was_written(
    payload: bytes, symbology: str, encoding: Encoding | None, decoded: Decoded | None
) -> None:
    assert decode(payload, symbology, encoding) == decoded


@given(st.binary(max_size=200), st.sampled_from(["", "]Q1", "]Q2"]))
def test_anything_at_all_is_text_or_not(payload: bytes, symbology: str) -> None:
    decoded = decode(payload, symbology)
    assert decoded is None or "\x00" not in decoded.text
