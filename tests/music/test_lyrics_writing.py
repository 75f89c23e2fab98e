"""The offline writer: true rhymes, verses of the same measure, a hook that returns, the prompt's own words."""

import os
from collections import Counter
from pathlib import Path

import pytest

from audiostudio.errors import RequestError
from audiostudio.music.lyrics import Lyrics, parse, require_singable
from audiostudio.music.rhymes import RhymeKind, Rhymes, last_word, open_rhymes
from audiostudio.music.syllables import Prosody
from audiostudio.music.tidying import tidied
from audiostudio.music.verses import themes
from audiostudio.music.writing import write

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])
PROMPTS = (
    "a sad song about my dog Rex and the beach",
    "upbeat summer pop",
    "",
    "angry rock about the boss and the factory",
    "calm winter ballad with piano",
    "a love song for Maria, 90 bpm",
    "Lied über das Meer 海の歌",
    "the the the of of and " * 50,
)


@pytest.fixture(scope="module")
def rhymes(models_dir: Path) -> Rhymes:
    return open_rhymes(models_dir / "cmudict" / "cmudict.js")


def check(rhymes: Rhymes, prompt: str, seed: int) -> None:
    made = write(prompt, rhymes, seed=seed)
    lyrics = parse(made.lyrics)
    require_singable(lyrics)
    assert [section.kind for section in lyrics.sections] == ["verse", "chorus", "verse", "chorus", "bridge", "chorus"]
    verses, choruses, bridges = (
        [[line.text for line in lyrics.of(section)] for section in lyrics.sections if section.kind == kind]
        for kind in ("verse", "chorus", "bridge")
    )
    assert choruses[0] == choruses[1] == choruses[2]
    hook = choruses[0][0]
    assert choruses[0].count(hook) == 2
    assert made.title.lower() == hook.lower()
    count = Prosody("en-us", rhymes.words).count
    first, second = ([count(tuple(line.split())) for line in verse] for verse in verses)
    assert first == second
    written = [line for block in (*verses, *bridges, [one for one in choruses[0] if one != hook]) for line in block]
    assert not [line for line, times in Counter(written).items() if times > 1]
    for block in (*verses, *bridges):
        assert rhyming(rhymes, block) >= len(block) // 4
    assert rhyming(rhymes, bridges[0]) == 2
    assert "{" not in made.lyrics
    assert made.notes


def rhyming(rhymes: Rhymes, lines: list[str]) -> int:
    """Pairs of lines that rhyme perfectly."""
    ends = [last_word(line) for line in lines]
    return sum(
        rhymes.kind(one, other) is RhymeKind.PERFECT for place, one in enumerate(ends) for other in ends[place + 1 :]
    )


@pytest.mark.parametrize("prompt", PROMPTS)
def test_any_prompt_gets_a_song(rhymes: Rhymes, prompt: str) -> None:
    check(rhymes, prompt, SEED)


@pytest.mark.long
def test_many_songs(rhymes: Rhymes) -> None:
    for seed in range(26):
        check(rhymes, f"{list(themes())[seed % len(themes())]} and the old bridge", seed)


def test_the_seed_decides(rhymes: Rhymes) -> None:
    assert write("the sea", rhymes, seed=1) == write("the sea", rhymes, seed=1)
    assert write("the sea", rhymes, seed=1).lyrics != write("the sea", rhymes, seed=2).lyrics


def test_the_prompt_is_what_it_is_about(rhymes: Rhymes) -> None:
    for seed in range(4):
        made = write("a song about the lighthouse and my friend Anna", rhymes, seed=seed)
        assert "lighthouse" in made.lyrics.lower() or "Anna" in made.lyrics
    assert "“winter”" in write("snow in december", rhymes).notes[0]


def test_a_structure_is_followed(rhymes: Rhymes) -> None:
    kinds = ["intro", "verse:8", "pre-chorus", "chorus", "solo", "verse", "verse", "pre-chorus", "chorus", "outro"]
    lyrics = parse(write("a road", rhymes, kinds, seed=SEED).lyrics)
    assert [one.kind for one in lyrics.sections] == [kind.partition(":")[0] for kind in kinds]
    assert [lines(lyrics, place) for place in (0, 1, 2, 4, 9)] == [0, 4, 2, 0, 2]


def lines(lyrics: Lyrics, section: int) -> int:
    return len(lyrics.of(lyrics.sections[section]))


def test_what_it_cannot_do_is_said(rhymes: Rhymes) -> None:
    with pytest.raises(RequestError, match="English only"):
        write("das Meer", rhymes, language="de")
    with pytest.raises(RequestError, match="10,000 characters"):
        write("x" * 10_000, rhymes)
    with pytest.raises(RequestError, match="sections"):
        write("x", rhymes, ["verse"] * 100)


@pytest.mark.parametrize(
    ("answer", "lyrics"),
    [
        (
            "one line\nanother\n\nla la\n\nthird\n\nla la",
            "[Verse 1]\none line\nanother\n\n[Chorus]\nla la\n\n[Verse 2]\nthird\n\n[Chorus]\nla la\n",
        ),
        ("(Verse 1)\r\n- la\r\n> lo\r\n\r\nChorus (x2):\r\nli", "[Verse 1]\nla\nlo\n\n[Chorus]\nli\n"),
        ("Here's a song:\n```\n[Verse]\nA: we sing\n```\nFeel free to ask!", "[Verse]\nA: we sing\n"),
        ("<think>endless", ""),
        ("", ""),
        ("***", ""),
    ],
)
def test_what_models_answer_is_brought_into_our_form(answer: str, lyrics: str) -> None:
    assert tidied(answer)[0] == lyrics
