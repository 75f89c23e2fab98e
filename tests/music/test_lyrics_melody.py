"""A melody to lyrics: nothing is left out, everybody can sing it, and it has the shape of a song."""

import os
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from audiostudio.errors import RequestError
from audiostudio.music.composing import skeleton
from audiostudio.music.lyrics import Lyrics, parse
from audiostudio.music.plan import Brief, Plan
from audiostudio.music.ranges import FEMALE, MALE, Range, checked, of_gender, of_speech
from audiostudio.music.score import Section
from audiostudio.music.song import SungNote, VocalPart
from audiostudio.music.syllables import Prosody
from audiostudio.music.theory import TICKS, Metre
from audiostudio.music.vocal_form import units
from audiostudio.music.vocal_rhythm import STRONG, weight
from audiostudio.music.vocals import fitted, merged, song_plan, write_melody

TRIO = """[Verse 1]
A: Twinkle, twinkle, little star
How I wonder what you are
B: Up above the world so high
Like a diamond in the sky
[Chorus]
A+B: Every morning I remember (remember)
All the fires of September
Hold me now and never let me go
All: Hold me now and never let me go
[Verse 2]
A: When the blazing sun is gone
When he nothing shines upon
B: Then you show your little light
A&B: Twinkle, twinkle, all the night
[Chorus]
[Bridge]
C: And if the night should fall on me
(ooh, the night)
I would cross the widest, the most extraordinary and unimaginable sea (over the sea)
[Chorus]
"""
RANGES = {"A": FEMALE, "B": MALE, "C": Range(55, 67)}
SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])


@dataclass(frozen=True)
class Song:
    lyrics: Lyrics
    plan: Plan
    sections: tuple[Section, ...]
    parts: tuple[VocalPart, ...]
    prosody: Prosody

    @cached_property
    def metre(self) -> Metre:
        return Metre.parse(self.plan.metre)

    @cached_property
    def lead(self) -> list[SungNote]:
        return sorted(note for part in self.parts if part.role == "lead" for note in part.notes)

    def seconds(self, ticks: int) -> float:
        return ticks * 60 / (self.plan.bpm * TICKS)


@pytest.fixture(scope="module")
def prosody(models_dir: Path) -> Prosody:
    return Prosody.open("en-us", models_dir / "cmudict" / "cmudict.js")


def song(prosody: Prosody, seed: int, text: str = TRIO) -> Song:
    rng = Random(seed)
    brief = Brief(
        seed=seed,
        metre=rng.choice([None, "4/4", "3/4", "6/8"]),
        bpm=rng.choice([None, 45, 60, 90, 120, 150, 180, 220]),
    )
    lyrics = parse(text)
    plan = song_plan(lyrics, brief, prosody)
    sections = skeleton(plan)
    return Song(lyrics, plan, sections, write_melody(lyrics, plan, sections, prosody, RANGES), prosody)


def check(made: Song) -> None:
    check_words(made)
    check_voices(made)
    check_breath_and_stress(made)
    check_choruses(made)


def check_words(made: Song) -> None:
    """Every syllable of every line is sung once by each of its singers."""
    for number, line in enumerate(made.lyrics.lines):
        wanted = [(unit.word, unit.syllable) for unit in units(line, made.prosody) if not unit.backing]
        for place, slot in enumerate(line.slots):
            roles = ("lead",) if place == 0 else ("lead", "harmony")
            assert sung(made, number, slot, roles) == (wanted if line.slots else [])
        echo = [(unit.word, unit.syllable) for unit in units(line, made.prosody) if unit.backing]
        assert sung(made, number, None, ("backing",)) == echo


def sung(made: Song, line: int, slot: str | None, roles: tuple[str, ...]) -> list[tuple[int, int]]:
    """Syllables in the order in which they are sung; one on several pitches once."""
    notes = [
        note
        for part in made.parts
        if part.role in roles and slot in (None, part.slot)
        for note in part.notes
        if note.line == line
    ]
    return list(dict.fromkeys((note.word, note.syllable) for note in sorted(notes)))


def check_voices(made: Song) -> None:
    """One note at a time, within the range, not too short, and inside the piece."""
    end = sum(section.bars for section in made.sections) * made.metre.bar
    for part in made.parts:
        for before, after in pairwise(part.notes):
            assert before.start + before.length <= after.start
        for note in part.notes:
            assert RANGES[part.slot].low <= note.pitch <= RANGES[part.slot].high
            assert made.seconds(note.length) >= 0.119
            assert 0 <= note.start < note.start + note.length <= end
            assert note.text
            assert 1 <= note.velocity <= 127


def check_breath_and_stress(made: Song) -> None:
    for before, after in pairwise(made.lead):
        if before.line != after.line:
            assert after.start - before.start - before.length >= TICKS
    strong = []
    for note in made.lead:
        word = made.lyrics.lines[note.line].words[note.word].text
        if made.prosody.syllables(word)[note.syllable].stress == 1:
            strong.append(weight(note.start, made.metre) >= STRONG)
    assert sum(strong) >= 0.7 * len(strong)
    leaps = [abs(a.pitch - b.pitch) for a, b in pairwise(made.lead) if a.line == b.line]
    assert sum(leap <= 4 for leap in leaps) >= 0.75 * len(leaps)
    last = {note.line: note.length for note in made.lead}
    assert sum(last.values()) / len(last) > 1.15 * sum(note.length for note in made.lead) / len(made.lead)


def check_choruses(made: Song) -> None:
    """The same rhythm and words each time; the same melody wherever the chords are the same."""
    heard = []
    places = [section for section in made.sections if section.kind == "chorus"]
    for section, place in zip([one for one in made.lyrics.sections if one.kind == "chorus"], places, strict=True):
        notes = [note for note in made.lead if section.first <= note.line < section.last]
        heard.append(
            [(note.start - place.bar * made.metre.bar, note.text, note.pitch - place.key.tonic) for note in notes]
        )
    for again in heard[1:]:
        assert [one[:2] for one in again] == [one[:2] for one in heard[0]]
        same = [one[2] % 12 == other[2] % 12 for one, other in zip(again, heard[0], strict=True)]
        assert sum(same) >= 0.8 * len(same)


@pytest.mark.parametrize("number", range(6))
def test_a_trio_is_sung_whole_in_any_style(prosody: Prosody, number: int) -> None:
    check(song(prosody, SEED * 6 + number))


@pytest.mark.long
def test_fifty_trios(prosody: Prosody) -> None:
    for seed in range(50):
        check(song(prosody, seed))


def test_the_same_seed_is_the_same_melody_and_another_is_another(prosody: Prosody) -> None:
    made = song(prosody, 1)
    again = write_melody(made.lyrics, made.plan, made.sections, prosody, RANGES)
    other = write_melody(made.lyrics, made.plan, made.sections, prosody, RANGES, seed=made.plan.seed + 1)
    assert made.parts == again
    assert [(n.start, n.pitch) for n in made.lead] != [(n.start, n.pitch) for part in other for n in part.notes]


def test_verses_share_a_melody(prosody: Prosody) -> None:
    """Where both have a note, it is mostly the same one."""
    text = (
        "[Verse 1]\nthe sun is in the open door\nthe wind is on the sea\n"
        "[Verse 2]\na bird is in the apple tree\nthe rain is on its way"
    )
    made = song(prosody, 3, text)
    verses = [section for section in made.sections if section.kind == "verse"]
    maps = [
        {
            note.start - verse.bar * made.metre.bar: note.pitch
            for note in made.lead
            if made.lyrics.lines[note.line].section == place
        }
        for place, verse in enumerate(verses)
    ]
    shared = maps[0].keys() & maps[1].keys()
    assert len(shared) >= 0.6 * len(maps[0])
    assert sum(maps[0][at] == maps[1][at] for at in shared) >= 0.6 * len(shared)


def test_harmonies_follow_the_chords_and_do_not_cross(prosody: Prosody) -> None:
    chords = Counter[bool]()
    sides = Counter[bool]()
    for seed in range(4):
        made = song(prosody, seed, "A+B: " + "hold me in the morning light\nnever let me go tonight\n" * 2)
        lead, harmony = (
            [note for part in made.parts if part.role == role for note in part.notes] for role in ("lead", "harmony")
        )
        assert [note.start for note in lead] == [note.start for note in harmony]
        assert not {high.pitch == low.pitch for high, low in zip(lead, harmony, strict=True)} & {True}
        sides.update(high.pitch > low.pitch for high, low in zip(lead, harmony, strict=True))
        for note in harmony:
            if weight(note.start, made.metre) >= STRONG and note.length >= TICKS:
                at = next(
                    one
                    for s in made.sections
                    for one in s.chords
                    if one.start <= max(note.start, 0) < one.start + one.length
                )
                chords[note.pitch % 12 in at.chord.classes] += 1
    assert chords[True] >= 3 * chords[False]
    assert sides[True] >= 9 * sides[False]


def test_unison_is_the_lead_in_another_octave(prosody: Prosody) -> None:
    made = song(prosody, 2, "A&B: hold me in the morning light\nnever let me go")
    first, second = (next(part for part in made.parts if part.slot == slot) for slot in "AB")
    assert [(n.start, n.length, n.pitch % 12) for n in first.notes] == [
        (n.start, n.length, n.pitch % 12) for n in second.notes
    ]


def test_backing_voices_join_later_choruses_unless_told_not_to(prosody: Prosody) -> None:
    text = "[Chorus]\nlet it shine on me\n[Verse]\nnever let it go\n[Chorus]\n"
    made = song(prosody, 5, text)
    assert {note.line for part in made.parts if part.role == "harmony" for note in part.notes} == {2}
    alone = write_melody(made.lyrics, made.plan, made.sections, prosody, RANGES, backing=False)
    assert [part.role for part in alone] == ["lead"]


def test_the_form_follows_the_lyrics(prosody: Prosody) -> None:
    made = song(prosody, 7, "[Intro]\n[Verse 1]\nla la la la\n[Guitar solo]\n[Final chorus]\nla la la la\n")
    assert [section.kind for section in made.sections] == ["intro", "verse", "solo", "chorus", "outro"]
    assert [section.name for section in made.plan.sections][1:4] == ["Verse 1", "Guitar solo", "Final chorus"]
    assert made.plan.vocals


@pytest.mark.parametrize("seconds", [20, 45, 90, 200])
def test_a_length_is_kept_as_far_as_the_words_allow(prosody: Prosody, seconds: float) -> None:
    lyrics = parse(
        "[Verse]\nthe sun is in the open door\nthe wind is on the sea\n[Chorus]\nlet it shine\nlet it shine on me"
    )
    plan = song_plan(lyrics, Brief(seed=4, genre="pop", seconds=seconds), prosody)
    shortest = song_plan(lyrics, Brief(seed=4, genre="pop"), prosody).seconds
    assert plan.seconds == pytest.approx(seconds, abs=0.01) or (seconds < shortest and plan.seconds > seconds)
    assert write_melody(lyrics, plan, skeleton(plan), prosody, RANGES)


def test_a_plan_that_is_too_short_is_said_and_grows(prosody: Prosody) -> None:
    made = song(prosody, 1, "[Verse 1]\nthe sun is in the open door\n[Chorus]\nlet it shine on me")
    longer = parse(
        "[Verse 1]\n" + "the sun is in the open door\n" * 8 + "[Chorus]\nlet it shine on me\n[Bridge]\nnow it is gone"
    )
    with pytest.raises(RequestError, match="line 2"):
        write_melody(longer, made.plan, made.sections, prosody, RANGES)
    plan = fitted(made.plan, longer, prosody)
    assert "bridge" in [section.kind for section in plan.sections]
    parts = write_melody(longer, plan, skeleton(plan), prosody, RANGES)
    assert {note.line for part in parts for note in part.notes} == set(range(10))
    assert fitted(plan, longer, prosody) == plan


def test_one_line_is_composed_again_and_all_others_stay(prosody: Prosody) -> None:
    made = song(prosody, 1)
    new = write_melody(made.lyrics, made.plan, made.sections, prosody, RANGES, seed=99)
    mixed = merged(made.parts, new, frozenset({1}))
    for part, old, fresh in zip(mixed, made.parts, new, strict=True):
        assert [n for n in part.notes if n.line != 1] == [n for n in old.notes if n.line != 1]
        assert [n for n in part.notes if n.line == 1] == [n for n in fresh.notes if n.line == 1]


def test_other_languages_and_odd_words_are_sung(prosody: Prosody) -> None:
    for language, text in (
        ("ja", "きらきら ひかる 空の星"),
        ("es", "¿Dónde está el corazón?"),
        ("cmn", "一闪一闪亮晶晶"),
        ("ar", "سماء زرقاء"),
    ):
        made = song(Prosody(language), 1, text)
        check_words(made)
        check_voices(made)
    check_words(song(prosody, 1, "In 1999 & after: 3.14 – #1!"))


def test_a_word_without_end_is_said(prosody: Prosody) -> None:
    with pytest.raises(RequestError, match="one breath"):
        song(prosody, 1, "la" * 2000)


def test_sections_without_words_take_none_of_the_others(prosody: Prosody) -> None:
    """An empty verse is nothing, an empty solo is music; the one with words gets its own bars."""
    text = (
        "[Verse]\n[Intro]\n[Solo]\n[Verse 2]\nthe sun is in the open door\n[Intro]\nsing it\n[Solo]\n"
        + "la la la la\n" * 9
    )
    made = song(prosody, 1, text)
    check_words(made)
    kinds = [section.kind for section in made.sections]
    assert kinds == ["intro", "solo", "verse", "intro", "solo", "outro"]


WORDS = [
    "love",
    "forever",
    "(oh)",
    "(ooh la la)",
    "unbelievable",
    "x",
    "—",
    "123",
    "hmm",
    "(a",
    "b)",
    "…",
    "the",
    "naïve",
    "空",
    "🎵",
]
HEADINGS = [
    "[Verse]",
    "[Chorus]",
    "[Bridge]",
    "[Intro]",
    "[Outro]",
    "[Solo]",
    "Chorus:",
    "[Pre-Chorus: B]",
    "",
    "[Verse: A&B]",
]
MARKS = ["", "", "", "A: ", "B: ", "A+B: ", "A&C: ", "All: ", "C:"]
METRES = [None, "3/4", "6/8", "5/4", "7/8", "2/4", "12/8", "2/2", "4/4"]


@pytest.mark.parametrize("number", range(10))
def test_whatever_is_typed_is_sung_whole(prosody: Prosody, number: int) -> None:
    rng = Random(SEED * 10 + number)
    rows = [
        rng.choice(HEADINGS)
        if rng.random() < 0.25
        else rng.choice(MARKS) + " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, rng.choice([3, 8, 20]))))
        for _ in range(rng.randint(1, 14))
    ]
    lyrics = parse("\n".join([*rows, "love"]))
    brief = Brief(
        seed=number, metre=rng.choice(METRES), bpm=rng.choice([None, 40, 220]), seconds=rng.choice([None, 30, 120])
    )
    plan = song_plan(lyrics, brief, prosody)
    sections = skeleton(plan)
    made = Song(lyrics, plan, sections, write_melody(lyrics, plan, sections, prosody, RANGES), prosody)
    check_words(made)
    check_voices(made)


def test_words_for_more_than_twenty_minutes_are_said(prosody: Prosody) -> None:
    with pytest.raises(RequestError, match="20 at most"):
        song_plan(parse("the sun is in the open door and in the sea\n" * 300), Brief(bpm=60, genre="pop"), prosody)


def test_ranges_of_voices() -> None:
    assert of_speech(200).low < 60 < of_speech(200).high
    assert of_speech(110).high < of_gender("female").high
    assert of_gender("male") == MALE
    assert Range(48, 60).nearest(71) == 59
    for wrong in (0, 1000):
        with pytest.raises(RequestError):
            of_speech(wrong)
    with pytest.raises(RequestError):
        checked(Range(60, 64))
