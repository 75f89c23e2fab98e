"""Prompts: what is found is where it stands, and the rest is said to be not understood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.music.genres import genre, genres, instruments, patterns, variants
from audiostudio.music.plan import Brief
from audiostudio.music.planning import plan
from audiostudio.music.presets import preset, presets
from audiostudio.music.prompt import merged, read
from audiostudio.music.words import eras, moods, vocabulary


@pytest.mark.parametrize(
    ("text", "brief"),
    [
        ("", Brief()),
        ("Upbeat electronic, 120 bpm, A minor", Brief(genre="electronic", mood="upbeat", bpm=120, key="A minor")),
        ("90 seconds of lo-fi hip hop", Brief(genre="lo-fi", seconds=90)),
        ("2:30", Brief(seconds=150)),
        ("two minutes and 30 seconds", Brief(seconds=150)),
        ("a 1.5 minute jingle", Brief(seconds=90)),
        ("half a minute", Brief(seconds=30)),
        ("2 hours", Brief(seconds=7200)),
        ("0.1 s", Brief(seconds=0.1)),
        ("in the key of F#", Brief(key="F# major")),
        ("B flat dorian", Brief(key="Bb dorian")),
        ("C♯m", Brief(key="C# minor")),
        ("in a minor key", Brief(key="minor")),
        ("something in minor", Brief(key="minor")),
        ("a waltz", Brief(metre="3/4")),
        ("7/8", Brief(metre="7/8")),
        ("with piano and strings", Brief(instruments=("piano", "strings"))),
        ("piano, no drums", Brief(instruments=("piano",), without=("drums",))),
        ("without drums, bass and piano", Brief(without=("drums", "bass", "piano"))),
        ("no drums, piano", Brief(instruments=("piano",), without=("drums",))),
        ("no drums or bass. Violins", Brief(instruments=("strings",), without=("drums", "bass"))),
        ("intro, verse, chorus, outro", Brief(structure=("intro", "verse", "chorus", "outro"))),
        ("intro verse 1 then chorus", Brief(structure=("intro", "verse", "chorus"))),
        ("AABA", Brief(structure=("theme", "theme", "bridge", "theme"))),
        ("builds up", Brief(energy=(0.2, 0.4, 0.7, 1))),
        ("80s", Brief(era="80s")),
        ("seed 42", Brief(seed=42)),
        ("with vocals", Brief(vocals=True)),
        ("no vocals", Brief()),
        ("not happy", Brief()),
        ("slow house", Brief(genre="house", bpm=101.1)),
        ("HAPPY AND ENERGETIC ROCK", Brief(genre="rock", mood="happy, energetic")),
    ],
)
def test_a_prompt_is_understood(text: str, brief: Brief) -> None:
    assert read(text).brief == brief


@pytest.mark.parametrize(
    ("text", "counts", "said"),
    [
        ("slow and fast", {"bpm": 72}, "“slow” and “fast” exclude each other"),
        ("140 bpm, 90 bpm", {"bpm": 140}, "140 bpm counts"),
        ("slow, 160 bpm", {"bpm": 160}, "the number counts"),
        ("fast, 0 bpm", {"bpm": 0}, "the number counts"),
        ("with piano, no piano", {"instruments": (), "without": ("piano",)}, "left out"),
        ("no strings but a violin", {"instruments": (), "without": ("strings",)}, "left out"),
        ("happy and sad", {"mood": "happy"}, "“happy” and “sad”"),
        ("rock or jazz", {"genre": "rock"}, "“rock” and “jazz” are 2 genres"),
        ("A minor, C major", {"key": "A minor"}, "A minor counts"),
        ("30 seconds, no, 2 minutes", {"seconds": 30}, "two lengths"),
        ("3/4 and 4/4", {"metre": "3/4"}, "2 metres"),
        ("vocals, no vocals", {"vocals": False}, "nobody sings"),
    ],
)
def test_contradictions_are_said_and_one_counts(text: str, counts: dict[str, object], said: str) -> None:
    found = read(text)
    assert {name: getattr(found.brief, name) for name in counts} == counts
    assert len(found.contradictions) == 1
    assert said in found.contradictions[0]


def test_what_is_not_understood_is_said_where_it_stands() -> None:
    text = "calm frobnicated piano für 20 seconds, πολύ"
    found = read(text)
    assert [word.text for word in found.unknown] == ["frobnicated", "für", "πολύ"]
    assert all(text[word.start : word.end] == word.text for word in found.unknown)


@settings(max_examples=150)
@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "no",
                "piano",
                "120",
                "bpm",
                "A",
                "minor",
                "3/4",
                "2:30",
                "verse",
                "chorus",
                "slow",
                "rock",
                ",",
                "without",
                "only",
                "s",
            ]
        ),
        max_size=40,
    ).map(" ".join)
)
def test_places_are_those_of_the_text(text: str) -> None:
    found = read(text)
    place = 0
    for one in found.findings:
        assert one.start >= place
        assert text[one.start : one.end] == one.text
        place = one.end if one.kind != "structure" else place
    for word in found.unknown:
        assert text[word.start : word.end] == word.text
    assert found == read(text)


def test_a_long_prompt_is_read() -> None:
    words = "happy piano frob 120 bpm intro verse no drums in A minor 2:30 "
    text = (words * 200)[:10_000]
    found = read(text)
    assert found.brief.bpm == 120
    assert len(found.unknown) >= 150


def test_every_word_of_the_vocabulary_is_understood() -> None:
    words = [word for mood in moods().values() for word in mood.words]
    words += [word for era in eras().values() for word in era.words]
    words += [word for genre in genres().values() for word in genre.words]
    words += [word for one in instruments().values() for word in (*one.words, one.name)]
    words += [*vocabulary()["tempo"], *vocabulary()["energy"]]
    for word in words:
        found = read(word)
        assert found.findings, word
        assert not found.unknown, word


def test_kinds_of_a_genre_play_otherwise() -> None:
    assert len(variants()) >= 20
    for name, of in variants().items():
        kind = genre(name)
        assert kind.id == of
        made = plan(Brief(genre=name, seconds=20.0, seed=len(name)))
        assert made.genre == of
        felt = made.bpm / (1.5 if made.metre == "6/8" else 1)
        assert kind.tempo[0] * 0.95 <= felt <= kind.tempo[1] * 1.05
    assert read("a bossa nova").brief.genre == "bossa-nova"
    assert {part.style for part in plan(Brief(genre="bossa-nova")).parts} >= {"bossa"}


def test_every_style_is_known() -> None:
    for one in [*genres().values(), *map(genre, variants())]:
        for part in one.parts:
            table = {"drums": "drums", "percussion": "drums", "bass": "bass"}.get(part.role, "comping")
            assert set(part.styles) <= set(patterns()[table]), one.id
            assert set(part.instruments) <= set(instruments()), one.id


def test_what_is_chosen_by_hand_wins() -> None:
    said = read("rock, 120 bpm, piano, 30 seconds").brief
    both = merged(said, Brief(bpm=90, without=("piano",)))
    assert (both.genre, both.bpm, both.instruments, both.seconds) == ("rock", 90, (), 30)


@pytest.mark.parametrize("seconds", [0.1, 0.0, -5, 7200, 1200.1])
def test_a_length_that_cannot_be_composed_is_refused(seconds: float) -> None:
    with pytest.raises(RequestError) as caught:
        plan(Brief(seconds=seconds))
    assert "1200" in caught.value.hint or "20 minutes" in caught.value.hint


@pytest.mark.parametrize(
    "brief",
    [
        Brief(structure=("verse",) * 200),
        Brief(genre="polka-core"),
        Brief(bpm=10),
        Brief(key="H major"),
        Brief(metre="4/5"),
        Brief(instruments=("kazoo",)),
    ],
)
def test_what_is_not_known_is_refused(brief: Brief) -> None:
    with pytest.raises(RequestError) as caught:
        plan(brief)
    assert caught.value.hint


def test_presets_say_what_is_understood() -> None:
    assert len(presets()) >= 20
    assert {one.title for one in presets().values()} >= {
        "Upbeat Electronic",
        "Calm Ambient",
        "Energetic Rock",
        "Corporate Background",
    }
    for one in presets().values():
        found = read(one.prompt)
        assert not found.unknown, one.id
        assert not found.contradictions, one.id
        made = plan(one.brief(30.0))
        assert found.brief.genre
        assert made.genre == genre(found.brief.genre).id
        assert len(one.palette) >= 3
    with pytest.raises(RequestError):
        preset("nothing")


def test_no_guitar_means_every_guitar() -> None:
    assert read("rock without guitars").brief.without == ("guitar",)
    assert read("no synth, piano").brief.without == ("synth",)
    assert read("no ukulele").brief.without == ("ukulele",)


@pytest.mark.parametrize(
    ("text", "genre"), [("acoustic folk", "folk"), ("electronic pop, slow", "pop"), ("calm jazz-funk", "funk")]
)
def test_of_genres_that_stand_together_the_last_is_meant(text: str, genre: str) -> None:
    found = read(text)
    assert found.brief.genre == genre
    assert not found.contradictions
    assert sum(one.kind == "genre" for one in found.findings) == 1


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("waltz in G", "G major"),
        ("rock in Eb, loud", "Eb major"),
        ("in C at 90 bpm", "C major"),
        ("in A moody way", None),
    ],
)
def test_a_key_without_its_mode_is_major(text: str, key: str | None) -> None:
    assert read(text).brief.key == key
