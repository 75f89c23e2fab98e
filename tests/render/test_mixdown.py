import os
import resource
import signal
import tracemalloc

import numpy as np
import pytest

from audiostudio.errors import DiskFull, ReadOnly, RequestError
from audiostudio.render.mixdown import Target, mixdown
from audiostudio.sound.files import read_sound
from audiostudio.sound.loudness import loudness
from audiostudio.sound.writer import SoundWriter
from audiostudio.timeline.tracks import Channel
from tests.render.mixing import RATE, channel, clip, drained, effect, noise, rms, tone, track


def writer(encoding="wav", rate=RATE):
    return lambda path: SoundWriter(path, rate, 2, encoding)


def bursts(seconds=8.0, level=0.05):
    """Noise with peaks far above its loudness, as of drums."""
    sound = noise(1, seconds, level=level)
    for at in range(0, sound.shape[1] - 600, 12_000):
        sound[:, at : at + 600] *= 12
    return sound


def test_all_of_a_mix_and_what_rings_on(bench, tmp_path):
    media = bench.sound(noise(1))
    dry, wet = track(clip(media, 500)), track(clip(media), name="wet", channel=channel(effect("reverb")))
    with bench.mix(bench.project(dry)) as mix:
        done = []
        found = drained(mixdown(mix, tmp_path / "deep" / "dry.wav", writer("wav32f")), done.append)
    written = read_sound(found.path)
    assert done == sorted(done)
    assert done[-1] == 1.0
    assert np.array_equal(written.samples[:, 500:], noise(1))
    assert (found.samples, written.samples.shape[1], found.clipped) == (RATE + 500, RATE + 500, 0)
    with bench.mix(bench.project(wet)) as mix:
        found = drained(mixdown(mix, tmp_path / "wet.wav", writer()))
    ringing = read_sound(found.path).samples
    assert 1.2 * RATE < found.samples < 3 * RATE
    assert np.abs(ringing[:, -1]).max() < 1e-4


def test_a_range_of_it(bench, tmp_path):
    media = bench.sound(noise(1, 2.0))
    with bench.mix(bench.project(track(clip(media)))) as mix:
        found = drained(mixdown(mix, tmp_path / "part.wav", writer("wav32f"), first=10_000, last=70_001))
    assert np.array_equal(read_sound(found.path).samples, noise(1, 2.0)[:, 10_000:70_001])


@pytest.mark.parametrize(("lufs", "more"), [(-14.0, 0), (-14.0, 9), (-16.0, 1), (-23.0, 15)])
def test_the_written_file_has_its_loudness_and_its_true_peak(bench, tmp_path, lufs, more):
    """However many samples it has: the limiter works in steps of 16."""
    sound = bursts(8.1)[:, : 8 * RATE + more]
    media = bench.sound(sound)
    with bench.mix(bench.project(track(clip(media)))) as mix:
        found = drained(mixdown(mix, tmp_path / "out.wav", writer(), target=Target(lufs)))
    measured = loudness(read_sound(found.path))
    assert measured.integrated == pytest.approx(lufs, abs=0.15)
    assert measured.true_peak <= -1.0
    assert found.reached
    assert found.measured == measured
    assert found.samples == sound.shape[1]


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["mp3", "opus"])
def test_formats_that_lose_something_are_looked_at_too(bench, tmp_path, encoding):
    """What they make of a limited sound goes over its peaks."""
    media = bench.sound(bursts(6.0, 0.1))
    with bench.mix(bench.project(track(clip(media)))) as mix:
        found = drained(mixdown(mix, tmp_path / f"out.{encoding}", writer(encoding), target=Target(-14.0)))
    measured = loudness(read_sound(found.path))
    assert measured.integrated == pytest.approx(-14.0, abs=0.5)
    assert found.reached == (measured.true_peak <= -1.0)
    assert measured.true_peak <= -0.9


def test_what_cannot_be_reached_is_said(bench, tmp_path):
    """Clicks have no loudness of −10 LUFS that could be had below −9 dBTP."""
    clicks = np.zeros((2, 4 * RATE), np.float32)
    clicks[:, ::9_600] = 0.5
    media = bench.sound(clicks)
    with bench.mix(bench.project(track(clip(media)))) as mix:
        found = drained(mixdown(mix, tmp_path / "out.wav", writer(), target=Target(-10.0, -9.0)))
    assert not found.reached
    assert loudness(read_sound(found.path)).true_peak <= -9.0


def test_silence_stays_silence(bench, tmp_path):
    media = bench.sound(np.zeros((2, RATE), np.float32))
    with bench.mix(bench.project(track(clip(media)))) as mix:
        found = drained(mixdown(mix, tmp_path / "out.wav", writer(), target=Target(-14.0)))
    assert not read_sound(found.path).samples.any()


@pytest.mark.long
def test_stems_add_up_to_the_mix_before_its_master(bench, tmp_path):
    """Also when the master's effects are late, and as long as the mix."""
    one, two, three = (bench.sound(noise(seed, 1.5, level=0.05)) for seed in (1, 2, 3))
    tracks = (
        track(clip(one), name="one", channel=channel(effect("limiter"), pan=0.5)),
        track(clip(two, 9_000), name="two", channel=channel(effect("delay"), gain=-3.0)),
        track(clip(three), name="three", muted=True),
    )
    stems = {name: tmp_path / f"{name}.wav" for name in ("one", "two")}
    project = bench.project(*tracks, master=channel(effect("limiter", ceiling=-20.0)))
    with bench.mix(project, stems=True) as mix:
        found = drained(mixdown(mix, tmp_path / "mix.wav", writer("wav32f"), stems=stems, target=Target(-20.0)))
    added = sum(read_sound(path).samples for path in found.stems.values())
    with bench.mix(project, master=False) as mix:
        assert added.shape[1] == found.samples
        assert added == pytest.approx(mix.render(0, found.samples), abs=1e-6)


def test_nothing_to_mix(bench, tmp_path):
    media = bench.sound(noise(1))
    with bench.mix(bench.project(track())) as mix, pytest.raises(RequestError):
        drained(mixdown(mix, tmp_path / "out.wav", writer()))
    with bench.mix(bench.project(track(clip(media)))) as mix, pytest.raises(RequestError):
        drained(mixdown(mix, tmp_path / "out.wav", writer(), first=500, last=500))
    assert not (tmp_path / "out.wav").exists()


def test_clipping_is_counted(bench, tmp_path):
    media = bench.sound(tone(100, 1.0, level=3.0))
    with bench.mix(bench.project(track(clip(media)))) as mix:
        found = drained(mixdown(mix, tmp_path / "out.wav", writer()))
    assert found.clipped > 1_000


@pytest.mark.parametrize("target", [None, Target(-14.0)])
def test_giving_up_leaves_nothing_and_what_was_there_stays(bench, tmp_path, target):
    media = bench.sound(noise(1, 4.0))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mix.wav").write_bytes(b"of old")
    for steps in (1, 4, 9):
        with bench.mix(bench.project(track(clip(media), name="one")), stems=True) as mix:
            stems = {"one": tmp_path / "out" / "one.wav"}
            work = mixdown(mix, tmp_path / "out" / "mix.wav", writer(), stems=stems, target=target)
            for _ in range(steps):
                next(work, None)
            work.close()
        assert [path.name for path in (tmp_path / "out").iterdir()] in (
            ["mix.wav"],
            ["one.wav", "mix.wav"],
            ["mix.wav", "one.wav"],
        )
    (tmp_path / "out" / "mix.wav").unlink()


@pytest.mark.parametrize("target", [None, Target(-14.0)])
def test_a_full_disk(bench, tmp_path, target):
    """A limit of the system on the size of files stands for it."""
    media = bench.sound(noise(1, 4.0))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    out = tmp_path / "out"
    try:
        with bench.mix(bench.project(track(clip(media)))) as mix:
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
            with pytest.raises(DiskFull):
                drained(mixdown(mix, out / "mix.wav", writer(), target=target))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert list(out.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written_to(bench, tmp_path):
    media = bench.sound(noise(1))
    (tmp_path / "locked").mkdir(mode=0o500)
    with bench.mix(bench.project(track(clip(media)))) as mix, pytest.raises(ReadOnly):
        drained(mixdown(mix, tmp_path / "locked" / "mix.wav", writer()))


def test_memory_does_not_grow_with_the_length(bench, tmp_path):
    media = bench.sound(noise(1, 10.0))

    def peak(repeats):
        clips = [clip(media, number * 10 * RATE) for number in range(repeats)]
        with bench.mix(bench.project(track(*clips, channel=Channel(gain=-3.0)))) as mix:
            tracemalloc.start()
            drained(mixdown(mix, tmp_path / "out.wav", writer()))
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    assert peak(12) < peak(3) + 2_000_000
    assert rms(read_sound(tmp_path / "out.wav").samples) == pytest.approx(rms(noise(1)) - 3, abs=0.1)
