"""Details of music that no program of ours wrote: of a library from elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio.library import AssetKind, AssetSource, NewAsset
from audiostudio.operations.music.vocals import vocals_stem
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, write_sound
from audiostudio.ui.library.wording import music_words
from audiostudio.ui.music.song import timed
from audiostudio.ui.music.tools.source import analysed_stretches
from audiostudio.ui.music.version_card import facts, stretches
from audiostudio.ui.timeline.beats import beats_of

STRANGE: list[Any] = [
    *(None, 1, -1, True, 1e308, 10**30, "x", "../../etc/passwd", [], {}, ["a"], [None], [[1, 2]], [1e308], {"a": 1}),
    *({"lines": 1}, {"lines": [1]}, {"lines": [{"words": 1}]}, {"lines": [{"words": [{"text": 1, "start": "x"}]}]}),
    *([{"label": "x", "start": "x"}], [{"label": "x", "start": None, "end": []}], [{"name": "vocals"}]),
    *([{"name": "vocals", "asset": [1]}], {"sections": 1}, {"sections": [1]}, {"sections": [{"label": 1}]}),
    {"lines": [{"words": [{"text": "la", "start": 0, "end": 1}], "slots": 1}]},
]


@pytest.fixture
def studio(profile: Profile) -> Iterator[Studio]:
    studio = Studio(profile)
    yield studio
    studio.close()


def test_strange_details_show_nothing_and_break_nothing(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    write_sound(path, Sound(np.zeros((1, 4800), np.float32), 48_000))
    asset = studio.library.add(path, NewAsset(AssetKind.SONG, AssetSource.COMPOSED, "Strange"))
    for strange in STRANGE:
        names = ("genre", "mood", "key", "bpm", "sections", "analysis", "stems")
        for name in names:
            found = replace(asset, detail={name: strange})
            assert vocals_stem(studio, found) is None
            assert not stretches(found)
            assert all(isinstance(word, str) for word in (facts(found), *music_words(found).values()))
        assert not analysed_stretches(strange)
        assert all(0 <= beat < 1e6 for beat in beats_of(strange))
        assert all(line.slots == ("A",) for line in timed.read(strange))
