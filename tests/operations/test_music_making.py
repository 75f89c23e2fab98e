"""Music into the library: what is asked, what comes of it, and what cannot be."""

from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np
import pytest

from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.jobs import JsonObject, Partial
from audiostudio.library import AssetKind, AssetSource
from audiostudio.music.composing import compose
from audiostudio.music.midi import read as read_midi
from audiostudio.music.plan import Brief, Plan
from audiostudio.music.planning import plan
from audiostudio.music.score import Score
from audiostudio.operations.music.asking import asked, variant
from audiostudio.operations.music.landing import STEM
from audiostudio.operations.music.make import audition, make
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.sound.files import read_sound
from audiostudio.sound.loudness import loudness
from audiostudio.timeline.schema import decode, encode

CHIP = {"engine": "composer", "prompt": "chiptune", "seconds": 3.0, "seed": 5}


@pytest.fixture
def studio(speaking_profile: Profile) -> Iterator[Studio]:
    made = Studio(speaking_profile)
    yield made
    made.close()


def run(
    body: Callable[[Studio, JsonObject], Generator[Any, None, JsonObject]], studio: Studio, request: JsonObject
) -> tuple[JsonObject, list[Partial]]:
    """The result, and what was told on the way."""
    told: list[Partial] = []
    work = body(studio, request)
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            return end.value, told
        if isinstance(event, Partial):
            told.append(event)


def test_a_prompt_becomes_a_piece_that_can_be_made_again(studio: Studio) -> None:
    result, told = run(
        make, studio, CHIP | {"prompt": "upbeat chiptune in A minor, 150 bpm", "stems": True, "midi": True}
    )
    (piece,) = result["pieces"]
    assert [one.data for one in told if one.kind == "piece"] == [piece]
    asset = studio.library.get(piece["asset"])
    assert (asset.kind, asset.source) == (AssetKind.MUSIC, AssetSource.COMPOSED)
    assert asset.name == "Upbeat Chiptune in A minor"
    assert asset.rights.commercial
    assert "MuseScore_General" in asset.rights.credit
    assert (asset.duration, asset.sample_rate, asset.channels) == (3.0, 48_000, 2)
    assert abs(loudness(read_sound(asset.path)).integrated + 14) < 0.5
    assert {name: asset.detail[name] for name in ("genre", "mood", "key", "metre", "seconds", "seed")} == {
        "genre": "chiptune", "mood": "upbeat", "key": "A minor", "metre": "4/4", "seconds": 3.0, "seed": 5,
    }  # fmt: skip
    assert asset.detail["cover"]["title"] == asset.name
    assert asset.detail["sections"][-1]["end"] == 3.0
    beats = np.diff(asset.detail["beats"])
    assert np.allclose(beats[:3], 60 / asset.detail["bpm"], atol=1e-3)
    assert asset.recipe is not None
    assert compose(decode(Plan, asset.recipe["plan"])) == Score.from_json(asset.recipe["score"])
    assert asset.recipe["operation"] == "music"
    stems = [studio.library.get(one["asset"]) for one in piece["stems"]]
    assert all(one.made_of == (asset.id,) and one.tags == (STEM,) for one in stems)
    parts = asset.recipe["score"]["parts"]
    assert {one["name"] for one in piece["stems"]} == {one["name"] for one in parts if one["notes"]}
    midi = studio.library.get(piece["midi"])
    assert midi.path.suffix == ".mid"
    assert len(read_midi(midi.path).tracks) >= len(stems)
    assert asset.detail["stems"] == piece["stems"]
    assert asset.detail["midi"] == midi.id
    found = studio.credentials.read(asset.path)
    assert (found.state, found.actions[0]["kind"]) == ("valid", "algorithmicMedia")


def test_what_was_chosen_wins_over_the_prompt(studio: Studio) -> None:
    chosen = encode(Brief(key="D dorian", bpm=132.0))
    result, _ = run(make, studio, CHIP | {"prompt": "chiptune in C major", "brief": chosen, "name": "Quest"})
    (piece,) = result["pieces"]
    assert piece["plan"]["key"] == "D dorian"
    assert abs(piece["plan"]["bpm"] - 132) < 8  # the tempo bends a little to fill the seconds
    assert piece["name"] == "Quest"


def test_variants_are_other_pieces(studio: Studio) -> None:
    result, told = run(make, studio, CHIP | {"seconds": 2.0, "count": 2})
    one, two = result["pieces"]
    assert (one["seed"], two["seed"]) == (5, 6)
    assert len([event for event in told if event.kind == "piece"]) == 2
    assert not np.array_equal(*(read_sound(studio.library.get(p["asset"]).path).samples for p in (one, two)))


def test_an_edited_plan_is_followed(studio: Studio) -> None:
    from dataclasses import replace

    wanted = plan(Brief(genre="chiptune", seconds=2.0, seed=1))
    muted = replace(wanted, parts=(replace(wanted.parts[0], muted=True), *wanted.parts[1:]))
    result, _ = run(make, studio, {"engine": "composer", "plan": encode(muted), "seed": 1})
    (piece,) = result["pieces"]
    assert decode(Plan, piece["plan"]) == muted


def test_variants_of_a_plan_keep_what_it_decides(studio: Studio) -> None:
    wanted = plan(Brief(genre="chiptune", key="F# minor", seconds=30.0, seed=1))
    request = {"engine": "composer", "plan": encode(wanted), "seed": 1, "count": 2}
    first = asked(studio, studio.engines.manifest("composer"), request)
    one, two = first.request.plan, variant(first, 1).request.plan
    assert one is not None
    assert two is not None
    assert (one, two.key, two.parts) == (wanted, wanted.key, wanted.parts)
    assert compose(one) != compose(two)


def test_what_was_not_understood_is_told(studio: Studio) -> None:
    _, told = run(make, studio, CHIP | {"prompt": "chiptune with zorpophone, 90 bpm 140 bpm", "seconds": 2.0})
    notes = " ".join(one.data["message"] for one in told if one.kind == "note")
    assert "zorpophone" in notes
    assert "140" in notes


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"prompt": "  "}, "Nothing says"),
        ({"prompt": "calm " * 2_000}, "9,999 characters"),
        ({"seconds": 0.1}, r"0\.1 seconds"),
        ({"seconds": 7_200}, "2 hours"),
        ({"count": 0, "seconds": 2}, None),
        ({"count": 5_000}, "5000 pieces"),
        ({"seed": 10**30}, "seed is too large"),
        ({"plan": encode(plan(Brief(genre="pop", seconds=3.0, seed=1))) | {"bpm": 1e-9}}, "no tempo"),
        (
            {"plan": encode(plan(Brief(genre="pop", seconds=3.0, seed=1))) | {"parts": [], "sections": []}},
            "no sections",
        ),
        ({"brief": {"schema": "Brief.1", "bpm": "fast"}}, "brief cannot be read"),
        ({"brief": encode(Brief(genre="polka-core"))}, "polka-core"),
        ({"brief": encode(Brief(bpm=4_000.0))}, "4000 bpm"),
        ({"brief": encode(Brief(key="H minor"))}, "H minor"),
    ],
)
def test_what_cannot_be_made_is_a_sentence_with_a_way_out(
    studio: Studio, change: JsonObject, sentence: str | None
) -> None:
    if sentence is None:  # none asked for: one
        assert len(run(make, studio, CHIP | change)[0]["pieces"]) == 1
        return
    with pytest.raises(RequestError, match=sentence) as told:
        run(make, studio, CHIP | change)
    assert told.value.hint
    assert studio.library.counts() == {}


def test_what_speaks_makes_no_music(studio: Studio) -> None:
    with pytest.raises(UnsupportedSetting, match="makes no music") as told:
        run(make, studio, CHIP | {"engine": "tone"})
    assert "Composer" in told.value.hint


def test_a_preview_is_kept(studio: Studio) -> None:
    request = {"preset": "eight-bit-quest", "seconds": 3.0}
    first, _ = run(audition, studio, request)
    again, _ = run(audition, studio, request)
    assert first == again
    assert first["seconds"] == 3.0
    kept = list((studio.profile.cache / "auditions").iterdir())
    assert [str(path) for path in kept] == [first["path"]]
    assert studio.library.counts() == {}


def test_an_unknown_preset_is_told(studio: Studio) -> None:
    with pytest.raises(RequestError):
        run(audition, studio, {"preset": "no-such-preset"})
