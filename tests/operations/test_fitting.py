"""Dubbing with a voice that follows imposed lengths: subtitles become files, measured after decoding."""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostudio.jobs import JsonObject
from audiostudio.operations.batch import batch, rows_of
from audiostudio.operations.fitting import Fit, fitted, hastened
from audiostudio.operations.script_file import read_script
from audiostudio.operations.speech import Delivery, chunks, seconds_of
from audiostudio.operations.studio import Studio
from audiostudio.performance import PLAIN, Voicing
from audiostudio.profile import Profile
from audiostudio.sound.files import read_sound
from audiostudio.timeline.project import WordPerformance
from tests.engines.contract_performance import SENTENCES

RATE = 48_000
FRAME = 0.025
VOICE = "hibari_heart"

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def speaking_studio(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Studio]:
    profile = Profile(tmp_path_factory.mktemp("fitting") / "profile")
    profile.root.mkdir()
    profile.models.symlink_to(models_dir, target_is_directory=True)
    studio = Studio(profile)
    yield studio
    studio.close()


@pytest.fixture
def rng() -> random.Random:
    return random.Random(int(os.environ["AUDIOSTUDIO_TEST_SEED"]))


def voiced_sentence(rng: random.Random) -> str:
    """One that nobody chose."""
    return " ".join(rng.choice(part) for part in SENTENCES["en-us"])


def clock(seconds: float) -> str:
    return f"00:00:{int(seconds):02d},{round(seconds % 1 * 1000):03d}"


def dubbed(studio: Studio, folder: Path, *lines: tuple[str, float]) -> list[JsonObject]:
    """Subtitles of texts and how long each is shown, made into files; what the report says of each."""
    subtitles = [
        f"{number}\n{clock(9 * number)} --> {clock(9 * number + seconds)}\n{text}\n"
        for number, (text, seconds) in enumerate(lines)
    ]
    path = folder / "film.srt"
    path.write_text("\n".join(subtitles), encoding="utf-8")
    rows = [row.to_json() for row in rows_of(studio, read_script(studio, path, VOICE))]
    events = batch(studio, {"rows": rows, "folder": str(folder / "dub"), "format": None, "captions": []})
    while True:
        try:
            next(events)
        except StopIteration as end:
            told: list[JsonObject] = end.value["lines"]
            return told


def sound(folder: Path, line: JsonObject) -> np.ndarray:
    return read_sound(folder / "dub" / line["file"]).samples[0]


def natural(studio: Studio, text: str) -> float:
    return seconds_of(chunks(studio, Delivery(text, VOICE)))


def silences(samples: np.ndarray) -> list[float]:
    """Seconds of the stretches that are 50 dB below the loudest, the longest first."""
    quiet = np.abs(samples[: len(samples) // 48 * 48]).reshape(-1, 48).max(axis=1) < np.abs(samples).max() * 10 ** (
        -50 / 20
    )
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(int)))
    return sorted((edges[1::2] - edges[::2]) / 1000, reverse=True)


def test_subtitles_last_as_long_as_they_are_shown_to_a_frame(
    speaking_studio: Studio, tmp_path: Path, rng: random.Random
) -> None:
    texts = [voiced_sentence(rng) for _ in range(3)]
    own = [natural(speaking_studio, text) for text in texts]
    slots = [round(own[0] + 1.0, 3), round(own[1] / rng.uniform(1.1, 1.6), 3), round(own[2] / 3, 3)]
    easy, tight, hopeless = dubbed(speaking_studio, tmp_path, *zip(texts, slots, strict=True))
    lengths = [len(sound(tmp_path, line)) / RATE for line in (easy, tight, hopeless)]
    assert lengths[0] == pytest.approx(own[0], abs=1 / RATE)
    assert 0 <= slots[1] - lengths[1] < FRAME + 1e-4
    assert (easy["factor"], easy["over"], tight["over"], tight["problems"]) == (1.0, 0, 0, [])
    assert 1 <= tight["factor"] < 1.9
    assert hopeless["factor"] > 2
    assert hopeless["over"] == pytest.approx(lengths[2] - slots[2], abs=1e-3)
    assert f"{hopeless['factor']:.2f} times as fast" in hopeless["problems"][0]


def test_a_pause_that_was_asked_for_keeps_its_length(
    speaking_studio: Studio, tmp_path: Path, rng: random.Random
) -> None:
    pause = round(rng.uniform(0.6, 0.9), 3)
    text = f"{voiced_sentence(rng)} [pause {pause}s] {voiced_sentence(rng)}"
    slot = round(natural(speaking_studio, text) - 0.6, 3)
    (line,) = dubbed(speaking_studio, tmp_path, (text, slot))
    made = sound(tmp_path, line)
    assert 0 <= slot - len(made) / RATE < FRAME + 1e-4
    assert silences(made)[0] >= pause - FRAME


def test_what_was_drawn_stays_and_only_lengths_change(speaking_studio: Studio, rng: random.Random) -> None:
    text = voiced_sentence(rng)
    drawn = WordPerformance(1, text.split()[1], Voicing(energy=-3.0, pitch=2.0, seconds=0.9))
    delivery = Delivery(text, VOICE, performance=(drawn,))
    slot = seconds_of(chunks(speaking_studio, delivery)) - 0.4
    made, fit = finish(speaking_studio, delivery, slot)
    assert 0 <= slot - seconds_of(made) < FRAME + 1e-4
    assert fit.over == 0


def finish(studio: Studio, delivery: Delivery, seconds: float) -> tuple[list, Fit]:
    events = fitted(studio, delivery, seconds)
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


def test_of_a_drawn_gap_only_what_is_longer_than_the_pause_gives_way() -> None:
    lines = (WordPerformance(0, "a", Voicing(gap=1.5)), WordPerformance(1, "b", Voicing(gap=0.5, seconds=1.0)))
    delivery = Delivery("a [pause 1s] b c", "tone", performance=lines)
    one, two = hastened(delivery, 2.0, {0: 1.0}).performance
    assert one.voicing == replace(PLAIN, gap=1.25)
    assert two.voicing == replace(PLAIN, gap=0.25, seconds=0.5)
    assert hastened(delivery, 2.0, {0: 2.0}).performance[0].voicing.gap == 1.5
