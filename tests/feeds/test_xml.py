"""XML as a stream: what is read, and every kind of bad input that is refused with words."""

import time

import pytest

from racecall.errors import BrokenFile
from racecall.feeds.text import recode
from racecall.feeds.xml import elements, local, root_name
from racecall.testing import document

BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "0123456789">'
    + b"".join(b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("c"), ord("k")))
    + b"]>"
)


def read(data, *tags):
    """Return name, attributes and number of children of each element."""
    stream = elements(document("night.xml", data), tags or ("a", "b"))
    return [(local(element), dict(element.items()), len(element)) for element in stream]


def refusal(data):
    with pytest.raises(BrokenFile) as raised:
        read(data)
    assert raised.value.where == "night.xml"
    assert raised.value.next_step
    return raised.value.problem


class TestReading:
    def test_inner_elements_come_first_and_are_emptied(self):
        """The outer one has what is left of it: the last inner one, without its own parts."""
        assert read(b'<a><b n="1"><c/></b><b n="2"><c/></b></a>') == [("b", {"n": "1"}, 1), ("b", {"n": "2"}, 1), ("a", {}, 1)]

    def test_namespaces_are_left_aside(self):
        """Whether by prefix or by default."""
        assert [name for name, _, _ in read(b'<x:a xmlns:x="urn:x"><b xmlns="urn:y"/></x:a>')] == ["b", "a"]

    def test_comments_and_instructions_are_left_out(self):
        """They are no parts."""
        assert read(b'<?xml version="1.0"?><!-- A --><a><!-- B --><?c d?></a>') == [("a", {}, 0)]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1", "cp1252"])
    def test_an_announced_encoding_is_obeyed(self, encoding):
        """Also UTF-16 of either order, with or without a mark."""
        name = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}.get(encoding, encoding)
        text = f'<?xml version="1.0" encoding="{name}"?><a n="José"/>'

        assert read(text.encode(encoding)) == [("a", {"n": "José"}, 0)]

    def test_an_encoding_that_the_user_names_takes_the_place_of_the_announced_one(self):
        """Otherwise the accents would be undone twice."""
        wrong = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a n="José"/>'.encode("cp1252")

        assert read(recode("night.xml", wrong, "cp1252")) == [("a", {"n": "José"}, 0)]

    def test_memory_is_that_of_the_largest_part(self):
        """What was yielded is gone: beside an element there is what the reader saw ahead, 32,768 bytes, and nothing behind."""
        stream = elements(document("night.xml", b"<a>" + b"<b><c/></b>" * 50_000 + b"</a>"), ("b",))

        assert max(len(element.getparent()) for element in stream) < 4_000


class TestRefusing:
    @pytest.mark.parametrize("data", [b"", b" \n\t "])
    def test_nothing(self, data):
        """An empty file, or one of white space."""
        assert "the file is empty" in refusal(data)

    def test_a_document_type(self):
        """Even one that defines nothing."""
        assert refusal(b"<!DOCTYPE a><a/>") == (
            "the XML defines a document type, which results have no use for and which can hide other files in this one."
        )

    @pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b'<?xml version="1.0"?>', b"<!-- A --> \n"])
    def test_an_entity_bomb(self, before):
        """Whatever stands before it, and at once."""
        started = time.process_time()

        assert "document type" in refusal(before + BOMB + b'<a n="&j;">&j;</a>')
        assert time.process_time() - started < 1

    def test_an_entity_bomb_in_utf_16(self):
        """No pattern of bytes would find it there."""
        assert "document type" in refusal((BOMB + b"<a>&j;</a>").decode().encode("utf-16"))

    @pytest.mark.parametrize("before", [b" " * 70_000, b"<!--" + b" " * 70_000 + b"-->"])
    def test_an_entity_bomb_beyond_the_head(self, before):
        """The reader stops where the text would swell."""
        assert "the XML uses an entity that it may not define" in refusal(before + BOMB + b'<a n="&j;"/>')

    def test_a_document_type_beyond_the_head(self):
        """One that does no harm is refused when the first element comes."""
        assert "document type" in refusal(b"<!--" + b" " * 70_000 + b'--><!DOCTYPE a [<!ENTITY b "c">]><a n="&b;"/>')

    def test_a_file_in_an_entity(self, tmp_path):
        """Nothing outside of the document is looked at."""
        secret = tmp_path / "secret.txt"
        secret.write_text("secret")
        data = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{secret.as_uri()}">]><a>&b;</a>'.encode()

        assert "document type" in refusal(data)

    def test_an_entity_without_a_definition(self):
        """It is no XML."""
        assert "this is not whole XML" in refusal(b"<a>&nbsp;</a>")

    def test_a_cut(self):
        """The download is named as the likely cause."""
        with pytest.raises(BrokenFile) as raised:
            read(b"<a><b/><b")

        assert str(raised.value).startswith("night.xml: this is not whole XML: ")
        assert raised.value.next_step == "The download may be cut off. Fetch it again."

    @pytest.mark.parametrize("data", [b"<!DOCTYPE html><html><p>Sorry<br></html>", b"<HTML><body>", b"\n<!-- A --><!doctype html>\n<html>"])
    def test_a_web_page(self, data):
        """An office's error page, in whatever case."""
        assert refusal(data) == "this is a web page, not XML."

    def test_deep_nesting(self):
        """Results need five levels or six."""
        assert refusal(b"<a>" * 100_000).startswith("the XML is nested too deeply to be results (line 1, column ")

    def test_a_name_that_never_ends(self):
        """No field of a results file has ten million characters."""
        assert "too long to be results" in refusal(b'<a n="' + b"x" * 11_000_000 + b'"/>')

    @pytest.mark.parametrize("before", [b"", b'<?xml version="1.0" encoding="UTF-8"?>'])
    def test_another_encoding(self, before):
        """The place is named, and the option that says what the encoding is."""
        with pytest.raises(BrokenFile) as raised:
            read(before + b"<a>\xe9</a>")

        assert "the XML is not in the encoding it announces (UTF-8 if it announces none) (line 1, column " in raised.value.problem
        assert "--encoding cp1252" in raised.value.next_step

    @pytest.mark.parametrize("data", [b"county,votes\n", b'{"a": 1}', b"PK\x03\x04", b"\0\0\0\0", b"\xff\xfe\xff"])
    def test_what_is_no_xml(self, data):
        """A table, JSON, an archive, noise."""
        assert refusal(data).startswith("this is not")

    @pytest.mark.parametrize("data", [b"<a>\0</a>", b"<a/><a/>", b"<a></b>", b"<a n=1/>", b'<a n="1" n="2"/>'])
    def test_what_breaks_the_rules_of_xml(self, data):
        """Said with the reader's reason."""
        assert refusal(data).startswith("this is not whole XML: ")


class TestRootName:
    @pytest.mark.parametrize(
        ("head", "name"),
        [
            (b"<ElectionResult>", "ElectionResult"),
            (b'<?xml version="1.0"?>\n<!-- <b> -->\n<a:b xmlns:a="c">', "b"),
            (b"\xef\xbb\xbf<a/>", "a"),
            ("<?xml version='1.0'?><a/>".encode("utf-16"), "a"),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><a>', "a"),
            (b"a < b", ""),
            (b"", ""),
            (b"<!-- never closed", ""),
            (b"\xff\xfe<", ""),
        ],
    )
    def test_the_outermost_element(self, head, name):
        """Without its prefix; "" where there is none."""
        assert root_name(head) == name

    @pytest.mark.parametrize("piece", [b"<!--", b"<?", b"<!DOCTYPE [", b"<!DOCTYPE a>", b" ", b"<", b"<!--><?"])
    def test_a_hostile_head_costs_one_pass(self, piece):
        """A head full of openings is read in no time."""
        started = time.process_time()
        root_name(piece * (65_536 // len(piece)))

        assert time.process_time() - started < 0.5
