"""Stories are read as a reader sees them, in four formats, and every word is found again in the file."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from racecall.coverage.document import Role, Sentence
from racecall.coverage.places import region_of
from racecall.coverage.reading import LARGEST, format_of, printed_time, read_story
from racecall.errors import BrokenFile, RacecallError, UnknownFormat
from racecall.testing_fuzz import damaged_documents, zipped
from stories import DOCX, EVERY, MARKDOWN, PAGE, PLAIN, docx, run

LOCAL = ZoneInfo("America/Los_Angeles")


def read(name):
    """Read one of the stories in the county's time."""
    return read_story(name, EVERY[name], zone=LOCAL)


def texts(document, role=Role.BODY):
    """Return what stands in the blocks of a role."""
    return [block.text for block in document.blocks if block.role is role]


def whole(document, number):
    """Return a block as one sentence."""
    block = document.blocks[number]
    return Sentence(number=0, block=number, start=0, end=len(block.text), text=block.text, role=block.role)


# -- each format ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_every_format_gives_the_headline(name):
    """A headline is held to the same words as the body, so it has to be found."""
    assert texts(read(name), Role.HEADLINE)[0].startswith("Two lead")


@pytest.mark.parametrize(
    ("name", "format_"), [("story.txt", "text"), ("story.html", "html"), ("story.md", "markdown"), ("story.docx", "docx")]
)
def test_the_format_is_found_out(name, format_):
    """Nobody has to say what kind of file it is."""
    assert read(name).format == format_


def test_lines_broken_by_hand_are_one_paragraph():
    """A line is joined to the next if the next word had no room on it."""
    assert texts(read("story.txt"))[2].endswith("and this line was broken by hand because the next word had no room.")


def test_a_caption_in_plain_text_says_that_it_is_one():
    """ "Photo:" at the beginning is clear."""
    assert texts(read("story.txt"), Role.CAPTION) == ["Photo: Robert Lee Ahn, left, before the count."]


@pytest.mark.parametrize(
    "text", ["Robert Lee Ahn after the count. (A. Name / A Newspaper)", "(Photo of the two at the debate)", "Ahn, left. (Photo by A. Name)"]
)
def test_a_credit_makes_a_caption(text):
    """A picture's credit at the end is clear as well."""
    assert texts(read_story("a.txt", f"Headline\n\n{text}".encode()), Role.CAPTION) == [text]


def test_a_bracketed_paragraph_alone_is_no_caption():
    """A correction in brackets is part of the story."""
    assert texts(read_story("a.txt", b"Headline\n\n(Gomez got 28% and not 82%.)")) == ["(Gomez got 28% and not 82%.)"]


def test_a_first_line_with_a_full_stop_is_no_headline():
    """A story may begin with its first sentence."""
    assert texts(read_story("a.txt", b"Gomez leads.\n\nAhn is second."), Role.HEADLINE) == []


def test_paragraphs_without_empty_lines_between_them_are_kept_apart():
    """Text copied from a page has one paragraph a line."""
    long = "Jimmy Gomez was leading with 28% of the vote on Wednesday morning, the county said, with all of its 192 precincts reporting."

    assert texts(read_story("a.txt", f"{long}\nShort one.\n{long}".encode())) == [long, "Short one.", long]


def test_a_page_is_read_without_what_stands_around_the_story():
    """Menus, advertisements, scripts and what is hidden are no part of it."""
    assert texts(read("story.html")) == [
        "Jimmy Gomez’s share is 28% of the vote. Ahn has 19%.",
        "What's next",
        "One count on Friday",
        "It is early.",
    ]


def test_captions_and_alternative_texts_of_a_page_are_read():
    """They outrun the story often enough."""
    page = read("story.html")

    assert (texts(page, Role.CAPTION), texts(page, Role.ALT)) == (["Gomez before the count."], ["Gomez at a microphone"])


def test_a_page_without_an_h1_has_its_title():
    """Better a headline with the paper's name than none."""
    page = read_story("a.html", b"<title>Gomez leads</title><p>He has 28%.</p>")

    assert texts(page, Role.HEADLINE) == ["Gomez leads"]


def test_markdown_is_read_as_the_page_it_makes():
    """Marks are not words."""
    assert texts(read("story.md")) == ["Jimmy Gomez has 28% of the vote & more.", "Later", "It is early.", "One count on Friday"]


def test_a_word_document_is_read_by_the_names_of_its_styles():
    """The ids are in the language of whoever wrote it; the names are not."""
    word = read("story.docx")

    assert (texts(word, Role.HEADLINE), texts(word, Role.CAPTION)) == (["Two lead in the 34th"], ["Gomez before the count."])


def test_what_was_struck_out_of_a_draft_is_not_read():
    """With changes tracked, the deleted words are still in the file."""
    assert texts(read("story.docx"))[1] == "Jimmy Gomez has 28% of the vote."


def test_a_text_box_is_read_once():
    """Word writes it twice, for new and old programs."""
    box = f"<w:txbxContent><w:p>{run('In a box.')}</w:p></w:txbxContent>"
    twice = f'<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
    word = read_story("a.docx", docx([("Standard", run("Gomez leads.") + f"<w:r>{twice}</w:r>")]))

    assert texts(word) == ["Gomez leads.", "In a box."]


# -- when it was published -----------------------------------------------------------------------------------------------------------


def test_a_page_says_in_its_head_when_it_was_published():
    """The offset is the page's own."""
    assert read("story.html").published == datetime(2017, 4, 5, 16, 5, tzinfo=UTC)


def test_a_printed_time_is_the_countys():
    """Nine in the morning in Los Angeles."""
    assert read("story.txt").published == datetime(2017, 4, 5, 9, 5, tzinfo=LOCAL)


@pytest.mark.parametrize("name", ["story.md", "story.docx"])
def test_a_day_without_a_time_is_taken_to_its_end(name):
    """The story may rest on everything that was known that day."""
    assert read(name).published == datetime(2017, 4, 5, 23, 59, 59, tzinfo=LOCAL)


@pytest.mark.parametrize(
    "text", ["(April 5, 2017)", "Published on 5 April 2017", "Wed., Apr. 5, 2017", "2017-04-05", "Updated: April 5, 2017."]
)
def test_a_day_is_read_as_papers_print_it(text):
    """On a line of its own, near the top."""
    story = read_story("a.txt", f"Headline\n\n{text}\n\nGomez leads.".encode())

    assert story.published == datetime(2017, 4, 5, 23, 59, 59, tzinfo=UTC)


def test_a_day_in_a_sentence_is_not_when_the_story_was_published():
    """It is what the story is about."""
    assert read_story("a.txt", b"Headline\n\nThe vote was held on April 4, 2017.").published is None


@pytest.mark.parametrize("text", ["April 31, 2017", "2017-13-45", "April 5, 2017 25:99"])
def test_a_day_that_does_not_exist_is_none(text):
    """Nothing is guessed."""
    assert printed_time(read_story("a.txt", f"Headline\n\n{text}".encode()).blocks, UTC) is None


def test_linked_data_says_when_a_page_was_published():
    """schema.org/NewsArticle, where there is no meta tag."""
    page = b'<script type="application/ld+json">{"datePublished": "2017-04-05T09:05:00-07:00"}</script><p>Gomez leads.</p>'

    assert read_story("a.html", page).published == datetime(2017, 4, 5, 16, 5, tzinfo=UTC)


# -- where it stands -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["story.txt", "story.html", "story.md"])
def test_every_block_is_found_where_it_begins(name):
    """The first word of a block stands at its place in the source, on its line."""
    story = read(name)
    found = [
        (story.source[block.offset :][:3] == block.text[:3], story.source.count("\n", 0, block.offset) + 1 == block.line)
        for block in story.blocks
    ]

    assert set(found) == {(True, True)}


def test_a_block_stands_verbatim_where_nothing_interrupts_it():
    """Whoever marks the source can use the place as it is."""
    story = read("story.txt")
    block = story.blocks[0]

    assert story.source[block.offset : block.offset + len(block.text)] == block.text


@pytest.mark.parametrize(
    ("name", "number", "words", "source"),
    [
        ("story.txt", 3, "line was broken by", "line was\nbroken by"),
        ("story.html", 1, "Gomez’s share is 28% of", "Gomez</b>&rsquo;s share is\n 28%&nbsp;of"),
        ("story.html", 1, "vote. Ahn", "vote</a>.<br>Ahn"),
        ("story.md", 1, "has 28% of the vote &", "has [28%](https://example.org/count) of the\nvote &"),
    ],
)
def test_words_are_found_past_what_interrupts_them(name, number, words, source):
    """Tags, entities, links and line ends stand between the words of a claim."""
    story = read(name)
    sentence = whole(story, number)
    start = sentence.text.index(words)
    region = region_of(story, sentence, start, start + len(words))

    assert story.source[region.start : region.end] == source


def test_a_region_counts_lines_and_columns_from_one():
    """As editors do."""
    story = read("story.txt")
    sentence = whole(story, 3)
    region = region_of(story, sentence, sentence.text.index("broken"), sentence.text.index("broken") + 6)

    assert (region.line, region.column, region.end_line, region.end_column) == (6, 1, 6, 7)


def test_a_word_document_has_no_source_to_point_into():
    """The line of a block is the number of its paragraph."""
    story = read("story.docx")

    assert (region_of(story, whole(story, 0), 0, 3), [block.line for block in story.blocks]) == (None, [1, 2, 3, 4])


# -- what is not read ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b" \n\t ", "the file is empty (4 bytes)"),
        (b"a" * (LARGEST + 1), "a story is at most 4 MB"),
        ("Gomez señaló".encode("cp1252"), "byte 9 (line 1) is not UTF-8"),
        (b"Gomez\0leads", "this is not a text file"),
        (b"<html><nav>Home</nav></html>", "there is not a word in it"),
        (b"word\n\n" * 20_001, "it has 20,001 paragraphs; the limit is 20,000"),
    ],
)
def test_what_is_no_story_is_refused_in_words(data, words):
    """Where, what was found, what to do."""
    with pytest.raises(BrokenFile) as caught:
        read_story("story", data)

    assert (caught.value.where, words in caught.value.problem, bool(caught.value.next_step)) == ("story", True, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "this is a PDF"),
        (b"{\\rtf1 Gomez}", "a rich text file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Word document"),
        (zipped({"xl/workbook.xml": b"<a/>"}), "not a Word document"),
    ],
)
def test_other_kinds_of_files_are_named(data, words):
    """And what to save instead."""
    with pytest.raises(UnknownFormat, match=words) as caught:
        read_story("story", data)

    assert caught.value.next_step


def test_a_word_document_cut_short_is_refused():
    """As a download is that stopped."""
    with pytest.raises(BrokenFile, match="the Word document is damaged"):
        read_story("a.docx", DOCX[: len(DOCX) // 2])


def test_a_word_document_that_swells_is_refused():
    """A bomb of zeros is told by its announced size before anything is unpacked."""
    with pytest.raises(BrokenFile, match="its text unpacks to"):
        read_story("a.docx", zipped({"word/document.xml": b" " * (33 << 20)}))


def test_a_word_document_with_entities_is_refused():
    """Word writes no document type, and one could hide other files in this one."""
    part = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document xmlns:w="urn:w">&e;</w:document>'

    with pytest.raises(BrokenFile, match="document type"):
        read_story("a.docx", zipped({"word/document.xml": part}))


@pytest.mark.parametrize(
    ("name", "data", "format_"), [("a.docx", b"Plain.", "text"), ("-", b"<p>Gomez</p>", "html"), ("a.md", PAGE, "markdown")]
)
def test_bytes_and_name_say_the_format(name, data, format_):
    """Bytes that are plain go before the name; of words alone, the name says what they are."""
    assert format_of(name, data) == format_


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@example(data=gzip.compress(PLAIN), name="story.txt")
@given(
    data=st.one_of(damaged_documents([PLAIN, PAGE, MARKDOWN, DOCX]), st.binary(max_size=200)), name=st.sampled_from([*EVERY, "-", "x.bin"])
)
def test_no_input_does_more_than_be_refused(data, name):
    """However damaged a file is, it is read or refused in words, and every place in it lies in it."""
    try:
        story = read_story(name, data, zone=LOCAL)
    except RacecallError:
        return
    regions = [region_of(story, whole(story, number), 0, len(block.text)) for number, block in enumerate(story.blocks[:50])]

    assert all(region is None or 0 <= region.start < region.end <= len(story.source) for region in regions)
