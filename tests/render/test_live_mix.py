"""A timeline played by the real processes; only the sound card is the test's."""

import functools
import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.render.mix import Problem
from audiostudio.render.mixdown import mixdown
from audiostudio.render.playback import MASTER, LiveMix
from audiostudio.render.playback_memory import CHUNK, Memory
from audiostudio.sound.conform import Treatment
from audiostudio.sound.files import read_sound
from audiostudio.sound.player import Player
from audiostudio.sound.writer import SoundWriter
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.tracks import Channel
from tests.render.mixing import RATE, Bench, channel, clip, drained, effect, noise, tone, track
from tests.sound.remote_output import Ear, RemoteOutput, eventually

PIECE = 2_048


def open_in(folder: Path):
    """Made in the mixing process."""
    return functools.partial(_open, folder)


def _open(folder: Path, media: Media, treatment: Treatment) -> Path:
    return folder / media.asset.path


class Room:
    """A player and a timeline's live mix."""

    def __init__(self, bench: Bench, ear: Ear, player: Player) -> None:
        self.bench, self.ear, self.player = bench, ear, player
        self.problems: list[tuple[Problem, ...]] = []
        self.live = LiveMix(functools.partial(open_in, bench.folder), self.problems.append)

    def show(self, project: Project, *, heard: bool = False) -> None:
        self.live.show(project, project.timelines[0], heard=heard)

    def play(self, project: Project, at: int = 0, loop: tuple[int, int] | None = None, rate: float = 1.0) -> None:
        self.show(project)
        self.live.cue(at, loop=loop, rate=rate)
        eventually(lambda: self.live.is_ready(at))
        self.player.load_source(self.live.source)
        if loop is not None:
            self.player.set_loop(*loop)
        self.player.set_rate(rate)
        self.player.play(at)

    def hear(self, frames: int, needs: tuple[int, int] = (0, 12_288)) -> NDArray[np.float32]:
        """Not faster than it is mixed, as a sound card would. `needs`: what has to be there around the place that is
        copied next before more is heard."""
        memory = self.live._memory
        heard = []
        for at in range(0, frames, PIECE):
            eventually(lambda: self.mixed(memory.at + needs[0], memory.at + needs[1]))
            heard.append(self.ear.hear(min(PIECE, frames - at)))
        return np.concatenate(heard)

    def mixed(self, first: int, last: int) -> bool:
        memory = self.live._memory
        chunks = range(max(0, first) // CHUNK, min(last, memory.length) // CHUNK + 1)
        return all(memory.newest(chunk)[1] >= 0 for chunk in chunks)


@pytest.fixture
def room(bench: Bench) -> Iterator[Room]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    with ours, theirs, Player(functools.partial(RemoteOutput, theirs)) as player:
        made = Room(bench, Ear(ours), player)
        yield made
        made.live.close()


def mixed_down(bench: Bench, project: Project) -> NDArray[np.float32]:
    """float32 (n, 2) of the file."""
    place = bench.folder / "mixdown.wav"
    with bench.mix(project) as mix:
        drained(mixdown(mix, place, functools.partial(SoundWriter, sample_rate=RATE, channels=2, format="wav32f")))
    return read_sound(place).samples.T


def band(bench: Bench, seconds: float = 3.0) -> Project:
    """Three tracks with effects and automation-free faders."""
    voice = bench.sound(noise(1, seconds, 1))
    music = bench.sound(noise(2, seconds))
    return bench.project(
        track(clip(voice, 2_000), name="voice", channel=channel(effect("compressor", ratio=4.0), gain=-3.0)),
        track(clip(music), name="music", channel=channel(effect("eq"), pan=0.3)),
        track(clip(music, 20_000, 60_000, 7_000), name="more"),
        master=channel(effect("limiter")),
    )


def test_what_is_heard_is_the_mixdown_bit_for_bit(room: Room) -> None:
    project = band(room.bench)
    file = mixed_down(room.bench, project)
    room.play(project)
    heard = room.hear(130_048)
    assert np.array_equal(heard, file[:130_048])
    assert room.player.dropouts == 0
    assert room.live.meters().read(room.player.position)["music"].left > 0


def test_a_loop_over_a_range_and_backwards(room: Room) -> None:
    ramp = (np.arange(200_000) / 2**20).astype(np.float32)
    project = room.bench.project(track(clip(room.bench.sound(ramp))))
    room.play(project, 24_000, loop=(24_000, 28_800))
    eventually(lambda: room.mixed(24_000, 28_992))
    heard = room.ear.hear(10 * 4_800)[:, 0].reshape(10, 4_800)
    assert np.array_equal(heard[:, 192:], np.tile(ramp[24_000:28_800], (10, 1))[:, 192:])
    room.player.set_loop(None)
    room.live.cue(150_000, rate=-1.0)
    room.player.set_rate(-1.0)
    room.player.seek(150_000)
    eventually(lambda: room.ear.hear(2_048)[-1, 0] > 100_000 / 2**20)
    at = room.player.position
    heard = room.hear(40_960, (-12_288, 1_024))[:, 0]
    assert np.allclose(heard, ramp[at - 40_960 : at][::-1], atol=1e-6)


def test_an_edit_is_heard_while_it_plays_without_a_click_and_effects_go_on(room: Room) -> None:
    sine = room.bench.sound(tone(220.0, 8.0, -6.0))
    strip = track(clip(sine), channel=channel(effect("reverb"), gain=0.0))
    room.play(room.bench.project(strip))
    before = room.hear(40_960)
    quiet = replace(strip, channel=replace(strip.channel, gain=-12.0))
    room.show(room.bench.project(quiet), heard=True)
    heard = [before]
    factor = np.float32(10 ** (-12 / 20))
    loud = np.abs(before[-4_800:, 0]).max()
    while np.abs(heard[-1][-2_400:, 0]).max() > 1.1 * factor * loud:
        heard.append(room.hear(4_800))
        assert len(heard) < 60
    sound = np.concatenate(heard)[:, 0]
    steepest = np.abs(np.diff(before[20_000:, 0])).max()
    assert np.abs(np.diff(sound[20_000:])).max() <= 1.05 * steepest
    with room.bench.mix(room.bench.project(quiet)) as mix:
        exact = mix.render(0, len(sound))[0]
    assert np.allclose(sound[-2_400:], exact[-2_400:], atol=2e-4)
    assert room.player.dropouts == 0


def test_play_begins_where_it_should_however_late_the_mix_comes(room: Room) -> None:
    """The process that plays hears of the place before the one that mixes has begun."""
    ramp = (np.arange(200_000) / 2**20).astype(np.float32)
    room.player.warm()
    eventually(lambda: room.player._link.ring is not None and room.player._link.ring.handled)
    room.show(room.bench.project(track(clip(room.bench.sound(ramp)))))
    room.player.load_source(room.live.source)
    room.live.cue(150_000)
    room.player.play(150_000)
    assert np.array_equal(room.ear.hear(2_048)[192:, 0], ramp[150_192:152_048])


def test_levels_are_those_of_what_is_heard(room: Room) -> None:
    steps = np.concatenate([tone(440.0, 1.0, -40.0), tone(440.0, 2.0, -10.0)])
    quiet = track(clip(room.bench.sound(steps)), name="steps")
    loud = track(clip(room.bench.sound(tone(100.0, 3.0, -6.0))), name="off", muted=True)
    room.play(room.bench.project(quiet, loud, master=Channel(gain=-6.0)))
    meters = room.live.meters()
    room.hear(24_000)
    found = meters.read(24_000)
    assert 20 * np.log10(found["steps"].left) == pytest.approx(-40, abs=0.1)
    assert 20 * np.log10(found[MASTER].right) == pytest.approx(-46, abs=0.1)
    assert 20 * np.log10(found["steps"].rms_left) == pytest.approx(-43, abs=0.2)
    assert found["off"].left == 0.0
    room.hear(72_000)
    found = meters.read(90_000)
    assert 20 * np.log10(found["steps"].right) == pytest.approx(-10, abs=0.1)
    assert meters.loudness.momentary == pytest.approx(-16.7, abs=1.0)
    assert meters.loudness.true_peak == pytest.approx(-16.0, abs=0.3)


def test_what_is_missing_is_told_and_heard_when_it_came_back(room: Room) -> None:
    media = room.bench.sound(tone(220.0, 4.0))
    gone = room.bench.folder / media.asset.path
    gone.rename(gone.with_suffix(".away"))
    room.play(room.bench.project(track(clip(media))))
    assert not room.hear(9_600).any()
    assert eventually(lambda: room.problems)[-1][0].media == media.id
    gone.with_suffix(".away").rename(gone)
    room.live.retry_media()
    eventually(lambda: room.hear(2_400).any())


def test_a_killed_process_is_told_and_started_again(room: Room) -> None:
    project = room.bench.project(track(clip(room.bench.sound(tone(220.0, 4.0)))))
    room.play(project)
    child = next(p for p in multiprocessing.active_children() if p.name == "audiostudio-mixer")
    os.kill(child.pid, signal.SIGKILL)
    eventually(lambda: room.problems and "unexpectedly" in room.problems[-1][0].sentence)
    room.player.pause()
    room.show(project)
    room.live.cue(96_000)
    eventually(lambda: room.live.is_ready(96_000))
    room.player.play(96_000)
    assert room.hear(4_800)[-2_400:].any()


def test_nothing_is_left_when_it_is_closed(room: Room) -> None:
    live = LiveMix(functools.partial(open_in, room.bench.folder), lambda _: None)
    project = room.bench.project(track(clip(room.bench.sound(tone(220.0)))))
    live.show(project, project.timelines[0])
    live.cue(0)
    eventually(lambda: live.is_ready(0))
    name = live._memory.name
    live.close()
    assert not [child for child in multiprocessing.active_children() if child.name == "audiostudio-mixer"]
    with pytest.raises(FileNotFoundError):
        Memory(name)
