"""The microphone with its real process; only the sound card is the test's."""

import functools
import multiprocessing
import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.errors import DeviceError
from audiostudio.sound.recording import Microphone
from audiostudio.sound.recording_input import LOST, NO_INPUT, PortAudioInput
from audiostudio.sound.recording_process import Devices, Opened, Report, Trouble
from tests.sound.remote_input import Mouth, RemoteInput
from tests.sound.remote_output import eventually


class Listener:
    def __init__(self, microphone: Microphone, mouth: Mouth, pieces: list, reports: list[Report]) -> None:
        self.microphone, self.mouth, self.pieces, self.reports = microphone, mouth, pieces, reports

    @property
    def heard(self) -> NDArray[np.float32]:
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0, np.float32)


@pytest.fixture
def listener() -> Iterator[Listener]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    pieces: list = []
    reports: list[Report] = []
    with ours, theirs, Microphone(pieces.append, reports.append, functools.partial(RemoteInput, theirs)) as microphone:
        yield Listener(microphone, Mouth(ours), pieces, reports)


def test_what_is_said_arrives_whole_and_in_order(listener: Listener) -> None:
    listener.microphone.open()
    eventually(lambda: len(listener.reports) == 2)
    assert listener.reports == [Devices(("Desk microphone", "Headset")), Opened(48_000)]
    said = (np.arange(48_000) / 2**20).astype(np.float32)
    for at in range(0, len(said), 480):
        assert listener.mouth.say(said[at : at + 480]) is None
    eventually(lambda: len(listener.heard) == len(said))
    assert np.array_equal(listener.heard, said)


def test_another_device_can_be_chosen(listener: Listener) -> None:
    listener.microphone.open()
    listener.microphone.open("Headset")
    eventually(lambda: listener.reports.count(Opened(48_000)) == 2)
    assert listener.mouth.say(np.ones(10)) == "Headset"


def test_a_microphone_that_goes_away_is_told(listener: Listener) -> None:
    listener.microphone.open()
    eventually(lambda: Opened(48_000) in listener.reports)
    listener.mouth.lose()
    trouble = eventually(lambda: next((one for one in listener.reports if isinstance(one, Trouble)), None))
    assert trouble.sentence == LOST
    assert "kept" in trouble.hint


def test_none_is_a_sentence(listener: Listener) -> None:
    listener.microphone.open()
    eventually(lambda: Opened(48_000) in listener.reports)
    listener.mouth.refuse()
    listener.microphone.open("Headset")
    trouble = eventually(lambda: next((one for one in listener.reports if isinstance(one, Trouble)), None))
    assert trouble.sentence == NO_INPUT


def test_a_process_that_dies_is_told_and_begun_again(listener: Listener) -> None:
    listener.microphone.open()
    eventually(lambda: Opened(48_000) in listener.reports)
    os.kill(listener.microphone._process.pid, signal.SIGKILL)
    trouble = eventually(lambda: next((one for one in listener.reports if isinstance(one, Trouble)), None))
    assert "ended unexpectedly" in trouble.sentence
    listener.microphone.open("Headset")
    eventually(lambda: listener.reports[-1] == Opened(48_000))
    assert listener.mouth.say(np.ones(10)) == "Headset"
    eventually(lambda: len(listener.heard) == 10)
    assert (listener.heard == 1).all()


def test_this_machine_has_a_microphone_or_says_that_it_has_none() -> None:
    said = ""
    names: list[str] = []
    try:
        names = [str(one) for one in PortAudioInput().devices()]
    except DeviceError as error:
        said = error.sentence
    assert bool(said) != bool(names)
    assert all(names)
