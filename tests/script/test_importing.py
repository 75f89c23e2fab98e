"""Files that people write scripts in become lines; hostile ones become sentences that say so."""

import io
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import MissingMedia, StudioError, UnreadableMedia
from audiostudio.script.importing import (
    LARGEST,
    ImportedLine,
    ImportedScript,
    TimeSlot,
    import_data,
    import_script,
    import_text,
    without_names,
    written,
)
from audiostudio.script.importing.archive import MOST_MEMBERS

Lines = list[tuple[str | None, str]]


def lines(found: ImportedScript) -> Lines:
    return [(line.speaker, line.text) for line in found.lines]


def told(found: ImportedScript) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_markdown_becomes_lines_with_headings_and_a_title() -> None:
    text = """---
title: "The harbour"
---
# Chapter 1

This paragraph was wrapped by an editor at some eighty characters, as
editors do, and is one line.
It goes on.

Short line
Another one

- one
- two

| Who | What |
|-----|------|
| Ann | Hi   |

```python
print("no")
```
***
Second title
---
> quoted <!-- not
this --> text
"""
    found = import_text(text)
    assert [line.text for line in found.lines] == [
        "# Chapter 1",
        "This paragraph was wrapped by an editor at some eighty characters, as editors do, and is one line.",
        "It goes on.",
        "Short line",
        "Another one",
        "- one",
        "- two",
        "| Who | What |",
        "| Ann | Hi |",
        "## Second title",
        "quoted text",
    ]
    assert [line.heading for line in found.lines].count(True) == 2
    assert found.title == "The harbour"
    assert told(found) == ["Line 20: A block of code was left out."]
    assert [line.source_line for line in found.lines][:3] == [4, 6, 8]
    assert import_text("# Hello\n\nText").title == "Hello"


def test_speakers_are_found_in_dialogue() -> None:
    text = "ANNA: Hello, Bob.\nBob Smith: Hi!\nHow are you?\n\nThe sun sets.\n\n**Anna**: Fine.\n"
    text += "DR. O'NEIL (softly): Yes.\n"
    assert lines(import_text(text)) == [
        ("ANNA", "Hello, Bob."),
        ("Bob Smith", "Hi!"),
        ("Bob Smith", "How are you?"),
        (None, "The sun sets."),
        ("Anna", "Fine."),
        ("DR. O'NEIL", "Yes."),
    ]
    assert import_text(text).speakers == ("ANNA", "Bob Smith", "Anna", "DR. O'NEIL")
    assert lines(import_text("NARRATOR:\nOnce upon a time.\n")) == [("NARRATOR", "Once upon a time.")]
    assert lines(import_text("NARRATOR:\n\nOnce.\n\nTwice.")) == [("NARRATOR", "Once."), (None, "Twice.")]
    assert lines(import_text("太郎：こんにちは。\n花子：はい。")) == [("太郎", "こんにちは。"), ("花子", "はい。")]
    stamped = "[Host]: Welcome.\n00:12 Guest: Thanks.\n[00:00:15] Host: So?\nURL: https://x.org"
    assert lines(import_text(stamped))[:3] == [("Host", "Welcome."), ("Guest", "Thanks."), ("Host", "So?")]
    assert "URL" not in import_text(stamped).speakers
    long = "ANNA: " + "This is a long line that goes on and on until it is surely wrapped" + "\nBOB: Yes."
    assert [speaker for speaker, _ in lines(import_text(long))] == ["ANNA", "BOB"]


@pytest.mark.parametrize(
    "text",
    [
        "Note: bring water.", "Warning: hot!", "We met at 12:30 and left.", "See https://example.com for more.",
        "The answer: forty-two.", "Remember this: never run.", "Chapter 1: The start", "He said: go home.",
        "Step 1: Open it.\nStep 2: Close it.", "It has one flaw.\nIt is late.\nMonday: rain.\nThat is all.",
        "12: twelve",
        "Example: x\nExample: y", "A long sentence that ends in a colon like this one does: and goes on.",
    ],
)  # fmt: skip
def test_other_colons_are_text(text: str) -> None:
    assert {speaker for speaker, _ in lines(import_text(text))} == {None}


def test_speaker_names_can_be_switched_off_or_given() -> None:
    assert lines(import_text("ANNA: Hi", speakers=False)) == [(None, "ANNA: Hi")]
    text = "It was late.\nIt rained.\nIt poured.\nAnna: Hi"
    assert lines(import_text(text))[-1] == (None, "Anna: Hi")
    assert lines(import_text(text, known=["Anna"]))[-1] == ("Anna", "Hi")


NAMES = st.sampled_from(["ANNA", "Bob Smith", "O'Neil", "Жанна", None])
TEXTS = st.lists(
    st.sampled_from(
        [
            "Hello",
            "world.",
            "Yes,",
            "[pause",
            "1s]",
            "ANNA:",
            "Bob",
            "12:30",
            "Note:",
            "*so*",
            "e.g.",
            "[speed",
            "1.2]so[/speed]",
            "“Hm.”",
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@pytest.mark.long
@given(st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=8))
@settings(max_examples=200)
def test_a_script_goes_to_text_and_back(script: Lines) -> None:
    assert lines(import_text(written(script), known=[name for name, _ in script if name])) == script


@pytest.mark.long
@pytest.mark.parametrize(
    "piece", ["A" + " " * 50_000, "A\t", "Anna (", "**A", "[", "A:", "Anna: ", "`" * 3 + "\n", "# ", "A-"]
)
def test_hostile_prose_is_read(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    once, twice = import_text(text).lines, import_text(text + "\n" + text).lines
    assert all(line.text.strip() == line.text != "" for line in (*once, *twice))
    assert len(twice) >= len(once)


@pytest.mark.long
@given(st.text(max_size=300))
@settings(max_examples=200)
def test_any_text_becomes_lines_without_line_feeds(text: str) -> None:
    for line in import_text(text).lines:
        assert line.text.strip() == line.text != ""
        assert "\n" not in line.text
        assert 1 <= line.source_line <= text.count("\n") + 1


CSV = """Text;Voice;File name;Speaker;Speed;Pitch;Pause;Lang;Volume;stability;Start;End
"Hello; world";af_heart;one.wav;Anna;1,2;+2st;500ms;en;-3dB;0.4;0;00:01.500
Bonjour.;ff_siwis;two.wav;;120%;;1;French;;;;
;am_adam;x.wav;;;;;;;;;
Bad;;../x.wav;;fast!;99;soon;tlh;;;5;4
Again;;ONE.wav;;;;;;;;;
=1+1;;;;;;;;;;;
"""


def test_csv_rows_are_lines_with_their_settings() -> None:
    found = import_data(CSV.encode(), "batch.csv")
    first, second, third, fourth, fifth = found.lines
    assert (first.text, first.voice, first.file_name, first.speaker) == ("Hello; world", "af_heart", "one.wav", "Anna")
    assert (first.speed, first.pitch, first.pause_after, first.language, first.energy) == (1.2, 2.0, 0.5, "en-us", -3.0)
    assert (first.settings, first.slot) == ((("stability", "0.4"),), TimeSlot(0.0, 1.5))
    assert (second.speed, second.language, second.speaker, second.pause_after) == (1.2, "fr", None, 1.0)
    assert (third.text, third.speed, third.pitch, third.file_name, third.slot) == ("Bad", None, None, None, None)
    assert (fourth.file_name, fifth.text) == ("ONE.wav", "=1+1")
    places = [(problem.line, problem.column) for problem in found.problems]
    assert places == [
        (4, "Text"), (5, "Lang"), (5, "Speed"), (5, "Pitch"), (5, "Pause"), (5, "File name"), (5, "Start"),
        (6, "File name"),
    ]  # fmt: skip
    assert told(found)[1].startswith("Line 5, column “Lang”: ")


@pytest.mark.long
@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Der Käse ist für Müller – schöne Grüße aus Österreich, sagte „Jürgen“ fröhlich."),
        ("cp1252", "Café à la crème et façade naïve."),
        ("cp1252", "Voilà : la fenêtre, l’œuvre, c’est déjà ça."),
        ("cp1252", "Perché no? È così, però più tardi."),
        ("cp1252", "Não, São Paulo é mais à frente. Às vezes."),
        ("cp1252", "Hän söi päärynää ja äiti näki."),
        ("cp1250", "Zażółć gęślą jaźń, powiedział."),
        ("cp1250", "Čaj je dober, šola stoji, življenje teče."),
        ("iso8859_2", "Čaj je dober, šola stoji, življenje teče."),
        ("cp1250", "Árvíztűrő tükörfúrógép, mondta."),
        ("cp1253", "Καλημέρα σας, είναι μια όμορφη μέρα σήμερα στην Αθήνα."),
        ("cp1251", "Привет, это длинная строка обычного русского текста для проверки кодировки файла."),
        ("cp1254", "Cehennemin savaşçısı kim, diye sordu küçük kız ve ağladı; ışık söndü, şimdi herkes uyuyor."),
        ("cp1255", "שלום לכולם, זהו משפט ארוך בעברית כדי לבדוק את הקידוד של הקובץ הזה היום בבוקר."),
        ("iso8859_2", "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl šéf a šel spát, protože už byla noc a zima."),
        ("utf-32", "Grüße"),
        ("utf-16", "Grüße"),
        ("utf-8-sig", "Grüße"),
        ("cp932", "これは日本語の文章です。文字コードを確かめるための長い文です。今日は天気がいいですね。"),
    ],
)
def test_csv_in_other_encodings_is_read_and_told(encoding: str, text: str) -> None:
    found = import_data(f"filename\ttext\na.wav\t{text}\n".encode(encoding), "x.csv")
    assert found.lines[0].text == text
    assert bool(found.problems) is not encoding.startswith("utf")


def test_a_table_without_texts_is_said() -> None:
    with pytest.raises(UnreadableMedia, match=r"no column “text”.*“voice”"):
        import_data(b"voice,file\na,b\n", "x.csv")
    with pytest.raises(UnreadableMedia, match="empty"):
        import_data(b"\n\n", "x.csv")
    assert lines(import_data(b"Hello there\nBye\n", "x.csv")) == [(None, "Hello there"), (None, "Bye")]


SRT = """1
00:00:05,000 --> 00:00:07,500
<i>Second</i> line
goes {\\an8}on.

2
00:00:01,000 --> 00:00:04,000
ANNA: First &amp; only.

3
00:00:07,000 --> 00:00:06,000
Backwards.

4
00:00:07,000 --> 00:00:09,000
BOB: Overlaps. [music]

5
00:00:xx --> 00:00:12
Broken times.

6
00:00:20,000 --> 00:00:21,000
♪ ♪
"""


def test_srt_is_sorted_and_its_faults_are_told() -> None:
    found = import_data(SRT.encode(), "film.srt")
    assert [(line.speaker, line.text, line.slot) for line in found.lines] == [
        ("ANNA", "First & only.", TimeSlot(1.0, 4.0)),
        (None, "Backwards.", None),
        (None, "Second line goes on.", TimeSlot(5.0, 7.5)),
        ("BOB", "Overlaps.", TimeSlot(7.0, 9.0)),
        (None, "Broken times.", None),
    ]
    assert [(problem.line, problem.message.split(" ")[0]) for problem in found.problems] == [
        (7, "The"), (11, "This"), (15, "This"), (19, "“00:00:xx"), (23, "This"),
    ]  # fmt: skip


def test_markup_in_subtitles_stays_and_what_else_is_heard_is_left_out() -> None:
    text = "One. [pause 0.8s] [speed 1.2]Two[/speed] [door slams] [voice trembling] (sighs) three."
    found = import_data(f"1\n00:00:01,000 --> 00:00:04,000\n{text}\n".encode(), "film.srt")
    assert [line.text for line in found.lines] == ["One. [pause 0.8s] [speed 1.2]Two[/speed] three."]


def test_vtt_voices_speak() -> None:
    text = (
        "WEBVTT - a film\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnot this\n\n"
        "id-1\n00:01.000 --> 00:03.000 align:start\n"
        "<v Anna Maria>Hello <b>there</b>, <00:02.000>Bob &lt;3.</v>\n\n00:04.000 --> 00:06.000\n"
        "<v.loud Bob>Hi!</v> <v Anna Maria>Bye</v>\n"
    )
    found = import_data(text.encode(), "film.vtt")
    assert lines(found) == [("Anna Maria", "Hello there, Bob <3."), ("Bob", "Hi!"), ("Anna Maria", "Bye")]
    assert [line.slot for line in found.lines] == [TimeSlot(1, 3), TimeSlot(4, 5), TimeSlot(5, 6)]
    assert told(found) == []
    assert lines(import_data(text.encode(), "misnamed.txt")) == lines(found)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(**members: str | bytes) -> bytes:
    """A ZIP file; `__` in a name is a slash, `_x_` a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_x_", "."), data)
    return out.getvalue()


def document(body: str, **more: str) -> bytes:
    root = f'<?xml version="1.0" encoding="UTF-8"?><w:document {W} xmlns:mc="mc"><w:body>{body}</w:body></w:document>'
    return packed(word__document_x_xml=root, **more)


def paragraph(text: str, style: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


STYLES = (
    f'<w:styles {W}><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="Mine">'
    '<w:name w:val="mine"/><w:basedOn w:val="H1"/></w:style><w:style w:styleId="O"><w:name w:val="o"/><w:pPr>'
    '<w:outlineLvl w:val="2"/></w:pPr></w:style></w:styles>'
)


def test_docx_paragraphs_headings_tables_and_what_is_hidden() -> None:
    body = (
        paragraph("Title &amp; more", "H1")
        + paragraph("Own", "Mine")
        + paragraph("Third", "O")
        + "<w:p><w:r><w:t>One </w:t></w:r><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r>"
        "<w:delText>old</w:delText><w:t>gone</w:t></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:tab/><w:t>tab"
        "</w:t><w:br/><w:t>next</w:t></w:r></w:p>"
        + "<w:tbl><w:tr><w:tc>" + paragraph("ANNA") + "</w:tc><w:tc>" + paragraph("Hello.") + "</w:tc></w:tr>"
        "<w:tr><w:tc>" + paragraph("a") + "</w:tc><w:tc>" + paragraph("b") + "</w:tc><w:tc/></w:tr></w:tbl>"
        + "<w:sdt><w:sdtContent>" + paragraph("BOB: In a control.") + "</w:sdtContent></w:sdt>"
        + "<w:p><w:r><mc:AlternateContent><mc:Choice><w:p><w:r><w:t>Box</w:t></w:r></w:p></mc:Choice><mc:Fallback>"
        "<w:p><w:r><w:t>Box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>After</w:t></w:r></w:p>"
        + paragraph("") + "<w:p/>"
    )  # fmt: skip
    found = import_data(document(body, word__styles_x_xml=STYLES), "a.docx")
    assert lines(found) == [
        (None, "# Title & more"), (None, "# Own"), (None, "### Third"), (None, "One new tab"), (None, "next"),
        ("ANNA", "Hello."), (None, "a, b"), ("BOB", "In a control."), (None, "Box"), (None, "After"),
    ]  # fmt: skip
    assert found.title == "Title & more"


def book(**more: str) -> dict[str, str]:
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        "<dc:title>The Book</dc:title></metadata><manifest>"
        '<item id="a" href="one.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="two%20b.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        '<item id="x" href="x.jpg" media-type="image/jpeg"/></manifest>'
        '<spine><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/><itemref idref="gone"/>'
        '<itemref idref="x"/></spine></package>'
    )
    return {
        "META-INF__container_x_xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS__book_x_opf": opf,
        "OEBPS__one_x_xhtml": "<html><body><h1>Chapter<br/>Two</h1><p>It&#8217;s late.<br/>Still &hellip; late.</p>"
        '<aside epub:type="footnote"><p>A note.</p></aside><p>End<sup epub:type="noteref">1</sup>.</p></body></html>',
        "OEBPS__two b_x_xhtml": "<?xml version='1.0'?><!DOCTYPE html><html><head><title>no</title><style>p{}</style>"
        "</head><body><section><h2>Chapter One</h2><div>Loose <i>text</i><p>Wrapped\n text.</p>ANNA: hi<img src='x'/>"
        "<br></div><table><tr><td>a</td><td>b</td></tr></table></section></body></html>",
        "OEBPS__nav_x_xhtml": "<html><body><p>Contents</p></body></html>",
        **more,
    }


def test_epub_chapters_are_read_in_the_order_of_the_spine() -> None:
    found = import_data(packed(**book()), "b.epub")
    assert [line.text for line in found.lines] == [
        "## Chapter One", "Loose text", "Wrapped text.", "ANNA: hi", "a", "b", "# Chapter Two", "It’s late.",
        "Still … late.", "End.",
    ]  # fmt: skip
    assert found.title == "The Book"
    assert lines(import_data(packed(**book()), "b.epub", speakers=True))[3] == ("ANNA", "hi")


BOMB = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><w:document ' + W + ">&b;</w:document>"


def overfull(name: str) -> bytes:
    """A member that says it is small and unpacks to 16 MB."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(squeezed.compress(b" " * (1 << 20)) for _ in range(16)) + squeezed.flush()
    out = bytearray(packed(**{name: b"x" * 50}))
    with zipfile.ZipFile(io.BytesIO(bytes(out))) as archive:
        info = archive.infolist()[0]
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(info.filename, data)
    raw = bytearray(whole.getvalue())
    for at in (raw.find(b"PK\x03\x04") + 8, raw.find(b"PK\x01\x02") + 10):
        raw[at : at + 2] = b"\x08\x00"
    return bytes(raw)


DOCX = document(paragraph("Hello"))
HOSTILE = {
    "a text called docx": (b"Hello", "a.docx"),
    "a picture called epub": (b"\x89PNG\r\n", "a.epub"),
    "an empty docx": (b"", "a.docx"),
    "half a docx": (DOCX[: len(DOCX) // 2], "a.docx"),
    "a docx without its end": (DOCX[:-40], "a.docx"),
    "another zip": (packed(x="y"), "a.docx"),
    "entities": (packed(word__document_x_xml=BOMB), "a.docx"),
    "broken xml": (packed(word__document_x_xml="<w:document>"), "a.docx"),
    "xml in no encoding": (packed(word__document_x_xml='<?xml version="1.0" encoding="nope"?><a/>'), "a.docx"),
    "a bomb that says so": (packed(word__document_x_xml=b" " * (8 << 20)), "a.docx"),
    "a bomb that hides": (overfull("word__document_x_xml"), "a.docx"),
    "an epub without a book": (packed(**{"META-INF__container_x_xml": "<container/>"}), "a.epub"),
    "an epub that is elsewhere": (packed(**{**book(), "OEBPS__book_x_opf": ""}), "a.epub"),
    "entities in an epub": (packed(**{**book(), "OEBPS__book_x_opf": BOMB}), "a.epub"),
    "a protected epub": (
        packed(**book(**{"META-INF__encryption_x_xml": '<e><EncryptionMethod Algorithm="aes"/></e>'})), "a.epub",
    ),
    "an old word file": (b"\xd0\xcf\x11\xe0" + bytes(600), "a.docx"),
    "a pdf": (b"%PDF-1.7", "a.txt"),
    "rtf": (b"{\\rtf1 hi}", "a.txt"),
    "zeros": (bytes(5000), "a.txt"),
    "a wav": (b"RIFF\x00\x01WAVEfmt \x00", "a.csv"),
    "no cues": (b"hello", "a.srt"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_files_are_said(name: str) -> None:
    data, file = HOSTILE[name]
    with pytest.raises(UnreadableMedia) as error:
        import_data(data, file)
    assert file in error.value.sentence
    assert error.value.hint


def test_too_many_members_and_too_many_bytes_are_said(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(MOST_MEMBERS + 1):
            archive.writestr(str(number), b"")
    with pytest.raises(UnreadableMedia, match="more than any script"):
        import_data(out.getvalue(), "a.docx")
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(UnreadableMedia, match="larger than"):
        import_script(path)
    with pytest.raises(MissingMedia):
        import_script(tmp_path / "none.txt")


def test_deep_nesting_is_no_trouble() -> None:
    deep = "<w:sdt>" * 20_000 + paragraph("Deep") + "</w:sdt>" * 20_000
    assert lines(import_data(document(deep), "a.docx")) == [(None, "Deep")]
    page = "<html><body>" + "<div>" * 50_000 + "deep" + "</body></html>"
    found = import_data(packed(**{**book(), "OEBPS__one_x_xhtml": page}), "b.epub")
    assert found.lines[-1].text == "deep"


BROKEN_PAGES = (
    "<!--", "<!", "<![", "<", "<a ", "<a x='", '<a x="', "<script>", "</", "&", "&#", "<?", "<i>", "<![CDATA[",
    "<p hidden>",
)  # fmt: skip


@pytest.mark.parametrize("piece", BROKEN_PAGES)
def test_a_broken_page_of_a_book_is_read_as_far_as_it_goes(piece: str) -> None:
    page = f"<html><body><p>Before</p>{piece * 50_000}"
    found = import_data(packed(**{**book(), "OEBPS__one_x_xhtml": page}), "b.epub")
    assert "Before" in [line.text for line in found.lines]


def test_scripts_comments_and_cdata_of_a_page() -> None:
    page = (
        "<body><script>if (a < b) { x('<p>no</p>') }</script><style>p > i {}</style><!-- <p>no</p> --><p>A &lt; B"
        "<![CDATA[ & <C> ]]>d</p><script src='x'/><p title=\"a > b\">E</p><svg><g/><text>no</text></svg><p>F</body>"
    )
    found = import_data(packed(**{**book(), "OEBPS__one_x_xhtml": page}), "b.epub")
    assert [line.text for line in found.lines][-3:] == ["A < B & <C> d", "E", "F"]


@given(st.integers(0, len(DOCX) - 1), st.binary(min_size=1, max_size=6), st.sampled_from(["a.docx", "b.epub"]))
@settings(max_examples=200)
def test_a_damaged_file_never_crashes(at: int, other: bytes, name: str) -> None:
    data = DOCX if name == "a.docx" else EPUB
    at = at * len(data) // len(DOCX)
    for line in imported(data[:at] + other + data[at + len(other) :], name):
        assert line.text.strip() == line.text != ""


EPUB = packed(**book())


@pytest.mark.long
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.csv", "a.srt", "a.vtt", "a.docx", "a.epub", "a.md"]))
@settings(max_examples=300)
def test_any_bytes_are_lines_or_an_error(data: bytes, name: str) -> None:
    for line in imported(data, name):
        assert line.text.strip() == line.text != ""
        assert "\n" not in line.text


def imported(data: bytes, name: str) -> tuple[ImportedLine, ...]:
    """The lines, or none where an error says why."""
    try:
        return import_data(data, name).lines
    except StudioError as caught:
        error = caught
    assert name in error.sentence
    return ()


def test_places_are_found_again_in_a_text_whose_names_were_left_out() -> None:
    source = "A ferry.\n\n  ANNA (softly): Did you hear it?  \n**BOB:** No.\nANNA:\nListen there.\n"
    text, removed = without_names(source)
    assert text == "A ferry.\n\nDid you hear it?  \nNo.\n\nListen there.\n"
    for word in ("ferry", "Did", "hear", "No", "Listen", "there"):
        at = text.index(word)
        gone = [many for start, many in removed if start <= at][-1]
        assert at + gone == source.index(word)
    assert without_names("No name.\n") == ("No name.\n", ((0, 0),))
