"""A script becomes takes and a voiceover; only what changed is made again."""

import os
import random
from pathlib import Path

import numpy as np
import pytest

from audiostudio.jobs import JsonObject, Partial
from audiostudio.operations.export import export
from audiostudio.operations.generate import generate
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import probe, read_sound
from audiostudio.timeline.project import LINE_PAUSE
from tests.subtitles import parse_captions

CHANCE = random.Random(os.environ["AUDIOSTUDIO_TEST_SEED"])
WORDS = ("amber", "breeze", "candle", "dune", "ember", "forest", "garden", "harbour", "island", "jungle", "lantern")


def sentence() -> str:
    return " ".join(CHANCE.choices(WORDS, k=5)).capitalize() + "."


def request(texts: list[str], **settings: object) -> JsonObject:
    lines = [{"line": f"l{i}", "text": text, "voice": "tone", **settings} for i, text in enumerate(texts)]
    return {"project": "p1", "name": "Intro", "lines": lines}


def run(studio: Studio, asked: JsonObject) -> tuple[JsonObject, list[Partial]]:
    events, partials = generate(studio, asked), []
    while True:
        try:
            event = next(events)
        except StopIteration as end:
            return end.value, partials
        if isinstance(event, Partial):
            partials.append(event)


def test_voiceover_is_its_takes_with_exact_pauses(studio: Studio) -> None:
    result, takes = run(studio, request([sentence() for _ in range(3)]))
    asset = studio.library.get(result["asset"])
    sound = read_sound(asset.path)
    pause = round(LINE_PAUSE * 48_000)
    assert sound.sample_rate == 48_000
    assert sound.samples.shape == (1, sum(take.data["samples"] for take in takes) + 2 * pause)
    end = takes[0].data["samples"]
    assert not sound.samples[0, end : end + pause].any()
    for take, line in zip(takes, asset.detail["lines"], strict=True):
        alone = read_sound(studio.library.get(take.data["asset"]).path).samples[0]
        assert np.array_equal(alone, sound.samples[0, line["start"] : line["start"] + line["samples"]])


@pytest.mark.long
def test_one_changed_line_makes_one_take(studio: Studio) -> None:
    texts = [sentence() for _ in range(20)]
    first, before = run(studio, request(texts))
    assert first["made"] == len(set(texts))
    texts[7] = "Something else entirely."
    second, after = run(studio, request(texts))
    assert second["made"] == 1
    changed = [old.data["line"] for old, new in zip(before, after, strict=True) if old.data != new.data]
    assert changed == ["l7"]


def test_the_same_again_makes_nothing(studio: Studio) -> None:
    asked = request([sentence()])
    first, _ = run(studio, asked)
    again, _ = run(studio, asked)
    assert again == first | {"made": 0, "lines": []}


def test_the_library_knows_every_take_of_a_line_and_the_one_that_is_used(studio: Studio) -> None:
    for text in ("First words.", "Other words.", "Other words."):
        run(studio, request([text]))
    takes = studio.library.takes("p1", "l0")
    assert [take.number for take in takes] == [1, 2]
    assert [take.chosen for take in takes] == [False, True]
    assert takes[1].words == studio.library.get(takes[1].asset.id).detail["words"]


def test_the_library_knows_where_the_project_lies(studio: Studio, tmp_path: Path) -> None:
    run(studio, request([sentence()]) | {"folder": str(tmp_path)})
    assert [(one.id, one.name, one.path) for one in studio.library.recent_projects()] == [("p1", "Intro", tmp_path)]


def test_another_speed_is_another_take(studio: Studio) -> None:
    text = sentence()
    slow, _ = run(studio, request([text], speed=0.5))
    fast, _ = run(studio, request([text], speed=2.0))
    lengths = [probe(studio.library.get(result["asset"]).path).duration or 0.0 for result in (slow, fast)]
    assert lengths[0] == pytest.approx(4 * lengths[1], rel=0.1)


def test_a_line_that_only_pauses_is_silence_between_its_neighbours(studio: Studio) -> None:
    plain, _ = run(studio, request(["One.", "Two."]))
    paused, _ = run(studio, request(["One.", "[pause 0.5s]", "", "Two."]))
    lengths = [studio.library.get(result["asset"]).detail["samples"] for result in (plain, paused)]
    assert lengths[1] - lengths[0] == 24_000


def test_nothing_to_say_makes_nothing(studio: Studio) -> None:
    result, takes = run(studio, request(["", "  ", "🙂"]))
    assert result == {"asset": None, "takes": 0, "made": 0, "lines": [], "problems": []}
    assert takes == []


def test_words_say_where_they_sound(studio: Studio) -> None:
    text = sentence()
    _, (take,) = run(studio, request([text]))
    words = take.data["words"]
    assert [text[start:end] for _, start, end, _, _ in words] == [word for word, *_ in words] == text.split()
    assert all(first < last <= take.data["samples"] for *_, first, last in words)


def test_closing_in_the_middle_leaves_whole_takes_and_no_scratch(studio: Studio) -> None:
    events = generate(studio, request([sentence() for _ in range(5)]))
    while not isinstance(next(events), Partial):
        pass
    events.close()
    assert list(studio.library.workshop.iterdir()) == []
    again, _ = run(studio, request([sentence()]))
    assert again["asset"]


@pytest.mark.parametrize("container", ["wav", "flac", "mp3", "m4a", "opus"])
def test_export_has_the_voiceovers_length_and_captions(studio: Studio, tmp_path: Path, container: str) -> None:
    texts = [sentence(), sentence()]
    result, _ = run(studio, request(texts))
    asked = {
        "asset": result["asset"],
        "output": str(tmp_path / f"out.{container}"),
        "format": container,
        "captions": ["srt", "vtt"],
    }
    for _ in (events := export(studio, asked)):
        pass
    assert list(events) == []
    sound = read_sound(tmp_path / f"out.{container}")
    asset = studio.library.get(result["asset"])
    assert sound.samples.shape[1] == asset.detail["samples"]
    cues = parse_captions((tmp_path / "out.srt").read_text(encoding="utf-8"))
    assert " ".join(" ".join(cue.lines) for cue in cues).split() == " ".join(texts).split()
    assert cues[-1].end_seconds <= sound.duration + 0.001
    assert (tmp_path / "out.vtt").read_text(encoding="utf-8").startswith("WEBVTT")
