"""What every engine that makes music keeps to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import MusicEngine, MusicPiece, MusicRequest
from audiostudio.errors import RequestError, StudioError, UnsupportedSetting
from audiostudio.sound.files import Sound, probe, read_sound, write_sound

Change = Callable[[MusicRequest], MusicRequest]


@dataclass(frozen=True, slots=True)
class Musician:
    engine: MusicEngine
    request: MusicRequest
    """A short one that it can make."""


def made(engine: MusicEngine, request: MusicRequest, folder: Path) -> tuple[MusicPiece, ...]:
    """Its pieces; checked to tell truly how far it is."""
    work = engine.make(request, folder)
    told = [0.0]
    while True:
        try:
            event = next(work)
        except StopIteration as done:
            pieces: tuple[MusicPiece, ...] = done.value
            return pieces
        if event.fraction is not None:
            assert told[-1] <= event.fraction <= 1.0
            told.append(event.fraction)


def heard(engine: MusicEngine, request: MusicRequest, folder: Path) -> Sound:
    """The only piece; checked to be as long as asked, in range, and no silence."""
    (piece,) = made(engine, request, folder)
    sound = read_sound(folder / piece.file)
    assert probe(folder / piece.file).format.startswith("wav")
    assert sound.sample_rate == engine.manifest.sample_rate
    assert sound.samples.shape[1] == round(request.seconds * sound.sample_rate)
    assert np.isfinite(sound.samples).all()
    assert 0.001 < np.abs(sound.samples).max() <= 1.0
    return sound


class MusicContract:
    """Subclasses have a fixture `musician`."""

    @pytest.mark.long
    def test_a_piece_is_as_long_as_asked_and_the_same_again(self, musician: Musician, tmp_path: Path) -> None:
        request = replace(musician.request, seconds=musician.request.seconds + 0.217)
        first = heard(musician.engine, request, tmp_path)
        assert np.array_equal(first.samples, heard(musician.engine, request, tmp_path).samples)
        other = replace(request, seed=request.seed + 1, plan=None)
        assert not np.array_equal(first.samples, heard(musician.engine, other, tmp_path).samples)

    @pytest.mark.long
    def test_variants_have_seeds_of_their_own(self, musician: Musician, tmp_path: Path) -> None:
        if not musician.engine.manifest.capabilities.variants:
            pytest.skip("it makes one at a time")
        pieces = made(musician.engine, replace(musician.request, count=3, plan=None), tmp_path)
        assert len({piece.seed for piece in pieces}) == len({piece.file for piece in pieces}) == 3
        assert len({read_sound(tmp_path / piece.file).samples.tobytes() for piece in pieces}) == 3

    def test_it_goes_on_where_a_recording_ends(self, musician: Musician, tmp_path: Path) -> None:
        at = np.arange(30_870) / 22_050
        write_sound(
            tmp_path / "first.flac", Sound(0.2 * np.sin(at[np.newaxis] * 2000).astype(np.float32), 22_050), "flac"
        )
        able = musician.engine.manifest.capabilities.continuation
        request = replace(musician.request, seconds=3.0, continues=tmp_path / "first.flac", plan=None)
        if not able:
            with pytest.raises(UnsupportedSetting):
                made(musician.engine, request, tmp_path)
            return
        whole = heard(musician.engine, request, tmp_path)
        recording = read_sound(tmp_path / "first.flac", whole.sample_rate).samples
        length = recording.shape[1]
        assert np.allclose(whole.samples[:, :length], recording, atol=0.01)
        assert np.abs(whole.samples[:, length + whole.sample_rate // 2 :]).max() > 0.001
        with pytest.raises(RequestError, match=r"1\.4 seconds long already"):
            made(musician.engine, replace(request, seconds=1.5), tmp_path)

    def test_a_melody_that_it_cannot_follow_is_refused(self, musician: Musician, tmp_path: Path) -> None:
        if musician.engine.manifest.capabilities.melody:
            pytest.skip("it follows melodies")
        write_sound(tmp_path / "tune.wav", Sound(np.full((1, 100), 0.1, np.float32), 48_000))
        with pytest.raises(UnsupportedSetting):
            made(musician.engine, replace(musician.request, melody=tmp_path / "tune.wav"), tmp_path)

    @pytest.mark.parametrize(
        "change",
        [
            lambda one: replace(one, seconds=0.0, plan=None),
            lambda one: replace(one, seconds=-3.0, plan=None),
            lambda one: replace(one, seconds=float("nan"), plan=None),
            lambda one: replace(one, seconds=1e9, plan=None),
            lambda one: replace(one, count=0),
            lambda one: replace(one, count=100_000),
            lambda one: replace(one, options=(("no such thing", "1"),)),
        ],
        ids=["nothing", "less", "no number", "years", "none", "too many", "option"],
    )
    def test_what_it_cannot_do_is_a_sentence(self, musician: Musician, tmp_path: Path, change: Change) -> None:
        with pytest.raises(StudioError) as caught:
            made(musician.engine, change(musician.request), tmp_path)
        assert isinstance(caught.value, RequestError | UnsupportedSetting)
        assert caught.value.hint
        assert not list(tmp_path.iterdir())

    def test_it_can_be_cancelled(self, musician: Musician, tmp_path: Path) -> None:
        longest = musician.engine.manifest.capabilities.longest
        (tmp_path / "left").mkdir()
        work = musician.engine.make(replace(musician.request, seconds=longest, plan=None), tmp_path / "left")
        next(work)
        work.close()
        heard(musician.engine, musician.request, tmp_path)
        assert not list((tmp_path / "left").iterdir())
