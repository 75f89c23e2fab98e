"""The logic of the player's process, driven by hand: no clock, no other process."""

from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.errors import DeviceError
from audiostudio.sound.output import ManualOutput
from audiostudio.sound.player_process import (
    Answer,
    Grow,
    Load,
    Loaded,
    LoadSource,
    Loop,
    Pause,
    Play,
    Playback,
    Problem,
    Seek,
    UseDevice,
)
from audiostudio.sound.ring import Ring, State

RATE = 48_000


class Bench:
    """A playback, its ring and an output that is pulled 256 frames at a time."""

    def __init__(self) -> None:
        self.ring = Ring()
        self.output = ManualOutput()
        self.answers: list[Answer] = []
        self.playback = Playback(self.ring, self.output, self.answers.append)
        self.memories: list[SharedMemory] = []

    def segment(self, samples: NDArray[np.float32]) -> tuple[str, int]:
        memory = SharedMemory(create=True, size=samples.nbytes)
        self.memories.append(memory)
        held = np.ndarray(samples.shape, np.float32, memory.buf)
        held[:] = samples
        return memory.name, samples.shape[1]

    def hear(self, frames: int) -> NDArray[np.float32]:
        pieces = []
        for at in range(0, frames, 256):
            self.playback.feed()
            pieces.append(self.output.pull(min(256, frames - at)))
        self.playback.feed()
        return np.concatenate(pieces)[:, 0]

    def close(self) -> None:
        self.playback.close()
        self.ring.close()
        for memory in self.memories:
            memory.close()
            memory.unlink()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def ramp(samples: int, first: int = 1) -> NDArray[np.float32]:
    return (np.arange(first, first + samples) / 2**20).astype(np.float32)[np.newaxis]


def test_segments_follow_each_other_without_a_seam(bench):
    sound = ramp(30_000)
    cuts = [bench.segment(sound[:, :7_001]), bench.segment(sound[:, 7_001:20_000]), bench.segment(sound[:, 20_000:])]
    bench.playback.obey(Load(1, RATE, 1, tuple(cuts), 30_000, True))
    bench.playback.obey(Play(2, None))
    assert np.array_equal(bench.hear(30_000), sound[0])
    assert bench.answers == [Loaded(1)]


def test_a_sound_grows_while_it_plays(bench):
    sound = ramp(30_000)
    first = bench.segment(sound[:, :10_000])
    bench.playback.obey(Load(1, RATE, 1, (first,), 10_000, False))
    bench.playback.obey(Play(2, None))
    heard = [bench.hear(5_120)]
    bench.playback.obey(Grow(3, (first, bench.segment(sound[:, 10_000:])), 30_000, True))
    heard.append(bench.hear(24_880))
    assert np.array_equal(np.concatenate(heard), sound[0])


def test_six_channels_are_mixed_to_both_sides(bench):
    sound = np.repeat(np.arange(1, 7, dtype=np.float32)[:, np.newaxis] / 10, 2_000, axis=1)
    bench.playback.obey(Load(1, RATE, 6, (bench.segment(sound),), 2_000, True))
    bench.playback.obey(Play(2, None))
    assert bench.hear(2_000) == pytest.approx(0.35)


@pytest.mark.parametrize(("source", "device"), [(24_000, 48_000), (48_000, 44_100), (44_100, 48_000), (22_050, 48_000)])
def test_between_two_rates_nothing_is_lost_and_positions_stay_true(bench, source, device):
    bench.output.rate = device
    at = np.arange(source)
    sound = (0.5 * np.sin(2 * np.pi * 500 * at / source)).astype(np.float32)[np.newaxis]
    bench.playback.obey(Load(1, source, 1, (bench.segment(sound),), source, True))
    bench.playback.obey(Play(2, None))
    half = bench.hear(device // 2)
    assert abs(bench.ring.heard()[0] - source / 2) <= 2
    whole = np.concatenate([half, bench.hear(device - device // 2)])
    expected = 0.5 * np.sin(2 * np.pi * 500 * np.arange(device) / device)
    assert np.abs(whole - expected)[device // 100 : -device // 100].max() < 1e-4
    bench.hear(4_096)
    assert bench.ring.heard()[0] == source
    assert bench.ring.state == State.ENDED


def test_seeks_and_loops_meet_the_device_exactly(bench):
    bench.playback.obey(Load(1, RATE, 1, (bench.segment(ramp(100_000)),), 100_000, True))
    bench.playback.obey(Loop(2, (50_000, 55_000)))
    bench.playback.obey(Play(3, 50_000))
    rounds = bench.hear(4 * 5_000).reshape(4, 5_000)
    assert np.array_equal(rounds[:, 192:], np.tile(ramp(5_000, 50_001), (4, 1))[:, 192:])
    bench.playback.obey(Seek(4, 10_000))
    heard = bench.hear(8_192)
    position, epoch = bench.ring.heard()
    assert epoch == 4
    assert np.array_equal(heard[-3_000:], ramp(3_000, position - 2_999)[0])


def test_an_output_that_pulls_too_fast_gets_silence_and_loses_nothing(bench):
    sound = ramp(20_000)
    bench.playback.obey(Load(1, RATE, 1, (bench.segment(sound),), 20_000, True))
    bench.playback.obey(Play(2, None))
    heard = []
    for _ in range(6):
        bench.playback.feed()
        heard.append(bench.output.pull(4_096)[:, 0])  # more than is ever ready
    sounding = np.concatenate(heard)
    assert np.array_equal(sounding[sounding != 0], sound[0, : np.count_nonzero(sounding)])
    assert bench.ring.gaps > 0


def test_a_device_that_vanishes_and_returns(bench):
    bench.playback.obey(Load(1, RATE, 1, (bench.segment(ramp(100_000)),), 100_000, True))
    bench.playback.obey(Play(2, None))
    bench.hear(10_000)
    bench.output.lost = True
    bench.output.problem = DeviceError("Nothing there.", "Plug it in.")
    bench.playback.feed()
    assert bench.ring.state == State.UNAVAILABLE
    assert bench.ring.heard()[0] == 10_000
    bench.playback.obey(Play(3, None))
    bench.playback.feed()
    assert bench.answers[-1] == Problem("Nothing there. Plug it in.")
    bench.output.problem = None
    bench.playback.obey(Play(4, None))
    heard = bench.hear(5_000)
    assert bench.ring.state == State.PLAYING
    assert bench.answers[-1] == Problem(None)
    assert np.array_equal(heard[192:], ramp(5_000, 10_001)[0, 192:])


def test_another_device_goes_on_where_the_first_was_left(bench):
    bench.playback.obey(Load(1, RATE, 1, (bench.segment(ramp(100_000)),), 100_000, True))
    bench.playback.obey(Play(2, None))
    bench.hear(10_000)
    bench.playback.obey(UseDevice(3, "Manual"))
    assert bench.output.opened == 2
    assert np.array_equal(bench.hear(5_000)[192:], ramp(5_000, 10_001)[0, 192:])


def test_a_new_sound_while_one_plays_stands_at_its_beginning(bench):
    bench.playback.obey(Load(1, RATE, 1, (bench.segment(ramp(100_000)),), 100_000, True))
    bench.playback.obey(Play(2, None))
    bench.hear(5_000)
    bench.playback.obey(Load(3, RATE, 1, (bench.segment(ramp(50_000, 500_000)),), 50_000, True))
    bench.hear(10_000)
    assert bench.ring.state == State.STOPPED
    bench.playback.obey(Play(4, None))
    assert np.array_equal(bench.hear(5_000), ramp(5_000, 500_000)[0])


def test_an_idle_device_is_let_go_and_opened_again(bench, monkeypatch):
    monkeypatch.setattr("audiostudio.sound.player_process.IDLE_SECONDS", -1.0)
    bench.playback.obey(Load(1, RATE, 1, (bench.segment(ramp(3_000)),), 3_000, True))
    bench.playback.obey(Play(2, None))
    bench.hear(8_192)
    assert not bench.playback.opened
    bench.playback.obey(Play(3, None))
    assert np.array_equal(bench.hear(3_000), ramp(3_000)[0])
    bench.playback.obey(Pause(4))
    assert bench.output.opened == 2


class Late:
    """A ramp of which only the beginning is there."""

    sample_rate, length, complete = RATE, 100_000, True

    def __init__(self) -> None:
        self.there = 6_000

    def ready(self, start: int, count: int) -> int:
        return max(0, min(count, self.there - start))

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        return np.stack([np.arange(start + 1, stop + 1, dtype=np.float32) / 2**20] * 2, axis=1)

    def close(self) -> None:
        pass


def test_what_is_late_while_there_is_time_is_waited_for(bench):
    """What waits in the ring covers it: nothing breaks off before that is used up."""
    source = Late()
    bench.playback.obey(LoadSource(1, lambda: source))
    bench.playback.obey(Play(2, None))
    heard = [bench.hear(3_072)]
    assert 1_000 < bench.ring.waiting < 6_000 - 3_072
    source.there = 100_000
    heard.append(bench.hear(20_000))
    assert np.array_equal(np.concatenate(heard), ramp(23_072)[0])
    assert bench.ring.gaps == 0


def test_before_the_device_asks_for_anything_nothing_is_late(bench):
    source = Late()
    source.there = 2_800
    bench.playback.obey(LoadSource(1, lambda: source))
    bench.playback.obey(Play(2, None))
    bench.playback.feed()
    source.there = 100_000
    assert np.array_equal(bench.hear(10_000), ramp(10_000)[0])
    assert bench.ring.late == 0


def test_what_does_not_come_at_all_fades_out_and_is_counted(bench):
    source = Late()
    bench.playback.obey(LoadSource(1, lambda: source))
    bench.playback.obey(Play(2, None))
    heard = bench.hear(10_000)
    assert np.abs(np.diff(heard)).max() < 1e-4
    assert not heard[6_000:].any()
    assert bench.ring.late == 1


def test_a_device_of_a_high_rate_is_served_as_far_ahead(bench):
    bench.output.rate = 192_000
    source = Late()
    source.there = source.length
    bench.playback.obey(LoadSource(1, lambda: source))
    bench.playback.obey(Play(2, None))
    heard = bench.hear(200_000)[2_000:]
    assert np.allclose(heard, (np.arange(2_000, 200_000) / 4 + 1) / 2**20, atol=4e-6)
    assert bench.ring.gaps == 0
