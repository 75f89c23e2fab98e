"""Taking music apart: what is kept of it in the library."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audiostudio.errors import EngineUnavailable, UnsupportedSetting
from audiostudio.jobs import JsonObject
from audiostudio.library import Asset, AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.operations.music.separating import separate
from audiostudio.operations.music.vocals import vocals_stem
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.rights import Rights
from audiostudio.sound.files import Sound, read_sound, write_sound

RATE = 48_000


@pytest.fixture
def studio(profile: Profile) -> Iterator[Studio]:
    """With an engine of the user's that separates."""
    profile.engines.mkdir(parents=True, exist_ok=True)
    manifest = {
        "name": "bands", "title": "Bands", "module": "tests.operations.low_and_high", "version": "1",
        "kind": "separation", "capabilities": {}, "voices": [],
        "rights": {"licence": "MIT", "commercial": True, "credit": "Bands by somebody"},
    }  # fmt: skip
    (profile.engines / "bands.json").write_text(json.dumps(manifest))
    studio = Studio(profile)
    yield studio
    studio.close()


@pytest.fixture
def mix(studio: Studio, tmp_path: Path) -> Asset:
    at = np.arange(RATE) / RATE
    tones = 0.2 * np.sin(2 * np.pi * 200 * at) + 0.2 * np.sin(2 * np.pi * 3000 * at)
    write_sound(tmp_path / "mix.wav", Sound(np.stack([tones, tones]).astype(np.float32), RATE))
    new = NewAsset(
        AssetKind.MUSIC, AssetSource.UPLOADED, "Theirs", rights=Rights("CC-BY-NC-4.0", False, "Song by them"),
        media=MediaInfo(1.0, RATE, 2), detail={"bpm": 120.0},
    )  # fmt: skip
    return studio.library.add(tmp_path / "mix.wav", new)


def done(studio: Studio, request: JsonObject) -> JsonObject:
    work = separate(studio, request)
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: JsonObject = end.value
            return result


def test_the_stems_are_kept_with_the_mix_and_inherit_its_terms(studio: Studio, mix: Asset) -> None:
    stems = {one["name"]: studio.library.get(one["asset"]) for one in done(studio, {"asset": mix.id})["stems"]}
    assert set(stems) == {"bass", "vocals"}
    for name, stem in stems.items():
        assert stem.rights.commercial is False
        assert stem.rights.credit.splitlines() == ["Bands by somebody", "Song by them"]
        assert stem.made_of == (mix.id,)
        assert stem.name == f"Theirs – {name}"
        assert stem.detail | {"stem_of": mix.id, "stem": name, "bpm": 120.0} == stem.detail
        assert stem.recipe is not None
        assert stem.recipe["recording"] == mix.content_hash
    whole = sum(read_sound(stem.path).samples for stem in stems.values())
    assert np.allclose(whole, read_sound(mix.path).samples, atol=1e-5)
    vocals = vocals_stem(studio, studio.library.get(mix.id))
    assert vocals is not None
    assert vocals.id == stems["vocals"].id


def test_what_is_there_is_not_made_again_and_what_is_gone_is(studio: Studio, mix: Asset) -> None:
    first = done(studio, {"asset": mix.id})
    assert done(studio, {"asset": mix.id}) == first
    studio.library.get(first["stems"][0]["asset"]).path.unlink()
    assert done(studio, {"asset": mix.id}) != first


def test_parts_that_it_was_made_with_stay(studio: Studio, mix: Asset) -> None:
    part = {"name": "Electric piano", "asset": mix.id}
    studio.library.update_detail(mix.id, {"stems": [part]})
    stems = done(studio, {"asset": mix.id})["stems"]
    assert studio.library.get(mix.id).detail["stems"] == [part, *stems]
    assert done(studio, {"asset": mix.id})["stems"] == stems


def test_no_vocals_before_it_was_taken_apart(studio: Studio, mix: Asset) -> None:
    assert vocals_stem(studio, mix) is None


def test_engines_that_do_not_separate_or_are_not_there(studio: Studio, mix: Asset) -> None:
    with pytest.raises(UnsupportedSetting, match="does not take music apart"):
        done(studio, {"asset": mix.id, "engine": "kokoro"})
    with pytest.raises(EngineUnavailable, match="not installed") as caught:
        done(studio, {"asset": mix.id, "engine": "htdemucs"})
    assert "engines install torch" in caught.value.hint
