"""The Voice Cloning tab in tests: the real window, disk and recorder; a microphone that the test speaks into; and
stand-ins for what engines and ears would find, which measure what they can in the files."""

import functools
import json
import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from audiostudio.errors import StudioError
from audiostudio.jobs import Operation, Partial, Place, Progress
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.ui.cloning.page import MakerPage
from audiostudio.ui.cloning.tab import CloningTab
from audiostudio.ui.desk import Tab
from audiostudio.ui.main_window import MainWindow
from tests.sound.remote_input import Mouth, RemoteInput
from tests.ui.conftest import OpenWindow
from tests.ui.own_voices import make_voice

RATE = 48_000
PATIENCE = 30_000
NEAREST, LEARNER = "nearest", "learner"
"""Engines of the test: one that matches and may be sold, one that clones and may not."""


def hum(seconds: float, level: float = 0.3, pitch: float = 180.0) -> NDArray[np.float32]:
    times = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * pitch * times)).astype(np.float32)


def sound_file(path: Path, seconds: float = 8.0, level: float = 0.3) -> Path:
    write_sound(path, Sound(hum(seconds, level)[np.newaxis], RATE))
    return path


@dataclass
class Studies:
    """Stand-ins that judge a file by how long and how loud it is; what they were asked."""

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    go: Event = field(default_factory=Event)
    """Making waits for it in the middle."""
    heard: str | None = None
    """What the phrase's recording is said to hold; None: the phrase."""
    deaf: StudioError | None = None
    """Why nothing can be checked."""
    refuses: StudioError | None = None
    """Why no voice can be made."""

    def requests(self, operation: str) -> list[dict[str, Any]]:
        return [request for name, request in self.asked if name == operation]

    def check(self, studio: Studio, request: dict[str, Any]) -> Any:
        self.asked.append(("voice.check", request))
        if self.deaf is not None:
            raise self.deaf
        samples = []
        for number, file in enumerate(request["files"]):
            yield Progress(number / len(request["files"]), "Measuring")
            samples.append(judged(Path(file)))
            yield Partial("sample", samples[-1])
        usable = [one for one in samples if one["verdict"] != "refused"]
        verdict = "good" if usable else "refused"
        seconds = sum(one["seconds"] for one in usable)
        together = {"seconds": seconds, "speakers_agree": True, "verdict": verdict, "hint": ""}
        return {"samples": samples, "together": together | {"sentence": f"{seconds:.0f} seconds of one speaker."}}

    def prepare(self, studio: Studio, request: dict[str, Any]) -> Any:
        self.asked.append(("voice.prepare", request))
        yield Progress(0.5, "Preparing")
        sound = read_sound(Path(request["file"]))
        peak = float(np.abs(sound.samples).max())
        path = studio.profile.cache / "samples" / f"{len(self.asked)}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sound(path, Sound(sound.samples * (0.3 / peak), RATE))
        return {"path": str(path), "sample": judged(path)}

    def consent(self, studio: Studio, request: dict[str, Any]) -> Any:
        self.asked.append(("voice.consent", request))
        yield Progress(0.5, "Listening")
        known = json.loads((studio.profile.root / "phrases.json").read_text())
        text = next(one["text"] for one in known if one["id"] == request["phrase"])
        heard = self.heard if self.heard is not None else text
        accepted = heard == text
        sentence = "It is the phrase, in the voice of the samples." if accepted else "That was another phrase."
        return {"heard": heard, "agreement": 1.0 if accepted else 0.4, "similarity": 0.91 if accepted else 0.0} | {
            "accepted": accepted, "sentence": sentence, "hint": ""
        }  # fmt: skip

    def create(self, studio: Studio, request: dict[str, Any]) -> Any:
        self.asked.append(("voice.create", request))
        yield Progress(0.2, "Comparing voices")
        while not self.go.wait(0.01):
            yield Progress(0.5, "Searching for a nearer one")
        if self.refuses is not None:
            raise self.refuses
        method = "match" if request["engine"] == NEAREST else "clone"
        kept = make_voice(studio, request["name"], method, engine=request["engine"])
        return {"voice": kept.voice.id, "name": request["name"], "similarity": 0.79, "own": 0.93} | {
            "nearest": 0.70,
            "nearest_voice": "tone",
        }

    def operations(self) -> dict[str, Operation]:
        bodies = {"check": self.check, "prepare": self.prepare, "consent": self.consent}
        made = [
            Operation(f"voice.{name}", body, Place.THREAD, queue="files", keep=False) for name, body in bodies.items()
        ]
        made += [Operation(f"voice.{name}", self.create, Place.THREAD) for name in ("create", "retrain")]
        return {one.name: one for one in made}


def judged(path: Path) -> dict[str, Any]:
    """A SAMPLE: too short is refused, too quiet is poor and can be evened out."""
    sound = read_sound(path)
    seconds, level = sound.samples.shape[1] / sound.sample_rate, float(np.abs(sound.samples).max())
    found = [finding("snr", 31.5, "dB", "good", "Speech stands well above the noise.")]
    verdict, score, offers = "good", 86.0, []
    if level < 0.1:
        verdict, score, offers = "poor", 41.0, ["normalise"]
        found.append(finding("level", -38.0, "dBFS", "warn", "It is very quiet.", "Even out the level."))
    if seconds < 3.0:
        verdict, score, offers = "refused", 5.0, []
        found.append(finding("speech", seconds, "s", "refuse", "There is too little speech.", "Record 6 seconds."))
    return {
        "file": str(path), "name": path.name, "seconds": seconds, "speech": seconds, "speech_share": 1.0, "snr": 31.5,
        "noise_floor": -62.0, "clipped": 0, "reverberation": 0.2, "bandwidth": 20_000, "music": 0.0, "speakers": 1,
        "dnsmos": 3.4, "pitch": 180.0, "language": "en", "score": score, "verdict": verdict, "findings": found,
        "offers": offers, "best": [0.0, seconds],
    }  # fmt: skip


def finding(measure: str, value: float, unit: str, level: str, sentence: str, hint: str = "") -> dict[str, Any]:
    return {"measure": measure, "value": value, "unit": unit, "level": level, "sentence": sentence, "hint": hint}


@dataclass
class Booth:
    """A window that shows its Voice Cloning tab."""

    window: MainWindow
    qtbot: QtBot
    studio: Studio
    studies: Studies
    mouth: Mouth

    @property
    def tab(self) -> CloningTab:
        page = self.window.tabs.page("cloning")
        assert isinstance(page, CloningTab)
        return page

    @property
    def page(self) -> MakerPage:
        return self.tab.maker

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def click(self, widget: QWidget) -> None:
        assert widget.isEnabled()
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def write(self, field: Any, text: str) -> None:
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)

    def choose(self, engine: str = NEAREST) -> None:
        self.page.go("kind")
        self.click(self.page.kind.cards[engine])
        self.until(self.page.kind.ready)

    def add(self, *paths: Path) -> None:
        self.page.go("samples")
        self.page.making.add(paths)
        self.until(self.checked)

    def checked(self) -> bool:
        making = self.page.making
        return not making.checking and all(one.now.check is not None for one in making.draft.samples)

    def permit(self) -> None:
        """Somebody's written permission."""
        consent = self.page.consent
        self.page.go("consent")
        self.click(consent.whose.button("permission"))
        self.write(consent.person, "Maya Lindqvist")
        self.write(consent.scope, "Films of this channel")
        self.write(consent.date, "2026-04-09")
        consent.permission.statement.setFocus()
        self.qtbot.keyClicks(consent.permission.statement, "I agree that my voice is made and used in these films.")
        assert consent.ready()


OpenBooth = Callable[[], Booth]


@pytest.fixture
def studies() -> Studies:
    return Studies()


@pytest.fixture
def runner(studies: Studies, profile: Profile) -> Iterator[Runner]:
    """Of the window: real operations but those that need engines."""
    studio = Studio(profile)
    operations = {**OPERATIONS, **studies.operations()}
    with Runner(operations, lambda: studio, worker_command(profile), MemoryStore()) as made:
        yield made
        studies.go.set()
    studio.close()


@pytest.fixture
def open_booth(open_window: OpenWindow, qtbot: QtBot, profile: Profile, studies: Studies) -> Iterator[OpenBooth]:
    profile.engines.mkdir(parents=True)
    for name, cloning, sold in ((NEAREST, "match", True), (LEARNER, "clone", False)):
        manifest = json.loads(Path("resources/engines/tone.json").read_text())
        manifest["capabilities"] |= {"cloning": cloning}
        rights = {"licence": "MIT" if sold else "CPML", "commercial": sold}
        manifest |= {"name": name, "title": name.capitalize(), "rights": rights, "voices": []}
        (profile.engines / f"{name}.json").write_text(json.dumps(manifest))
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    tabs = (Tab("cloning", "Voice Cloning", "user-round", CloningTab),)

    def open_one() -> Booth:
        window = open_window(tabs=tabs)
        window.resize(1280, 800)
        qtbot.waitUntil(lambda: window.tabs.page("cloning") is not None, timeout=PATIENCE)
        booth = Booth(window, qtbot, window.desk.studio, studies, Mouth(ours))
        booth.page.recording.make_input = functools.partial(RemoteInput, theirs)
        return booth

    with ours, theirs:
        yield open_one


@pytest.fixture
def booth(open_booth: OpenBooth) -> Booth:
    return open_booth()
