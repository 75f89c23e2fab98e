"""Caption files as other programs read them: pysubs2 for SRT, WebVTT and ASS, the published form for LRC."""

import itertools
import re

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.script.captions import (
    CAPTION_WRITERS,
    LINE_WIDTH,
    READING_SPEED,
    CaptionWord,
    Cue,
    ass,
    cues,
    cues_for,
    lrc,
    srt,
    vtt,
    width,
)

WORDS = [
    CaptionWord("Take", 0.5, 0.8),
    CaptionWord("the", 0.8, 0.9),
    CaptionWord("harbour", 0.9, 1.4),
    CaptionWord("road,", 1.4, 1.8),
    CaptionWord("please.", 2.0, 2.5),
    CaptionWord("Thank", 5.0, 5.3),
    CaptionWord("you!", 5.3, 5.9),
]

_spoken = st.lists(
    st.tuples(
        st.text("abcé日{}\\<>&,. ", min_size=1, max_size=30).filter(str.strip),
        st.floats(0.05, 2),
        st.floats(0, 2),
        st.sampled_from(["", "Ann", "Bo, b"]),
    ),
    min_size=1,
    max_size=25,
)


def timed(parts: list[tuple[str, float, float, str]]) -> list[CaptionWord]:
    words, at = [], 0.0
    for text, seconds, gap, speaker in parts:
        words.append(CaptionWord(text, at, at + seconds, speaker))
        at += seconds + gap
    return words


@given(_spoken)
@settings(max_examples=100)
def test_another_programs_parser_reads_what_we_write(parts: list[tuple[str, float, float, str]]) -> None:
    found = cues(timed(parts))
    for kind in ("srt", "vtt", "ass"):
        read = pysubs2.SSAFile.from_string(CAPTION_WRITERS[kind](found), format_=kind)
        assert len(read) == len(found)
        for event, cue in zip(read, found, strict=True):
            assert event.start == pytest.approx(cue.start_seconds * 1000, abs=6)
            assert event.end == pytest.approx(cue.end_seconds * 1000, abs=6)
            if kind == "ass":
                shown = event.plaintext.replace("\u2060", "").replace("｛", "{").replace("｝", "}")
                assert shown == cue.text
                assert event.name == cue.speaker.replace(", ", " ")


@given(_spoken)
@settings(max_examples=100)
def test_no_cue_has_two_speakers_and_none_overlap(parts: list[tuple[str, float, float, str]]) -> None:
    words = timed(parts)
    found = cues(words)
    for cue in found:
        spoken = [one for line in cue.words for one in line]
        assert "".join(one.text for one in spoken) == "".join(cue.lines)
        within = {
            word.speaker for word in words if spoken[0].start_seconds <= word.start_seconds < spoken[-1].end_seconds
        }
        assert within <= {cue.speaker}
    assert all(cue.end_seconds <= later.start_seconds for cue, later in itertools.pairwise(found))


def test_karaoke_lights_each_word_at_its_time() -> None:
    first, second = [line for line in ass(cues(WORDS)).splitlines() if line.startswith("Dialogue")]
    assert first.endswith(r"{\k30}Take{\k10} the{\k50} harbour{\k60} road,{\k50} please.")
    assert second.endswith(r"{\k30}Thank{\k60} you!")
    assert first.startswith("Dialogue: 0,0:00:00.50,")


@given(_spoken)
@settings(max_examples=100)
def test_karaoke_lasts_as_long_as_the_words(parts: list[tuple[str, float, float, str]]) -> None:
    found = cues(timed(parts))
    events = [line for line in ass(found).splitlines() if line.startswith("Dialogue")]
    for event, cue in zip(events, found, strict=True):
        total = sum(int(length) for length in re.findall(r"\{\\k(\d+)\}", event))
        last = cue.words[-1][-1].end_seconds
        assert total == pytest.approx((last - cue.start_seconds) * 100, abs=1.01)


def test_lrc_has_the_time_of_lines_and_if_wanted_of_words() -> None:
    found = cues(WORDS)
    assert lrc(found) == "[00:00.50]Take the harbour road, please.\n[00:02.80]\n[00:05.00]Thank you!\n[00:06.20]\n"
    assert lrc(found, word_times=True).splitlines()[0] == (
        "[00:00.50]<00:00.50>Take <00:00.80>the <00:00.90>harbour <00:01.40>road, <00:02.00>please. <00:02.50>"
    )
    assert lrc([Cue(6000.0, 6001.0, ("Long", "after"))]).startswith("[100:00.00]Long after\n")


def test_speakers_are_named_where_the_format_can() -> None:
    found = cues([CaptionWord("Hi.", 0, 0.4, "Ann <A>"), CaptionWord("Hello.", 0.5, 1.2, "Bo")])
    assert len(found) == 2
    assert "<v Ann &lt;A&gt;>Hi." in vtt(found)
    assert "Karaoke,Bo,0,0,0,," in ass(found)
    assert "Ann" not in srt(found)


@given(
    st.lists(st.tuples(st.text("abcde.,: ", min_size=1, max_size=60), st.sampled_from(["", "Al", "B C", "N" * 50]))),
    st.sampled_from(["srt", "lrc", "vtt", "ass"]),
)
def test_names_break_no_limit_and_no_word(said: list[tuple[str, str]], kind: str) -> None:
    words = [CaptionWord(text, at * 0.4, at * 0.4 + 0.38, name) for at, (text, name) in enumerate(said)]
    found = cues_for(kind, words)
    assert all(len(cue.lines) <= 2 and width(line) <= LINE_WIDTH for cue in found for line in cue.lines)
    assert all(one.end_seconds <= other.start_seconds for one, other in itertools.pairwise(found))
    bare = "".join("".join(cue.lines) for cue in cues_for(kind, words, names=False)).replace(" ", "")
    named = "".join("".join(cue.lines) for cue in found).replace(" ", "")
    for name in ("Al:", "BC:", "N" * 50 + ":"):
        named = named.replace(name, "")
    assert named == bare
    assert CAPTION_WRITERS[kind](found).count("<v") <= len(found)


def test_what_cannot_be_read_in_its_time_is_flagged() -> None:
    words = [CaptionWord("unbelievable", at * 0.3, at * 0.3 + 0.29) for at in range(40)]
    assert all(cue.too_fast and cue.reading_speed > READING_SPEED for cue in cues(words)[:-1])
    assert not any(cue.too_fast for cue in cues(WORDS))


@pytest.mark.parametrize("end", ["the", "a", "my", "to", "and"])
def test_a_line_does_not_end_with_a_word_that_leans_on_the_next(end: str) -> None:
    text = f"I would like to see how people live near {end} harbour of that old town in winter when it rains"
    words = [CaptionWord(word, at * 0.4, at * 0.4 + 0.38) for at, word in enumerate(text.split())]
    assert not any(line.endswith(f" {end}") for cue in cues(words) for line in cue.lines)


def test_an_empty_list_makes_files_without_cues() -> None:
    assert lrc([]) == ""
    assert "Dialogue" not in ass([])
