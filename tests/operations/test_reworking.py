"""Music at another length and as a loop, from files and from the library, measured after decoding."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio.errors import MissingMedia, RequestError, UnreadableMedia
from audiostudio.library import AssetKind
from audiostudio.library.imports import import_media
from audiostudio.music.seams import flux
from audiostudio.operations.music.analysing import analyse
from audiostudio.operations.music.reworking import extend, fit, loop
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights
from audiostudio.sound.files import Sound, read_sound, write_sound
from tests.music.band import play

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])


def run(work: Generator[Any, None, dict[str, Any]]) -> dict[str, Any]:
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: dict[str, Any] = end.value
            return result


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute of stereo as an MP3 at 44.1 kHz."""
    sound = play(112, 4, minor=True, bars=14, rate=44_100).sound
    noise = np.random.default_rng(SEED).normal(0, 0.003, (2, len(sound))).astype(np.float32)
    path = tmp_path_factory.mktemp("track") / "Track.mp3"
    write_sound(path, Sound(np.stack([sound, 0.7 * sound]) + noise, 44_100), "mp3")
    return path


@pytest.mark.parametrize("seconds", [10.0, pytest.param(71.234, marks=pytest.mark.long)])
def test_an_imported_track_is_fitted_to_the_sample(studio: Studio, track: Path, seconds: float) -> None:
    source = import_media(
        studio.library, track, kind=AssetKind.MUSIC, rights=Rights("CC-BY-4.0", True, "Somebody")
    ).asset
    result = run(fit(studio, {"asset": source.id, "seconds": seconds}))
    made = studio.library.get(result["asset"])
    sound = read_sound(made.path)
    assert (sound.sample_rate, sound.samples.shape) == (48_000, (2, round(seconds * 48_000)))
    assert result["seams"]
    assert all(one["flux"] <= one["p95"] for one in result["seams"])
    mono = sound.samples.mean(axis=0)
    measured, usual = (
        flux(mono, 48_000),
        np.percentile(flux(read_sound(track, 48_000).samples.mean(axis=0), 48_000), 95),
    )
    for one in result["seams"]:
        frame = int(one["at"] / 0.0116)
        assert measured[max(0, frame - 4) : frame + 2].max() <= 1.05 * usual
    assert np.abs(mono[-480:]).max() < 0.05
    assert made.made_of == (source.id,)
    assert (made.rights.licence, made.rights.credit) == ("CC-BY-4.0", "Somebody")
    assert made.kind == AssetKind.MUSIC
    gaps = np.diff(made.detail["beats"])
    assert np.median(gaps) == pytest.approx(60 / 112, rel=0.02)


def test_a_file_is_fitted_into_a_file(studio: Studio, track: Path, tmp_path: Path) -> None:
    output = tmp_path / "Short.flac"
    result = run(fit(studio, {"path": str(track), "seconds": 15.5, "output": str(output)}))
    assert result["output"] == str(output)
    assert read_sound(output).samples.shape == (2, round(15.5 * 48_000))
    assert studio.library.search().total == 0


def test_a_change_of_tempo_makes_no_louder_peaks(studio: Studio, tmp_path: Path) -> None:
    sound = play(120, 4, bars=12, rate=48_000).sound
    driven = np.tanh(2 * sound / np.abs(sound).max())
    loud, output = tmp_path / "Loud.wav", tmp_path / "Out.wav"
    write_sound(loud, Sound((0.84 * driven / np.abs(driven).max())[np.newaxis], 48_000))
    result = run(fit(studio, {"path": str(loud), "seconds": len(sound) / 48_000 * 1.01, "output": str(output)}))
    assert result["speed"] != 1.0
    made = read_sound(output).samples
    assert np.abs(made).max() <= 0.845
    assert np.sqrt(np.mean(made**2)) == pytest.approx(np.sqrt(np.mean(read_sound(loud).samples ** 2)), rel=0.1)


def test_what_cannot_be_is_refused_in_a_sentence(studio: Studio, track: Path, tmp_path: Path) -> None:
    request = {"path": str(track), "output": str(tmp_path / "out.wav")}
    for seconds in (0.1, 0.0, -5.0, 7200.0):
        with pytest.raises(RequestError) as caught:
            run(fit(studio, {**request, "seconds": seconds}))
        assert caught.value.hint
    with pytest.raises(MissingMedia):
        run(fit(studio, {**request, "path": str(tmp_path / "nothing.wav"), "seconds": 10}))
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(os.urandom(5000))
    with pytest.raises(UnreadableMedia):
        run(fit(studio, {**request, "path": str(broken), "seconds": 10}))
    assert not (tmp_path / "out.wav").exists()


def test_a_loop_has_no_seam(studio: Studio, track: Path, tmp_path: Path) -> None:
    output = tmp_path / "Loop.wav"
    result = run(loop(studio, {"path": str(track), "output": str(output)}))
    once = read_sound(output).samples
    assert result["bars"] >= 2
    assert once.shape[1] / 48_000 == pytest.approx(result["bars"] * 4 * 60 / 112, rel=0.01)
    twice = np.concatenate([once, once], axis=1).mean(axis=0)
    measured = flux(twice, 48_000)
    usual = result["seams"][0]["p95"]
    for place in (once.shape[1] / 48_000, result["seams"][0]["at"]):
        frame = int(place / 0.0116)
        struck = measured[frame - 4 : frame + 2].max()
        again = measured[:-10].max()
        assert struck <= max(usual, 1.02 * again)
    assert result["seams"][0]["flux"] <= usual
    jump = np.abs(np.diff(twice))
    middle = once.shape[1]
    assert jump[middle - 2 : middle + 2].max() <= np.percentile(jump, 99.9)


def test_a_track_goes_on_from_a_point(studio: Studio, track: Path) -> None:
    source = import_media(studio.library, track, kind=AssetKind.MUSIC).asset
    result = run(extend(studio, {"asset": source.id, "at": 12.0, "seconds": 45.0}))
    assert all(one["from"] >= 11.5 for one in result["seams"])
    before, after = read_sound(track, 48_000).samples, read_sound(studio.library.get(result["asset"]).path).samples
    assert after.shape[1] == 45 * 48_000
    if result["speed"] == 1.0:
        assert np.allclose(before[:, : 10 * 48_000], after[:, : 10 * 48_000], atol=2e-4)
    for request in ({"at": 99.0, "seconds": 45.0}, {"at": 5.0, "seconds": 20.0}):
        with pytest.raises(RequestError):
            run(extend(studio, {"asset": source.id, **request}))


@pytest.mark.long
def test_an_analysis_is_kept_with_its_asset(studio: Studio, track: Path) -> None:
    source = import_media(studio.library, track, kind=AssetKind.MUSIC).asset
    found = run(analyse(studio, {"asset": source.id}))
    assert found["bpm"] == pytest.approx(112, rel=0.01)
    assert found["loudness"] == pytest.approx(-18, abs=8)
    assert studio.library.get(source.id).detail["analysis"] == found
    assert studio.library.get(source.id).detail["imported_from"] == "Track.mp3"
    marked = {**found, "bpm": 1.0}
    studio.library.update_detail(source.id, {"analysis": marked})
    assert run(analyse(studio, {"asset": source.id})) == marked  # not listened to again
    assert run(analyse(studio, {"asset": source.id, "again": True})) == found
    assert run(analyse(studio, {"path": str(track)})) == found
