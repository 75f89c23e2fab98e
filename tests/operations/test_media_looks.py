"""Thumbnails and listening, judged in the files and samples that come out."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.errors import MissingMedia, UnreadableMedia
from audiostudio.jobs import Partial
from audiostudio.operations import looks, media
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import Sound, probe, write_sound

RATE = 48_000


def wave(seconds: float, channels: int = 1) -> NDArray[np.float32]:
    one = 0.5 * np.sin(np.arange(round(seconds * RATE)) * 0.03)
    return np.tile(one.astype(np.float32), (channels, 1))


def test_each_item_is_answered_and_one_that_cannot_be_shown_keeps_no_other_out(studio: Studio, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.wav", tmp_path / "bad.png"
    write_sound(good, Sound(wave(2), RATE))
    bad.write_bytes(b"no picture")
    items = [
        {"key": "b" * 64, "path": str(bad), "look": "picture"},
        {"key": "g" * 64, "path": str(good), "look": "outline"},
    ]
    parts = [event for event in media.thumbnails(studio, {"items": items}) if isinstance(event, Partial)]
    assert [(part.data["key"][0], part.data["made"]) for part in parts] == [("b", False), ("g", True)]
    outline = np.load(looks.thumbnail_file(studio.profile.cache, "g" * 64, "outline"))
    assert outline.shape == (3, looks.COLUMNS)
    assert outline.max() == pytest.approx(0.5, abs=0.01)
    assert list((studio.profile.cache / "thumbnails").iterdir()) == [
        looks.thumbnail_file(studio.profile.cache, "g" * 64, "outline")
    ]


def test_a_large_picture_becomes_small_and_keeps_its_shape(studio: Studio, tmp_path: Path) -> None:
    from tests.library.made_media import picture

    large = picture(tmp_path / "large.png", size=700)
    item = {"key": "a" * 64, "path": str(large), "look": "picture"}
    list(media.thumbnails(studio, {"items": [item]}))
    info = probe(looks.thumbnail_file(studio.profile.cache, "a" * 64, "picture"))
    assert (info.width, info.height) == (512, 256)


def test_the_oldest_thumbnails_go_when_there_are_too_many(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = studio.profile.cache / "thumbnails"
    folder.mkdir(parents=True)
    for number in range(12):
        (folder / f"{number:02}.png").write_bytes(b"x")
    monkeypatch.setattr(media, "_MOST_FILES", 8)
    list(media.thumbnails(studio, {"items": []}))
    assert len(list(folder.iterdir())) == 10


@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_listened_to_is_what_was_written(studio: Studio, tmp_path: Path, channels: int) -> None:
    file = tmp_path / "sound.wav"
    write_sound(file, Sound(wave(3, channels), RATE))
    parts = [event for event in media.listen(studio, {"path": str(file)}) if isinstance(event, Partial)]
    heard = np.concatenate([part.arrays["audio"] for part in parts], axis=1)
    assert np.abs(heard - wave(3, channels)).max() < 1e-6
    starts = [part.data["start"] for part in parts]
    assert starts == [int(n) for n in np.cumsum([0] + [part.arrays["audio"].shape[1] for part in parts[:-1]])]


def test_surround_is_heard_as_one_channel_and_a_long_sound_in_part(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "film.wav"
    write_sound(file, Sound(wave(6, 6), RATE))
    monkeypatch.setattr(media, "LONGEST", 2.0)
    listening, result = media.listen(studio, {"path": str(file)}), {}

    def run() -> Generator[None, None, None]:
        result.update((yield from listening))

    parts = list(run())
    assert {part.arrays["audio"].shape[0] for part in parts} == {1}
    assert result["cut"]
    assert 2.0 <= result["seconds"] < 4.0


def test_what_is_gone_or_damaged_is_said(studio: Studio, tmp_path: Path) -> None:
    with pytest.raises(MissingMedia):
        list(media.listen(studio, {"path": str(tmp_path / "gone.wav")}))
    (tmp_path / "bad.wav").write_bytes(b"RIFF" + b"junk" * 40)
    with pytest.raises(UnreadableMedia):
        list(media.listen(studio, {"path": str(tmp_path / "bad.wav")}))
