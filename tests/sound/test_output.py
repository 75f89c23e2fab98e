"""The real PortAudio, writing through ALSA into a file where there is no sound card."""

import ctypes.util
import sys

import numpy as np
import pytest

from audiostudio.errors import DeviceError
from audiostudio.sound.output import ManualOutput, PortAudioOutput
from audiostudio.sound.player import Player
from tests.sound.remote_output import eventually

needs_alsa = pytest.mark.skipif(
    not sys.platform.startswith("linux") or ctypes.util.find_library("portaudio") is None,
    reason="needs Linux and libportaudio2",
)


@needs_alsa
def test_through_portaudio_every_sample_reaches_the_device(tmp_path, monkeypatch):
    config, heard = tmp_path / "asound.conf", tmp_path / "heard.raw"
    config.write_text(
        'pcm.!default { type plug slave.pcm "to_file" }\n'
        f'pcm.to_file {{ type file slave.pcm "nothing" file "{heard}" format "raw" }}\n'
        "pcm.nothing { type null }\n"
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    sound = (np.arange(1, 40_001) / 2**20).astype(np.float32)
    with Player() as player:
        player.load(np.stack([sound, -sound]), 48_000)
        assert "default" in player.devices()
        assert player.problem is None
        player.play()
        eventually(lambda: player.state == "ended")
        eventually(lambda: player.position == 40_000)  # what the device holds is heard a moment later
    frames = np.fromfile(heard, "<f4").reshape(-1, 2)
    sounding = frames[frames[:, 0] != 0]  # such a device takes frames faster than there are any
    assert np.array_equal(sounding, np.stack([sound, -sound], axis=1))


@needs_alsa
def test_without_a_device_a_sentence_says_so_and_nothing_moves(tmp_path, monkeypatch):
    config = tmp_path / "asound.conf"
    config.write_text("pcm.default { type hw card 31 }\nctl.default { type hw card 31 }\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    with Player() as player:
        player.load(np.ones(1_000, np.float32), 48_000)
        assert player.devices() == []
        eventually(lambda: player.state == "unavailable")
        assert player.problem is not None
        assert player.problem.startswith("No sound output was found")
        player.play(10)
        eventually(lambda: player.state == "unavailable")
        assert player.position == 10


def test_without_portaudio_the_package_is_named(monkeypatch):
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    with pytest.raises(DeviceError) as caught:
        PortAudioOutput().open(lambda *_: None, None)
    assert "libportaudio2" in caught.value.hint
    assert "sounddevice" not in sys.modules


def test_a_manual_output_pulls_only_what_it_is_told():
    asked = []
    output = ManualOutput()
    assert not output.pull(10).any()
    output.open(lambda out, _delay, rate: asked.append((len(out), rate)), None)
    output.pull(480)
    output.lost = True
    output.pull(480)
    assert asked == [(480, 48_000)]
