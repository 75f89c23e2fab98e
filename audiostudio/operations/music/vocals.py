"""The voice of a song beside its music: where its stem is, and how it is put on other music."""

import math
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import NotFound, UnsupportedSetting
from audiostudio.jobs import JsonObject, Progress
from audiostudio.library import Asset, MediaInfo, NewAsset
from audiostudio.operations.aligning import sound_of
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.generate import scratch
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.rights import inherited
from audiostudio.sound.channels import stereo
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.sound.loudness import measure

LUFS, PEAK = -14.0, -1.0
_VOICE_OVER_MUSIC = 1.0
"""LU that a voice is above the music, where the song does not tell."""
_VOCALS = ("vocals", "voice", "lead vocals")


def vocals_stem(studio: Studio, asset: Asset) -> Asset | None:
    """The vocals of a song, made with it or taken out of it; None: there is no such stem."""
    return _stem(studio, asset, _VOCALS)


def vocals_of(studio: Studio, asset: Asset) -> Asset:
    """The same. Raises `UnsupportedSetting` where there is none."""
    found = vocals_stem(studio, asset)
    if found is None:
        raise UnsupportedSetting(
            f"“{asset.name}” has no stem with its vocals.", "Take it apart into stems first, or remix it without them."
        )
    return found


def _stem(studio: Studio, asset: Asset, names: tuple[str, ...]) -> Asset | None:
    stems = asset.detail.get("stems")
    for stem in stems if isinstance(stems, list) else ():
        if isinstance(stem, dict) and str(stem.get("name", "")).lower() in names:
            try:
                found = studio.library.get(str(stem.get("asset")))
            except NotFound:
                continue
            if found.path.is_file():
                return found
    return None


def with_vocals(
    studio: Studio, music: Asset, vocals: Asset, song: Asset, name: str, offset: float, request: JsonObject
) -> Generator[Progress, None, Asset]:
    """New music and a song's vocals as one asset, as loud beside each other as they were; the music begins `offset`
    seconds after the voice's file."""
    gain = _music_gain(studio, music, vocals, song)
    late = round(offset * SAMPLE_RATE)
    length = max(_samples(vocals), late + _samples(music))
    files = sound_of(music), sound_of(vocals)
    found = measure(_mixed(*files, gain, late, length), SAMPLE_RATE)
    level = min(LUFS - found.integrated, PEAK - found.true_peak) if math.isfinite(found.integrated) else 0.0
    rights = inherited([music.rights, vocals.rights])
    ingredients = Ingredients(studio)
    ingredients.add_assets([music.id, vocals.id])
    with scratch(studio) as place:
        with SoundWriter(place, SAMPLE_RATE, 2, "wav", seal=ingredients.seal(name, rights)) as writer:
            for piece in _mixed(*files, gain, late, length):
                writer.write(piece * np.float32(10 ** (level / 20)))
                yield Progress(0.85 + 0.15 * writer.samples / length, "Putting the voice on it")
        kept: JsonObject = {one: music.detail[one] for one in ("genre", "mood", "cover") if one in music.detail}
        kept |= {one: song.detail[one] for one in ("title", "lyrics", "bpm", "key", "beats") if one in song.detail}
        new = NewAsset(
            song.kind,
            song.source,
            name,
            media=MediaInfo(length / SAMPLE_RATE, SAMPLE_RATE, 2),
            text=str(request.get("prompt") or ""),
            recipe={"operation": "remix", "music": music.id, "vocals": vocals.id, "offset": offset, "gain": gain},
            made_of=(music.id, vocals.id),
            project=request.get("project"),
            detail={
                **kept,
                "stems": [{"name": "vocals", "asset": vocals.id}, {"name": "instrumental", "asset": music.id}],
            },
        )
        return studio.library.add(place, new)


def _music_gain(studio: Studio, music: Asset, vocals: Asset, song: Asset) -> float:
    """dB by which the new music is changed, so that it stands to the voice as the old did."""
    voice, new = _loudness(sound_of(vocals)), _loudness(sound_of(music))
    before = _stem(studio, song, ("instrumental",))
    old = _loudness(sound_of(before)) if before is not None else voice - _VOICE_OVER_MUSIC
    change = old - new
    return round(change, 2) if math.isfinite(change) else 0.0


def _loudness(path: Path) -> float:
    return measure(decode(path, SAMPLE_RATE), SAMPLE_RATE).integrated


def _samples(asset: Asset) -> int:
    return round((asset.duration or 0.0) * SAMPLE_RATE)


def _mixed(music: Path, vocals: Path, gain: float, late: int, length: int) -> Iterator[NDArray[np.float32]]:
    """Both, in pieces."""
    one = _Stream(vocals, 0)
    two = _Stream(music, late)
    factor = np.float32(10 ** (gain / 20))
    for start in range(0, length, SAMPLE_RATE):
        count = min(SAMPLE_RATE, length - start)
        yield one.read(count) + factor * two.read(count)


class _Stream:
    """A file's sound in stereo, so many samples at a time, silence before and behind it."""

    def __init__(self, path: Path, late: int) -> None:
        self._chunks = decode(path, SAMPLE_RATE)
        self._held: NDArray[np.float32] = np.zeros((2, late), np.float32)

    def read(self, count: int) -> NDArray[np.float32]:
        while self._held.shape[1] < count:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._held = np.pad(self._held, ((0, 0), (0, count - self._held.shape[1])))
            else:
                self._held = np.concatenate([self._held, stereo(chunk)], axis=1)
        found, self._held = self._held[:, :count], self._held[:, count:]
        return found
