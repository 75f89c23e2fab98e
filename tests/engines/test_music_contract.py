"""The contract of music engines, over the composer; and what only one with scores can do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import MusicRequest
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import ModelMissing, UnsupportedSetting
from audiostudio.sound.files import read_sound
from tests.engines.contract_music import MusicContract, Musician, made


class TestComposer(MusicContract):
    @pytest.fixture
    def musician(self, registry: EngineRegistry) -> Musician:
        return Musician(registry.musician("composer"), MusicRequest("chiptune", 2.0, seed=3))

    def test_its_plan_makes_it_again_with_stems(self, musician: Musician, tmp_path: Path) -> None:
        (piece,) = made(musician.engine, musician.request, tmp_path)
        assert piece.plan is not None
        sound = read_sound(tmp_path / piece.file)
        again = replace(musician.request, plan=piece.plan, prompt="something else", stems=True)
        (same,) = made(musician.engine, again, tmp_path)
        assert same.score == piece.score
        assert np.allclose(read_sound(tmp_path / same.file).samples, sound.samples, atol=1e-3)
        assert len({name for name, _ in same.stems}) == len(same.stems) > 1
        assert all(read_sound(tmp_path / file).samples.shape == sound.samples.shape for _, file in same.stems)

    def test_no_soundfont_is_told_with_the_way_to_get_it(self, tmp_path: Path) -> None:
        class Nothing:
            def path(self, name: str, file: str) -> Path:
                raise ModelMissing(f"{name} is not there.", f"Run: audiostudio models pull {name}")

        engine = EngineRegistry(Nothing()).musician("composer")
        with pytest.raises(ModelMissing, match="musescore-general"):
            made(engine, MusicRequest("solo piano", 4.0), tmp_path)

    def test_it_says_who_can_follow_a_melody(self, registry: EngineRegistry, tmp_path: Path) -> None:
        with pytest.raises(UnsupportedSetting) as told:
            next(registry.musician("composer").make(MusicRequest("jazz", 4.0, melody=tmp_path / "a.wav"), tmp_path))
        assert "MusicGen" in told.value.hint
