"""Measures of recordings against speech whose noise, room, band, clipping and music are known."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.vad import ENTER, SpeechDetector, spans
from audiostudio.sound import quality
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.sound.pitch import melody
from audiostudio.sound.resample import resample
from tests.voices.recordings import RATE, Clips, Floats, chance, clipped, level, music, up_to, with_noise, with_room


def narrow(sound: Floats) -> Floats:
    return resample(sound[np.newaxis], RATE, quality.RATE)[0]


def speaking(audio: Floats) -> NDArray[np.bool_]:
    detector = SpeechDetector()
    found: NDArray[np.bool_] = np.concatenate([detector.push(audio), detector.finish()]) >= ENTER
    return found


@pytest.fixture(scope="module")
def voice(clips: Clips) -> Floats:
    """Eight seconds, with a second of silence before and after, so that there are pauses."""
    quiet = np.zeros(RATE, np.float32)
    return np.concatenate([quiet, clips.woman[: 8 * RATE], quiet])


def test_speech_is_found_where_it_is(clips: Clips) -> None:
    sound = np.concatenate([np.zeros(2 * RATE, np.float32), clips.woman, np.zeros(3 * RATE, np.float32)])
    audio = narrow(with_noise(sound, -60))
    detector = SpeechDetector()
    pieces = [detector.push(audio[at : at + 7001]) for at in range(0, len(audio), 7001)]
    found = spans(np.concatenate([*pieces, detector.finish()]))
    assert found[0][0] == pytest.approx(2.0, abs=0.15)
    assert found[-1][1] == pytest.approx(2.0 + len(clips.woman) / RATE, abs=0.25)
    assert sum(end - start for start, end in found) > 0.75 * len(clips.woman) / RATE


def test_nobody_speaks_in_noise_and_music() -> None:
    for sound in (with_noise(np.zeros(6 * RATE, np.float32), -30), music(6)):
        assert spans(speaking(narrow(sound)).astype(np.float32)) == []


@pytest.mark.long
@pytest.mark.parametrize("wanted", [35.0, 20.0, 8.0])
def test_noise_of_a_known_level(voice: Floats, wanted: float) -> None:
    """White noise: of its 24 kHz a third lies in the band that is listened to."""
    heard = speaking(narrow(voice))
    power = level(narrow(voice)[: len(heard) * quality.FRAME][np.repeat(heard, quality.FRAME)[: len(narrow(voice))]])
    in_band = 20 * np.log10(power) - wanted
    audio = narrow(with_noise(voice, in_band + 10 * np.log10(3)))
    found = quality.levels(audio, speaking(audio))
    assert found.snr == pytest.approx(wanted, abs=1.5)
    assert found.noise == pytest.approx(in_band, abs=1.0)


def test_a_voice_in_a_room(voice: Floats) -> None:
    def dies_away(sound: Floats) -> float:
        found = quality.reverberation(narrow(sound))
        assert found is not None
        return found

    dry, furnished, bare, hall = (
        dies_away(voice),
        dies_away(with_room(voice, 0.3, 6)),
        dies_away(with_room(voice, 0.6, 0)),
        dies_away(with_room(voice, 1.4, -3)),
    )
    assert dry < 0.32
    assert furnished < 0.34
    assert 0.36 < bare < 0.6
    assert hall > bare + 0.1
    assert dies_away(with_noise(voice, -45)) < 0.36, "noise is no room"
    assert quality.reverberation(narrow(with_noise(np.zeros(RATE, np.float32), -30))) is None


@pytest.mark.parametrize(("hertz", "least", "most"), [(3400, 3250, 4000), (8000, 7500, 8500), (24000, 10500, 12500)])
def test_where_the_band_ends(voice: Floats, hertz: float, least: float, most: float) -> None:
    """Hibari itself ends at 12 kHz."""
    sound = up_to(voice, hertz)
    meter = quality.BandMeter()
    for at in range(0, len(sound), 10_007):
        meter.push(sound[at : at + 10_007])
    assert least <= quality.bandwidth(meter.finish(), speaking(narrow(sound))) <= most


def test_an_mp3_ends_where_its_encoder_stopped(tmp_path: Path) -> None:
    """Hissing syllables of the whole band, as a good microphone gives them."""
    times = np.arange(4 * RATE) / RATE
    hiss = chance().standard_normal(len(times)) * 0.1 * (np.sin(2 * np.pi * 2 * times) > 0)
    loud = np.sin(2 * np.pi * 2 * np.arange(125) * 0.032) > 0
    ends = []
    for sound in (hiss.astype(np.float32), _through_mp3(tmp_path, hiss.astype(np.float32))):
        meter = quality.BandMeter()
        meter.push(sound)
        ends.append(quality.bandwidth(meter.finish(), loud))
    assert ends[0] > 23_000
    assert 15_000 < ends[1] <= 21_500


def _through_mp3(folder: Path, sound: Floats) -> Floats:
    write_sound(folder / "sound.mp3", Sound(sound[np.newaxis], RATE), "mp3")
    return read_sound(folder / "sound.mp3").samples[0]


def test_clipping_is_counted_also_where_it_was_made_quieter(voice: Floats) -> None:
    def share(sound: Floats) -> float:
        finder = quality.ClippingFinder()
        for at in range(0, len(sound), RATE):
            finder.push(sound[np.newaxis, at : at + RATE])
        return finder.clipped / len(sound)

    assert share(voice) < 1e-4
    loud = share(clipped(voice, 9))
    assert 0.002 < loud < 0.05
    assert share(clipped(voice, 20)) > 0.05
    assert share(clipped(voice, 9) * np.float32(0.4)) == pytest.approx(loud, rel=0.05)


@pytest.mark.long
def test_music_is_told_from_speech(voice: Floats) -> None:
    def heard(sound: Floats) -> float:
        audio = narrow(sound)
        return quality.music(audio, speaking(audio))

    tune = music(len(voice) / RATE)[: len(voice)]
    below = level(voice) / level(tune)
    assert heard(tune) > 0.7
    assert heard(voice) < 0.03
    assert heard(with_room(with_noise(voice, -50), 0.6, 0)) < 0.12, "an echo is no music"
    for decibels in (6, 15):
        assert heard(voice[: len(tune)] + tune * np.float32(below * 10 ** (-decibels / 20))) > 0.1
    times = np.arange(len(voice)) / RATE
    hum = sum(np.sin(2 * np.pi * 50 * harmonic * times) / harmonic for harmonic in range(1, 12))
    assert heard((voice + 0.01 * hum).astype(np.float32)) < 0.05, "a hum is no music"


def test_the_pitch_of_a_voice() -> None:
    times = np.arange(2 * quality.RATE) / quality.RATE
    for hertz in (75.0, 110.0, 205.0, 330.0):
        voice = sum(np.sin(2 * np.pi * hertz * harmonic * times) / harmonic for harmonic in range(1, 9))
        found = melody((0.1 * voice).astype(np.float32))
        assert np.median(found) == pytest.approx(hertz, rel=0.01)
    assert not melody(with_noise(np.zeros(quality.RATE, np.float32), -30)).any()
    assert len(melody(np.zeros(100, np.float32))) == 0
