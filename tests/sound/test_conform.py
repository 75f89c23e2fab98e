import os
import random
import time
from fractions import Fraction

import av
import numpy as np
import pytest

from audiostudio.errors import MissingMedia, UnreadableMedia
from audiostudio.sound.conform import IN_USE, Conformed, Treatment
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.sound.pcm import PcmFile

AT_48 = Treatment(48_000)


def tone(rate, seconds=1.0, channels=2, level=0.3):
    wave = level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    return np.tile(wave.astype(np.float32), (channels, 1))


def made(store, path, treatment=AT_48):
    steps = store.make(path, treatment)
    done = []
    while True:
        try:
            done.append(next(steps))
        except StopIteration as end:
            return end.value, done


@pytest.mark.parametrize("encoding", ["wav", "wav16", "wav32f"])
def test_what_fits_is_read_where_it_lies(tmp_path, encoding):
    path = tmp_path / "fits.wav"
    write_sound(path, Sound(tone(48_000), 48_000), encoding)
    assert Conformed(tmp_path / "cache").find(path, AT_48) == path
    assert Conformed(tmp_path / "cache").find(path, Treatment(44_100)) is None


@pytest.mark.parametrize(
    ("name", "rate", "channels"), [("a.wav", 44_100, 2), ("a.mp3", 44_100, 1), ("a.flac", 96_000, 6)]
)
def test_anything_else_is_made_once(tmp_path, name, rate, channels):
    path = tmp_path / name
    write_sound(path, Sound(tone(rate, 2.0, channels), rate), path.suffix[1:])
    store = Conformed(tmp_path / "cache")
    assert store.find(path, AT_48) is None
    place, done = made(store, path)
    assert done == sorted(done)
    assert done[-1] == pytest.approx(2.0, abs=0.1)
    assert store.find(path, AT_48) == place
    assert store.note(path, AT_48) == ""
    found = PcmFile(place)
    assert (found.sample_rate, found.channels, found.length) == (48_000, min(2, channels), 96_000)
    middle = found.read(20_000, 48_000)[0]
    assert np.argmax(np.abs(np.fft.rfft(middle * np.hanning(48_000)))) == 440


def test_the_sound_of_a_film_whose_pictures_come_as_they_like_stays_in_step(tmp_path):
    path, sound = tmp_path / "screen.mp4", np.zeros((1, 4 * 44_100), np.float32)
    for second in (1, 3):
        sound[:, second * 44_100 : second * 44_100 + 2_000] = 0.5
    chance = random.Random(1)
    with av.open(str(path), "w") as out:
        video, audio = out.add_stream("libx264", rate=30), out.add_stream("aac", rate=44_100, layout="mono")
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.codec_context.time_base = Fraction(1, 1000)
        at = 0
        while at < 4_000:  # milliseconds
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), at % 255, np.uint8), "rgb24")
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            out.mux(video.encode(frame))
            at += chance.choice((8, 33, 120, 900))
        heard = av.AudioFrame.from_ndarray(sound, "fltp", "mono")
        heard.sample_rate, heard.pts, heard.time_base = 44_100, 0, Fraction(1, 44_100)
        out.mux(audio.encode(heard))
        for stream in (video, audio):
            out.mux(stream.encode(None))
    found = PcmFile(made(Conformed(tmp_path / "cache"), path)[0])
    loud = np.flatnonzero(np.abs(found.read(0, found.length)[0]) > 0.25) / 48_000
    assert found.length == pytest.approx(4 * 48_000, abs=2_400)
    assert loud[0] == pytest.approx(1.0, abs=0.002)
    assert loud[loud > 2][0] == pytest.approx(3.0, abs=0.002)


def test_what_is_louder_than_full_scale_stays_so(tmp_path):
    path = tmp_path / "loud.wav"
    write_sound(path, Sound(tone(44_100, level=1.8), 44_100), "wav32f")
    place, _ = made(Conformed(tmp_path / "cache"), path)
    assert np.abs(PcmFile(place).read(0, 48_000)).max() == pytest.approx(1.8, rel=0.01)


def test_of_a_damaged_file_what_can_be_read_with_a_note(tmp_path):
    path = tmp_path / "cut.flac"
    write_sound(path, Sound(tone(44_100, 4.0), 44_100), "flac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    store = Conformed(tmp_path / "cache")
    place, _ = made(store, path)
    assert 48_000 < PcmFile(place).length < 3 * 48_000
    assert "cut.flac" in store.note(path, AT_48)


def test_what_holds_no_sound_or_is_gone(tmp_path):
    path = tmp_path / "text.mp3"
    path.write_text("not a sound")
    store = Conformed(tmp_path / "cache")
    with pytest.raises(UnreadableMedia):
        made(store, path)
    assert list((tmp_path / "cache").iterdir()) == []
    with pytest.raises(MissingMedia):
        store.find(tmp_path / "gone.mp3", AT_48)


def test_a_changed_file_is_made_anew(tmp_path):
    path = tmp_path / "a.wav"
    write_sound(path, Sound(tone(44_100), 44_100))
    store = Conformed(tmp_path / "cache")
    made(store, path)
    write_sound(path, Sound(tone(44_100, 2.0), 44_100))
    assert store.find(path, AT_48) is None


def test_giving_up_leaves_nothing(tmp_path):
    path = tmp_path / "a.wav"
    write_sound(path, Sound(tone(44_100, 10.0), 44_100))
    steps = Conformed(tmp_path / "cache").make(path, AT_48)
    next(steps)
    steps.close()
    assert list((tmp_path / "cache").iterdir()) == []


def test_what_was_not_used_for_longest_goes_when_there_is_too_much(tmp_path):
    store = Conformed(tmp_path / "cache", limit=900_000)
    places = []
    for number in range(3):
        path = tmp_path / f"{number}.wav"
        write_sound(path, Sound(tone(44_100 + number), 44_100 + number))
        places.append(made(store, path)[0])
    assert all(place.exists() for place in places)  # in use, all of them
    long_ago = time.time() - 2 * IN_USE
    os.utime(places[0], (long_ago - 100, long_ago))
    os.utime(places[1], (long_ago, long_ago))
    store.find(tmp_path / "0.wav", AT_48)  # used again
    write_sound(tmp_path / "3.wav", Sound(tone(44_103), 44_103))
    made(store, tmp_path / "3.wav")
    assert [place.exists() for place in places] == [True, False, True]


@pytest.mark.long
def test_noise_is_taken_off_and_speech_stays_in_step(tmp_path):
    """Of something that has the harmonics and the syllables of a voice: DeepFilterNet leaves what sounds like one."""
    at = np.arange(3 * 48_000) / 48_000
    pitch = 140 + 20 * np.sin(2 * np.pi * 0.7 * at)
    phase = 2 * np.pi * np.cumsum(pitch) / 48_000
    voice = sum(np.sin(k * phase) / k ** (1.2 + 0.5 * np.sin(2 * np.pi * at * 1.3)) for k in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * 1.5 * at), 0, 1) * (at > 1)
    voice = (0.1 * voice * syllables).astype(np.float32)
    noise = (0.01 * np.random.default_rng(1).standard_normal(len(at))).astype(np.float32)
    path = tmp_path / "noisy.wav"
    write_sound(path, Sound((voice + noise)[np.newaxis], 48_000))
    place, _ = made(Conformed(tmp_path / "cache"), path, Treatment(48_000, 100.0))
    clean = read_sound(place).samples[0]
    assert len(clean) == len(voice)
    quiet = slice(10_000, 40_000)
    assert 20 * np.log10(clean[quiet].std() / noise[quiet].std()) < -20
    size = 2**19
    likeness = np.fft.irfft(np.fft.rfft(clean, size) * np.conj(np.fft.rfft(voice, size)))
    assert int(np.argmax(likeness)) in range(3)


@pytest.mark.long
def test_noise_is_lowered_as_far_as_asked(tmp_path):
    path = tmp_path / "noise.wav"
    noise = (0.01 * np.random.default_rng(1).standard_normal(48_000)).astype(np.float32)
    write_sound(path, Sound(noise[np.newaxis], 48_000))
    place, _ = made(Conformed(tmp_path / "cache"), path, Treatment(48_000, 6.0))
    less = PcmFile(place).read(20_000, 20_000)
    assert 20 * np.log10(less.std() / noise.std()) == pytest.approx(-6.0, abs=1.5)


def test_what_plays_is_not_disturbed_when_another_finds_it(tmp_path):
    """A mix reads its file again and again; elsewhere the same medium is looked for meanwhile."""
    path = tmp_path / "a.flac"
    write_sound(path, Sound(np.full((1, 48_000), 0.25, np.float32), 48_000), "flac")
    store = Conformed(tmp_path / "cache")
    place, _ = made(store, path)
    os.utime(place, (1_000_000_000, 1_000_000_000))
    playing = PcmFile(place)
    assert store.find(path, AT_48) == place
    assert place.stat().st_atime > 1_700_000_000  # it is known to be in use
    assert playing.read(0, 10)[0, 0] == 0.25
