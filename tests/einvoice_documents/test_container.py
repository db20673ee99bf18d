"""A ZIP from a stranger."""

import struct
import zipfile

import pytest
from documents_zips import make_zip
from hypothesis import given, settings
from hypothesis import strategies as st

from einvoice.documents import container, limits
from einvoice.documents.container import Budget, Container

TWO = make_zip({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<Document/>" * 20})


def test_entries_are_read_by_name_with_or_without_a_leading_slash() -> None:
    opened = Container.open(TWO)
    assert opened.names == ("OFD.xml", "Doc_0/Document.xml")
    assert opened.read("OFD.xml") == opened.read("/OFD.xml") == b"<OFD/>"
    assert "/OFD.xml" in opened
    assert opened.size("OFD.xml") == 6
    assert opened.duplicates == ()


def test_folders_are_no_entries() -> None:
    assert Container.open(make_zip({"Doc_0/": b"", "Doc_0/a": b"x"})).names == ("Doc_0/a",)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_chinese_names_are_read_without_the_flag_that_says_their_encoding(codec: str) -> None:
    written = "附件/发票.xml".encode(codec)
    stand_in = "x" * len(written)
    opened = Container.open(make_zip({stand_in: b"<a/>"}).replace(stand_in.encode(), written))
    assert opened.names == ("附件/发票.xml",)
    assert opened.read("附件/发票.xml") == b"<a/>"


@pytest.mark.parametrize("written", ["./a.xml", "/a.xml", ".//a.xml", "\\a.xml"])
def test_a_path_that_goes_nowhere_before_its_file_is_that_file(written: str) -> None:
    assert Container.open(make_zip({written: b"x"})).names == ("a.xml",)


def test_a_name_is_found_in_other_case_unless_it_stands_as_asked() -> None:
    opened = Container.open(make_zip({"Doc_0/TPLS/a.xml": b"1", "b.xml": b"2", "B.xml": b"3"}))
    assert opened.find("/Doc_0/Tpls/A.XML") == "Doc_0/TPLS/a.xml"
    assert (opened.find("B.xml"), opened.find("b.xml")) == ("B.xml", "b.xml")
    assert opened.find("c.xml") is None


def test_an_unknown_name_is_missing() -> None:
    with pytest.raises(container.EntryMissing):
        Container.open(TWO).read("Doc_1/Document.xml")


@pytest.mark.parametrize("second", ["a.xml", "/a.xml"])
def test_two_entries_of_one_name_are_named_and_not_read(second: str) -> None:
    opened = Container.open(make_zip([("a.xml", b"1"), (second, b"2"), ("b.xml", b"3")]))
    assert opened.duplicates == ("a.xml",)
    assert opened.names == ("a.xml", "b.xml")
    assert opened.read("b.xml") == b"3"
    with pytest.raises(container.DuplicateEntry):
        opened.read("a.xml")


@pytest.mark.parametrize(
    "name", ["../a", "Doc_0/../../a", "..\\a", "C:/a", "/", "a\nb", "Doc/..", "../"]
)
def test_a_path_that_leaves_the_container_is_refused(name: str) -> None:
    with pytest.raises(container.UnsafeName):
        Container.open(make_zip({name: b"x"}))


def test_a_name_cut_by_nul_is_refused() -> None:
    whole = make_zip({"OFD.xml#.png": b"x"}).replace(b"OFD.xml#", b"OFD.xml\0")
    with pytest.raises(container.UnsafeName):
        Container.open(whole)


def test_a_name_that_differs_in_front_of_the_data_is_damage() -> None:
    at = TWO.index(b"OFD.xml")
    with pytest.raises(container.EntryDamaged):
        Container.open(TWO[:at] + b"OFE.xml" + TWO[at + 7 :]).read("OFD.xml")


def test_a_wrong_checksum_is_damage() -> None:
    stored = make_zip({"a": b"hello"}, zipfile.ZIP_STORED).replace(b"hello", b"hellO")
    with pytest.raises(container.EntryDamaged):
        Container.open(stored).read("a")


def test_a_large_entry_is_refused_before_it_is_unpacked() -> None:
    bomb = make_zip({"a": bytes(limits.MAX_ENTRY_BYTES + 1)})
    with pytest.raises(container.LimitExceeded):
        Container.open(bomb).read("a")


def test_a_size_that_lies_unpacks_no_more_than_it_says() -> None:
    bomb = make_zip({"a": bytes(1_000_000)})
    honest = struct.pack("<L", 1_000_000)
    budget = Budget(100)
    with pytest.raises(container.EntryDamaged):
        Container.open(bomb.replace(honest, struct.pack("<L", 99)), budget).read("a")
    assert budget.left_bytes == 1


def test_all_reading_counts_against_one_budget() -> None:
    inner = make_zip({"a": bytes(60)})
    outer = Container.open(make_zip({"inner.zip": inner, "b": bytes(60)}), Budget(len(inner) + 60))
    nested = Container.open(outer.read("inner.zip"), outer.budget)
    nested.read("a")
    with pytest.raises(container.LimitExceeded):
        outer.read("b")


def test_too_many_entries_are_refused() -> None:
    many = make_zip({f"{i}": b"" for i in range(limits.MAX_ENTRIES + 1)}, zipfile.ZIP_STORED)
    with pytest.raises(container.LimitExceeded):
        Container.open(many)
    # An end record that claims fewer must not help.
    end = many.rindex(b"PK\x05\x06")
    lying = many[: end + 8] + struct.pack("<HH", 1, 1) + many[end + 12 :]
    with pytest.raises(container.LimitExceeded):
        Container.open(lying)


def test_sizes_of_64_bits_are_refused_for_they_would_override_the_others() -> None:
    end = TWO.rindex(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    with pytest.raises(container.LimitExceeded):
        Container.open(TWO[:end] + locator + TWO[end:])


def test_encrypted_and_unusual_entries_are_refused() -> None:
    with pytest.raises(container.EntryRefused):
        Container.open(make_zip({"a": b"x" * 99}, zipfile.ZIP_LZMA)).read("a")
    plain = make_zip({"a": b"x"})
    entry = plain.index(b"PK\x01\x02")
    flagged = plain[: entry + 8] + b"\x01" + plain[entry + 9 :]
    with pytest.raises(container.EntryRefused):
        Container.open(flagged).read("a")


@pytest.mark.parametrize("length", range(len(TWO)))
def test_a_cut_file_is_no_container(length: int) -> None:
    with pytest.raises(container.NotAContainer):
        Container.open(TWO[:length])


@settings(max_examples=300)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(TWO) - 1), st.integers(0, 255)), min_size=1, max_size=6
    )
)
def test_any_damage_ends_in_a_typed_error_or_in_bytes(changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(TWO)
    for at, value in changes:
        damaged[at] = value
    try:
        opened = Container.open(bytes(damaged))
        for name in opened.names:
            opened.read(name)
    except container.ContainerError:
        pass
