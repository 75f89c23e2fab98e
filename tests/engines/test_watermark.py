"""The mark of cloned speech: as Perth's own, inaudible, there after MP3, and never where nobody set it."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechChunk, SpeechSettings, TimedWord
from audiostudio.engines.models import ModelStore
from audiostudio.engines.perth import PerthNetwork
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.watermark import FOUND, Watermarker
from audiostudio.errors import ModelMissing
from audiostudio.script.reading import read
from audiostudio.sound.files import Sound, decode, write_sound

GOLDEN = Path(__file__).parent.parent / "data" / "perth.json"
"""What resemble-perth 1.0.1 with torch 2.13 makes of `voice(2.5, 32_000)`."""
Floats = NDArray[np.float32]

pytestmark = pytest.mark.models


def voice(seconds: float, rate: int) -> Floats:
    """Somewhat like one: harmonics of a moving pitch, in syllables."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * np.cumsum(120 + 25 * np.sin(2 * np.pi * 0.7 * time)) / rate
    parts = [np.sin(k * phase) / k**1.2 * (1 + np.cos(2 * np.pi * (0.3 * k * time + k * k / 7))) for k in range(1, 30)]
    syllables = np.clip(np.sin(2 * np.pi * 2.3 * time) + 0.6, 0, 1)
    return (0.1 * np.sum(parts, axis=0) * syllables).astype(np.float32)


@pytest.fixture(scope="module")
def marker(models_dir: Path) -> Watermarker:
    return Watermarker(ModelStore(models_dir))


@pytest.fixture(scope="module")
def speech(registry: EngineRegistry) -> Floats:
    """At 24 kHz."""
    text = "The sea was calm, and nobody said a word until the boat had reached the island."
    parts = registry.load("hibari").speak(read(text, "en-us"), SpeechSettings("hibari_heart"))
    return np.concatenate([chunk.audio for chunk in parts])


def cut(audio: Floats, rate: int, lengths: Sequence[int], words: Sequence[TimedWord] = ()) -> Iterator[SpeechChunk]:
    start, number = 0, 0
    while start < len(audio):
        end = min(len(audio), start + lengths[number % len(lengths)])
        here = tuple(word for word in words if start <= word.start < end)
        yield SpeechChunk(audio[start:end], rate, start, here)
        start, number = end, number + 1


def marked(marker: Watermarker, audio: Floats, rate: int, lengths: Sequence[int] = ()) -> Floats:
    chunks = list(marker.mark(cut(audio, rate, lengths or [len(audio)])))
    ends = np.cumsum([len(chunk.audio) for chunk in chunks])
    assert [chunk.start for chunk in chunks] == [0, *ends[:-1]]
    assert ends[-1] == len(audio)
    return np.concatenate([chunk.audio for chunk in chunks])


def decibels(audio: Floats) -> float:
    return float(20 * np.log10(np.abs(audio).max(initial=1e-9)))


def test_it_is_perth(models_dir: Path) -> None:
    wanted = json.loads(GOLDEN.read_text())
    network = PerthNetwork.load(ModelStore(models_dir))
    sound = voice(2.5, 32_000)
    change = network.change(sound)
    np.testing.assert_allclose(change[:: wanted["every"]], wanted["change"], atol=2e-6)
    sounds = (sound, sound + change, sound + np.float32(0.3) * change)
    assert [network.confidence(one) for one in sounds] == pytest.approx(wanted["confidence"], abs=0.002)


@pytest.mark.parametrize("rate", [24_000, 22_050, 44_100, 11_025])
def test_however_it_is_cut(marker: Watermarker, rate: int) -> None:
    source = random.Random(rate)
    sound = voice(2.0, rate)
    sound[rate // 2 : rate] = 0
    whole = marked(marker, sound, rate)
    pieces = marked(marker, sound, rate, [source.randint(1, rate // 2) for _ in range(9)])
    assert decibels(whole - sound) > -40
    assert decibels(whole - pieces) < -65
    assert not whole[rate // 2 : rate].any()
    assert not pieces[rate // 2 : rate].any()


def test_words_stay_where_they_are_and_nothing_waits(marker: Watermarker) -> None:
    rate = 24_000
    sound = voice(3.0, rate)
    words = [TimedWord(str(n), n, n + 1, n * 6_000, n * 6_000 + 5_000) for n in range(12)]
    taken = 0

    def coming() -> Iterator[SpeechChunk]:
        nonlocal taken
        for chunk in cut(sound, rate, [rate], words):
            taken += 1
            yield chunk

    stream = marker.mark(coming())
    first = next(stream)
    assert taken == 1
    assert len(first.audio) >= 0.7 * rate
    chunks = [first, *stream]
    assert [word for chunk in chunks for word in chunk.words] == words
    for chunk in chunks[:-1]:
        assert all(chunk.start <= word.start < chunk.start + len(chunk.audio) for word in chunk.words)


def test_a_melody_goes_with_its_sound(marker: Watermarker) -> None:
    rate, hop = 24_000, 600
    sound, melody = voice(2.0, rate), np.arange(80, dtype=np.float32)
    chunks = [
        SpeechChunk(sound[at : at + 18_000], rate, at, (), melody[at // hop : (at + 18_000) // hop], hop)
        for at in range(0, 48_000, 18_000)
    ]
    for chunk in marker.mark(chunks):
        assert chunk.melody is not None
        middles = chunk.start + np.arange(len(chunk.melody)) * hop + hop // 2
        np.testing.assert_array_equal(chunk.melody, np.minimum(middles // hop, 79))


def test_whoever_stops_listening_stops_the_engine(marker: Watermarker) -> None:
    def coming() -> Iterator[SpeechChunk]:
        yield from cut(voice(3.0, 24_000), 24_000, [24_000])

    engine = coming()
    stream = marker.mark(engine)
    next(stream)
    stream.close()
    assert next(engine, None) is None


def test_waiting_passes_through_and_short_sounds_do_not_fail(marker: Watermarker) -> None:
    nothing = np.zeros(0, np.float32)
    stream = [SpeechChunk(nothing, 24_000, 0), SpeechChunk(voice(0.02, 24_000), 24_000, 0)]
    first, second = marker.mark(stream)
    assert len(first.audio) == 0
    assert len(second.audio) == 480
    assert list(marker.mark([])) == []
    assert marker.detect([], 24_000).windows == ()
    assert marker.detect([np.zeros(96_000, np.float32)], 24_000).windows == ()


def test_after_an_mp3_of_128_kbit_it_is_there(marker: Watermarker, speech: Floats, tmp_path: Path) -> None:
    found = {}
    for name, sound in (("plain", speech), ("marked", marked(marker, speech, 24_000, [20_000]))):
        path = tmp_path / f"{name}.mp3"
        _mp3(path, sound)
        pieces = (chunk[0] for chunk in decode(path, 48_000, mono=True))
        found[name] = [one.confidence for one in marker.detect(pieces, 48_000).windows]
    assert len(found["marked"]) == len(found["plain"]) >= 1
    assert min(found["marked"]) > 0.95 > FOUND
    assert max(found["plain"]) < 0.2


def _mp3(path: Path, sound: Floats) -> None:
    wav = path.with_suffix(".wav")
    write_sound(wav, Sound(sound[np.newaxis], 24_000))
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libmp3lame", rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = 128_000
        for number, chunk in enumerate(decode(wav, 48_000)):
            frame = av.AudioFrame.from_ndarray(chunk, "fltp", "mono")
            frame.sample_rate, frame.pts = 48_000, None if number else 0
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def test_without_its_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="perth"):
        Watermarker(ModelStore(tmp_path))
