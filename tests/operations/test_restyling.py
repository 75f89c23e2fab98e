"""Pieces of the composer made longer and remixed, and music made to a voice that stays."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from audiostudio.errors import RequestError, UnsupportedSetting
from audiostudio.library import AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.music.composing import compose, skeleton
from audiostudio.music.plan import Brief, Plan
from audiostudio.music.planning import plan, seconds_of
from audiostudio.music.replanning import lengthened, restyled
from audiostudio.music.theory import Metre
from audiostudio.operations.music.make import make
from audiostudio.operations.music.reworking import extend, remix
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, read_sound, write_sound
from tests.operations.test_reworking import run


@pytest.mark.parametrize("genre", ["pop", "house", "jazz"])
def test_a_longer_plan_keeps_what_comes_before(genre: str) -> None:
    before = plan(Brief(genre=genre, seed=5, seconds=60))
    after = lengthened(before, 20.0, 95.0)
    assert after.seconds == 95.0
    assert seconds_of(after) == pytest.approx(95.0, abs=1e-6)
    place = next(at for at, (one, two) in enumerate(zip(before.sections, after.sections, strict=False)) if one != two)
    assert sum(one.bars for one in before.sections[:place]) * Metre.parse(before.metre).bar_seconds(before.bpm) >= 19.9
    end = sum(one.bars for one in before.sections[:place]) * compose(before).metre.bar
    same = Counter(
        [note for note in one.notes if note.start < end] == [note for note in two.notes if note.start < end]
        for one, two in zip(compose(before).parts, compose(after).parts, strict=True)
    )
    assert same[True] >= 0.6 * same.total()
    assert after.sections[-1].kind == before.sections[-1].kind
    assert len({one.seed for one in after.sections}) == len(after.sections)
    with pytest.raises(RequestError, match="less than a bar"):
        lengthened(before, 20.0, 60.5)
    for endless in (1e9, float("inf"), float("nan")):
        with pytest.raises(RequestError, match=r"20 minutes|cannot be composed"):
            lengthened(before, 20.0, endless)


@pytest.mark.parametrize("keep", [False, True])
def test_a_remix_keeps_form_key_and_chords(keep: bool) -> None:
    before = plan(Brief(genre="pop", seed=9, seconds=60))
    after = restyled(before, Brief(genre="house"), keep)
    assert after.genre == "house"
    assert after.key == before.key
    assert [one.bars for one in after.sections] == [one.bars for one in before.sections]

    def chords(of: Plan) -> list[str]:
        return [at.chord.name() for section in skeleton(of) for at in section.chords]

    assert chords(after) == chords(before)
    assert {one.instrument for one in after.parts} != {one.instrument for one in before.parts}
    assert (after.bpm == before.bpm) or not keep
    assert compose(after).seconds == pytest.approx(seconds_of(before), abs=0.01) or not keep


@pytest.mark.long
def test_pieces_are_extended_and_remixed_around_their_voice(speaking_profile: Profile) -> None:
    studio = Studio(speaking_profile)
    piece = run(make(studio, {"engine": "composer", "prompt": "pop", "seconds": 12.0, "seed": 4}))["pieces"][0]
    longer = run(extend(studio, {"asset": piece["asset"], "at": 4.0, "seconds": 20.0}))
    assert longer["seconds"] == pytest.approx(20.0, abs=1e-4)

    original = studio.library.get(piece["asset"])
    voice = np.zeros((1, 12 * 48_000), np.float32)
    voice[0, 48_000:96_000] = 0.2 * np.sin(2 * np.pi * 1234 * np.arange(48_000) / 48_000)
    path = studio.library.workshop / "voice.wav"
    write_sound(path, Sound(voice, 48_000))
    new = NewAsset(
        AssetKind.SONG, AssetSource.COMPOSED, "Voice", media=MediaInfo(12.0, 48_000, 1), made_of=(original.id,)
    )
    stem = studio.library.add(path, new)
    with pytest.raises(UnsupportedSetting, match="no stem"):
        run(remix(studio, {"asset": original.id, "prompt": "jazz", "keep_vocals": True}))
    studio.library.update_detail(original.id, {"stems": [{"name": "vocals", "asset": stem.id}]})
    mixed = run(remix(studio, {"asset": original.id, "prompt": "jazz", "keep_vocals": True}))
    made = studio.library.get(mixed["asset"])
    sound = read_sound(made.path)
    assert sound.samples.shape == (2, 12 * 48_000)
    spectrum = np.abs(np.fft.rfft(sound.samples[:, 48_000:96_000].mean(axis=0)))
    assert spectrum[1234] > 20 * np.median(spectrum[1000:1500])
    assert np.abs(sound.samples).max() <= 1.0
    assert set(made.made_of) == {stem.id, mixed["instrumental"]}
    with pytest.raises(RequestError, match="Nothing says"):
        run(remix(studio, {"asset": original.id, "prompt": ""}))
    studio.close()
    assert all(one != two for one, two in pairwise([piece["asset"], longer["asset"], mixed["asset"]]))
