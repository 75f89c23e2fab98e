"""Lyrics as they are typed: what each line means, and that no character is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import EmptyText, RequestError
from audiostudio.music.lyrics import MOST_LINES, MOST_WORDS, RowKind, assigned, kind_of, parse, require_singable

SHEET = """[Verse 1]
A: Twinkle, twinkle, little star
How I wonder (wonder) what you are
A+B: Up above — the world so high

Chorus:
All: la la la
[Bridge: B]
hm
[Chorus]
[Guitar solo]
[Outro]
C & A: bye (bye bye)
"""

LINES = st.sampled_from(
    [
        "[Verse 1]",
        "[Chorus: A+B]",
        "Chorus:",
        "A: one (two)",
        "B:",
        "A+B: x",
        "A&C: y",
        "All: z",
        "",
        "  w",
        "—",
        "()",
        "[",
        "A:A:",
        "(b",
        "\t",
    ]
)
TEXTS = st.one_of(st.lists(LINES, max_size=12).map("\n".join), st.text(max_size=200))
SLOTS = st.sampled_from([("A",), ("B",), ("C",), ("A", "B"), ("A", "B", "C")])


def test_a_sheet_says_who_sings_what() -> None:
    lyrics = parse(SHEET)
    found = [(section.name, section.kind, [line.slots for line in lyrics.of(section)]) for section in lyrics.sections]
    everybody = ("A", "B", "C")
    assert found == [
        ("Verse 1", "verse", [("A",), ("A",), ("A", "B")]),
        ("Chorus", "chorus", [everybody]),
        ("Bridge", "bridge", [("B",)]),
        ("Chorus", "chorus", [everybody]),
        ("Guitar solo", "solo", []),
        ("Outro", "outro", [("C", "A")]),
    ]
    assert lyrics.sections[3].repeats == 1
    assert [word.text for word in lyrics.lines[1].words if word.backing] == ["wonder"]
    assert [word.text for word in lyrics.lines[2].words] == ["Up", "above", "the", "world", "so", "high"]
    assert lyrics.lines[-1].unison
    assert not lyrics.lines[2].unison


def test_a_singer_goes_on_until_another_or_the_end_of_the_section() -> None:
    lyrics = parse("B:\none\ntwo\n\nthree\nA+B: four\nfive\n[Verse 2]\nsix")
    assert [line.slots for line in lyrics.lines] == [("B",), ("B",), ("B",), ("A", "B"), ("A", "B"), ("A",)]


def test_all_are_those_who_sing_elsewhere() -> None:
    assert parse("A: x\nB: y\nAll: z").lines[-1].slots == ("A", "B")
    assert parse("All: z").lines[-1].slots == ("A", "B", "C")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Verse 3", "verse"),
        ("Final Chorus", "chorus"),
        ("Pre-Chorus", "pre-chorus"),
        ("Guitar Solo", "solo"),
        ("Foo", "verse"),
    ],
)
def test_headings_name_kinds(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_an_address_and_a_sentence_with_a_colon_are_sung() -> None:
    assert [line.text for line in parse("A://x.org now\nHe said: come\nBridge over water").lines] == [
        "A://x.org now",
        "He said: come",
        "Bridge over water",
    ]


@given(TEXTS)
def test_every_character_keeps_its_place(text: str) -> None:
    lyrics = parse(text)
    assert "".join(text[row.start : row.end] for row in lyrics.rows) == text
    for line in lyrics.lines:
        row = lyrics.rows[line.row]
        assert row.kind is RowKind.SUNG
        assert text[line.start : line.end] == line.text
        assert row.start <= line.start < line.end <= row.end
        assert line.slots
        assert line.words
        for word in line.words:
            assert text[word.start : word.end] == word.text
            assert line.start <= word.start < word.end <= line.end
    for section in lyrics.sections:
        assert all(
            line.section == lyrics.sections.index(section) or section in lyrics.sections for line in lyrics.of(section)
        )


@given(TEXTS, st.integers(0, 11), SLOTS)
def test_other_singers_for_a_row_change_no_other_line(text: str, row: int, slots: tuple[str, ...]) -> None:
    before = parse(text)
    after = parse(assigned(text, [row], slots))
    assert [line.text for line in after.lines] == [line.text for line in before.lines]
    named = {line.row for line in before.lines}
    everybody = "All" in text  # who everybody is depends on who else is named
    for old, new in zip(before.lines, after.lines, strict=True):
        if old.row == row and row in named:
            assert new.slots == slots
        elif not everybody:
            assert (new.slots, new.unison) == (old.slots, old.unison)


def test_singers_are_taken_away_where_they_are_the_same_as_before() -> None:
    assert assigned("A: x\nB: y\nz", [1], ("A",)) == "A: x\ny\nB: z"


def test_what_cannot_be_sung_is_said_with_its_line() -> None:
    with pytest.raises(EmptyText):
        require_singable(parse("[Verse]\n\n(…)"))
    with pytest.raises(RequestError, match="5,000 lines"):
        require_singable(parse("la la\n" * 5000))
    with pytest.raises(RequestError, match=f"line {MOST_LINES + 2} on"):
        require_singable(parse("[Verse]\n" + "la\n" * (MOST_LINES + 1)))
    with pytest.raises(RequestError, match="Line 2 has"):
        require_singable(parse("x\n" + "la " * (MOST_WORDS + 1)))


def test_few_characters_do_not_become_millions_of_lines() -> None:
    """Each heading sings ten thousand lines again."""
    bomb = parse("[Chorus]\n" + "a\n" * 10_000 + "[Chorus]\n" * 2_000)
    assert len(bomb.lines) == 10_000
    with pytest.raises(RequestError, match="lines; a song has"):
        require_singable(bomb)
    few = parse("[Chorus]\n" + "a\n" * 290 + "[Chorus]\n" * 2_000)
    assert MOST_LINES < len(few.lines) <= 5_000


def test_a_text_of_headings_is_read_in_one_pass() -> None:
    names = [f"[Part {number}]" for number in range(20_000)]
    read = parse("\n".join([*(f"{name}\nla" for name in names), *names]))
    assert len(read.sections) == 40_000
    assert read.sections[-1].repeats == 19_999
    assert parse("[Part 1]\nla\n[part 1]").sections[-1].repeats == 0
