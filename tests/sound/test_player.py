"""The player with its real process and real shared memory; only the sound card is the test's."""

import functools
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.sound.output import NO_OUTPUT
from audiostudio.sound.player import Player
from audiostudio.sound.player_process import AHEAD_SECONDS, BLOCK, KEPT_SECONDS
from audiostudio.sound.ring import State
from tests.sound.remote_output import PATIENCE, Ear, RemoteOutput, eventually

RATE = 48_000
FADE = 192
AHEAD = round(AHEAD_SECONDS * RATE)
KEPT = round(KEPT_SECONDS * RATE)


def ramp(samples: int, first: int = 1) -> NDArray[np.float32]:
    """Each sample tells which it is."""
    return (np.arange(first, first + samples) / 2**20).astype(np.float32)


@pytest.fixture
def ear() -> Iterator[tuple[Ear, functools.partial[RemoteOutput]]]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    with ours, theirs:
        yield Ear(ours), functools.partial(RemoteOutput, theirs)


@pytest.fixture
def player(ear: tuple[Ear, functools.partial[RemoteOutput]]) -> Iterator[Player]:
    with Player(ear[1]) as player:
        yield player


def obeyed(player: Player) -> bool:
    """Whether the process has done all it was told."""
    return player._link.ring is not None and player._link.ring.handled >= player._number


def child_of(player: Player) -> multiprocessing.process.BaseProcess:
    return eventually(
        lambda: next((p for p in multiprocessing.active_children() if p.name == "audiostudio-player"), None)
    )


def test_every_sample_is_heard_once_and_in_order(player, ear):
    sound = ramp(20_000)
    player.load(sound, RATE)
    assert player.position == 0
    player.play()
    heard = ear[0].hear(20_000)
    assert np.array_equal(heard[:, 0], sound)
    assert np.array_equal(heard[:, 1], sound)
    eventually(lambda: player.position == 20_000)
    assert player.problem is None


def test_who_loaded_a_sound_sees_when_another_took_its_place(player):
    mine = player.load(ramp(100), RATE)
    assert player.sound == mine
    player.play()
    player.append(ramp(100))
    assert player.sound == mine
    assert player.load(ramp(100), RATE) == player.sound != mine


def test_the_end_is_announced_once_it_was_heard(player, ear):
    player.load(ramp(5_000), RATE)
    player.play()
    assert player.state == "playing"
    ear[0].hear(4_000)
    assert player.state == "playing"
    ear[0].hear(14 * BLOCK - 4_000)  # the sound ends in the tenth block; four of silence push it out
    eventually(lambda: player.state == "ended")
    assert player.position == 5_000
    player.play()
    assert player.state == "playing"
    assert np.array_equal(ear[0].hear(1_000)[:, 0], ramp(1_000))


def test_stereo_keeps_its_sides(player, ear):
    sound = np.stack([ramp(6_000), -ramp(6_000)])
    player.load(sound, RATE)
    player.play(start=0)
    assert np.array_equal(ear[0].hear(6_000), sound.T)


@pytest.mark.long
def test_a_sound_at_another_rate_is_played_at_its_own_pitch_and_length(player, ear):
    rate = 24_000
    sound = (0.5 * np.sin(2 * np.pi * 1_000 * np.arange(rate) / rate)).astype(np.float32)
    player.load(sound, rate)
    player.play()
    heard = ear[0].hear(RATE)[:, 0]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert abs(np.argmax(spectrum) * RATE / len(heard) - 1_000) <= 1
    eventually(lambda: player.position == rate)


def test_the_position_follows_what_is_heard_at_another_rate(player, ear):
    player.load(ramp(48_000), 24_000)
    player.play()
    ear[0].hear(20_480)
    assert abs(player.position - 10_240) <= 1


def test_a_seek_shows_at_once_and_is_heard_soon(player, ear):
    player.load(ramp(200_000), RATE)
    player.play()
    ear[0].hear(2_048)
    player.seek(100_000)
    assert player.position == 100_000
    eventually(lambda: obeyed(player))
    heard = ear[0].hear(8_192)[:, 0]
    jump = int(np.argmax(heard > 60_000 / 2**20))
    assert jump < 0.06 * RATE + 2 * BLOCK
    assert np.array_equal(heard[-2_000:], ramp(2_000, player.position - 1_999))


def test_a_loop_repeats_exactly(player, ear):
    player.load(ramp(200_000), RATE)
    player.set_loop(24_000, 28_800)
    player.play(24_000)
    heard = ear[0].hear(10 * 4_800)[:, 0].reshape(10, 4_800)
    assert np.array_equal(heard[:, FADE:], np.tile(ramp(4_800, 24_001), (10, 1))[:, FADE:])
    player.set_loop(None)
    ear[0].hear(40_000)
    assert player.position > 28_800


def test_pause_stays_where_hearing_stopped(player, ear):
    player.load(ramp(200_000), RATE)
    player.play(50_000)
    ear[0].hear(2_048)
    eventually(lambda: player._link.ring.waiting >= AHEAD)
    player.pause()
    assert player.state == "stopped"
    eventually(lambda: obeyed(player))
    ear[0].hear(KEPT + 5 * BLOCK)
    assert player.position == 52_048 + KEPT
    player.play()
    eventually(lambda: obeyed(player))
    heard = ear[0].hear(4_096)[:, 0]
    assert np.array_equal(heard[-1_000:], ramp(1_000, player.position - 999))


def test_stop_goes_back_to_the_beginning(player, ear):
    player.load(ramp(200_000), RATE)
    player.play(50_000)
    ear[0].hear(1_024)
    player.stop()
    assert (player.state, player.position) == ("stopped", 0)


def test_what_is_appended_in_time_follows_without_a_seam(player, ear):
    sound = ramp(130_000)
    player.load(sound[:10_000], RATE, complete=False)
    player.play()
    heard = [ear[0].hear(4_096)]
    for start in range(10_000, 130_000, 24_000):
        player.append(sound[start : start + 24_000], complete=start + 24_000 >= 130_000)
        eventually(lambda: obeyed(player))
        heard.append(ear[0].hear(20_480))
    heard.append(ear[0].hear(130_000 - 4_096 - 5 * 20_480))
    assert np.array_equal(np.concatenate(heard)[:, 0], sound)
    assert player.length == 130_000


def test_waiting_for_more_is_playing_and_goes_on_by_itself(player, ear):
    player.load(ramp(4_096), RATE, complete=False)
    player.play()
    ear[0].hear(4_096)
    eventually(lambda: obeyed(player))
    assert player.state == "playing"
    assert player.position == 4_096 - FADE
    player.append(ramp(20_000, 4_097))
    eventually(lambda: obeyed(player))
    heard = ear[0].hear(12_288)[:, 0]
    assert np.array_equal(heard[-2_000:], ramp(2_000, player.position - 1_999))


def test_another_sound_replaces_the_first_and_its_memory_is_freed(player, ear):
    for first in (1, 100_001, 200_001, 300_001):
        player.load(ramp(RATE, first), RATE)
        player.play()
        eventually(lambda: obeyed(player))
        assert player.position == 0
        assert np.array_equal(ear[0].hear(12_288)[-2_000:, 0], ramp(2_000, first + player.position - 2_000))
    eventually(lambda: len(player._link._sounds) == 1)


def test_a_device_that_vanishes_is_said_and_playing_goes_on_where_it_stopped(player, ear):
    player.load(ramp(200_000), RATE)
    player.play()
    ear[0].hear(10_240)
    ear[0].lose()
    eventually(lambda: player.state == "unavailable")
    assert "gone away" in eventually(lambda: player.problem)
    assert player.position == 10_240
    player.play()
    eventually(lambda: player.state == "playing")
    heard = ear[0].hear(4_096)[:, 0]
    assert np.array_equal(heard[FADE:], ramp(4_096, 10_241)[FADE:])
    eventually(lambda: player.problem is None)


def test_without_a_device_nothing_advances_and_everything_else_works(player, ear):
    player.load(ramp(200_000), RATE)
    ear[0].refuse("No sound output was found.")
    player.play(7)
    eventually(lambda: player.state == "unavailable")
    eventually(lambda: player.problem == "No sound output was found.")
    assert player.position == 7
    player.seek(5_000)
    player.pause()
    assert player.position == 5_000
    assert player.devices() == []
    ear[0].refuse(None)
    player.play()
    assert np.array_equal(ear[0].hear(2_048)[FADE:, 0], ramp(2_048, 5_001)[FADE:])
    assert player.state == "playing"
    assert player.devices() == ["Remote"]


def test_unavailable_is_said_together_with_its_reason():
    """The state comes through shared memory and the reason through a pipe: whoever asks sees both or neither."""
    with Player(NoDevice) as player:
        read, take = threading.Event(), player._link._take_answer
        player._link._take_answer = lambda: read.wait(PATIENCE) and take()
        player.load(ramp(1_000), RATE)
        eventually(lambda: obeyed(player) and player._link.ring.state is State.UNAVAILABLE)
        assert (player.state, player.problem) == ("stopped", None)
        read.set()
        eventually(lambda: player.state == "unavailable")
        assert player.problem == NO_OUTPUT


def test_a_killed_process_is_said_and_started_again(player, ear):
    player.load(ramp(200_000), RATE)
    player.play()
    ear[0].hear(4_096)
    before = child_of(player)
    os.kill(before.pid, signal.SIGKILL)
    eventually(lambda: player.state == "unavailable")
    assert "unexpectedly" in player.problem
    assert player.position == 4_096


def test_after_its_process_was_killed_play_goes_on_from_there():
    with Player(SilentDevice) as player:
        player.load(ramp(200_000), RATE)
        player.play(30_000)
        eventually(lambda: player.state == "playing")
        os.kill(child_of(player).pid, signal.SIGKILL)
        eventually(lambda: player.state == "unavailable")
        assert player.position == 30_000
        player.play()
        eventually(lambda: obeyed(player) and player.state == "playing")
        assert player.problem is None


def test_asking_for_devices_of_a_process_that_dies_does_not_wait():
    with Player(DyingDevice) as player:
        assert player.devices(timeout=60.0) == []
        assert player.state == "unavailable"
        player.load(ramp(100), RATE)
        assert player.devices(timeout=60.0) == []


class SilentDevice:
    """Opens and never pulls."""

    lost = False

    def open(self, pull: object, device: str | None) -> int:
        return RATE

    def close(self) -> None:
        pass

    def devices(self) -> list[str]:
        return ["Silent"]


class NoDevice(SilentDevice):
    def devices(self) -> list[str]:
        return []


class DyingDevice(SilentDevice):
    def devices(self) -> list[str]:
        os._exit(1)


def test_nothing_is_left_when_it_is_closed():
    player = Player(SilentDevice)
    player.load(np.zeros((2, 100_000), np.float32), RATE)
    player.append(np.zeros((2, 100), np.float32))
    player.play()
    process = child_of(player)
    eventually(lambda: obeyed(player))
    segments = [name for sound in player._link._sounds for name, _ in sound.loaded.segments]
    names = [player._link.ring.name, *segments]
    player.close()
    assert process not in multiprocessing.active_children()
    assert not [thread for thread in threading.enumerate() if thread.name == "player"]
    for name in names:
        with pytest.raises(FileNotFoundError):
            SharedMemory(name)


def test_a_player_that_was_never_used_starts_nothing():
    with Player() as player:
        assert (player.state, player.position, player.problem) == ("stopped", 0, None)
        assert not [process for process in multiprocessing.active_children() if process.name == "audiostudio-player"]


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_process_dies_with_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import multiprocessing, sys, numpy as np\n"
        "from audiostudio.sound.player import Player\n"
        "from tests.sound.remote_output import eventually\n"
        "from tests.sound.test_player import SilentDevice, child_of, obeyed\n"
        "if __name__ == '__main__':\n"
        "    player = Player(SilentDevice)\n"
        "    player.load(np.zeros(1000, np.float32), 48000)\n"
        "    player.play()\n"
        "    eventually(lambda: obeyed(player))\n"
        "    print(child_of(player).pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    root = str(Path(__file__).parents[2])
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": root},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()
    eventually(lambda: not alive(child))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
