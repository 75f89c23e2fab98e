"""The real window with the library panel, on a library of real files, with the test's ears as the sound card."""

import functools
import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audiostudio import app
from audiostudio.library import AssetKind, AssetSource, Library, MediaInfo, NewAsset
from audiostudio.profile import Profile
from audiostudio.rights import Rights
from audiostudio.sound.files import SoundWriter
from audiostudio.sound.player import Player
from audiostudio.ui.application import Application
from audiostudio.ui.desk import Panels, Tab
from audiostudio.ui.library import LibraryPanel
from tests.sound.remote_output import Ear, RemoteOutput
from tests.ui.conftest import page

RATE = 48_000
Open = Callable[..., LibraryPanel]
Seed = Callable[[Library], None]
STILL = 5
"""Looks, 10 ms apart, in which nothing has moved."""
WORKER = 30_000
"""Milliseconds until a worker process has surely started and answered."""


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    """What would be heard."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    with ours, theirs:
        monkeypatch.setattr(app, "_make_player", lambda: Player(functools.partial(RemoteOutput, theirs)))
        yield Ear(ours)


@pytest.fixture
def open_panel(qtbot: QtBot, qapp: QApplication, profile: Profile, ear: Ear) -> Iterator[Open]:
    """`open_panel(seed)`: the panel in the studio's window; `seed` fills the library before."""
    running: list[Application] = []

    def open_one(seed: Seed | None = None) -> LibraryPanel:
        if seed is not None:
            with Library.open(profile.library) as library:
                seed(library)
        made = Application(
            qapp, app.Services(profile), Panels((Tab("speech", "Text to Speech", "speech", page),), LibraryPanel)
        )
        running.append(made)
        made.window.resize(1600, 1000)
        made.show()
        made.window.activateWindow()
        qtbot.waitUntil(lambda: isinstance(made.window.library.panel, LibraryPanel))
        made.window.library.fold(False)
        panel = made.window.library.panel
        settled(qtbot, panel)
        return panel

    yield open_one
    for made in running:
        made.window.close()
        made.close()
        made.window.deleteLater()


def settled(qtbot: QtBot, panel: LibraryPanel) -> None:
    """Wait until the panel has looked at everything that was written, and stands still: docks glide to their size."""
    places: list[QRect] = []

    def calm() -> bool:
        panel.look_again()
        view = panel.view.viewport()
        places.append(QRect(view.mapToGlobal(QPoint()), view.size()))
        still = len(places) >= STILL and len(set(map(repr, places[-STILL:]))) == 1
        return still and not (panel.writes.busy or panel.reads.busy) and panel._version == panel.library.version()

    qtbot.waitUntil(calm)


def names(panel: LibraryPanel) -> list[str]:
    """The names in the rows, blanks where they have not come."""
    found = (panel.model.asset(row) for row in range(panel.model.total))
    return [asset.name if asset else "" for asset in found]


def toasts(panel: LibraryPanel) -> list[str]:
    return [toast.sentence.text() for toast in panel.window().message_area.toasts]


def undo_button(panel: LibraryPanel) -> object:
    return panel.window().message_area.toasts[-1].action


def choose(panel: LibraryPanel, *wanted: str) -> None:
    """Select rows by name, as a user does with Ctrl and clicks."""
    panel.view.clearSelection()
    here = names(panel)
    for name in wanted:
        index = panel.model.index(here.index(name))
        panel.view.selectionModel().setCurrentIndex(index, panel.view.selectionModel().SelectionFlag.Select)
    panel.view.setFocus()


def sound_file(path: Path, seconds: float = 0.5, channels: int = 1) -> Path:
    wave = 0.4 * np.sin(np.arange(round(RATE * seconds)) * 0.05) * np.linspace(1, 0.1, round(RATE * seconds))
    with SoundWriter(path, RATE, channels) as writer:
        writer.write(np.tile(wave.astype(np.float32), (channels, 1)))
    return path


def picture_file(path: Path, colour: tuple[int, int, int] = (200, 30, 40)) -> Path:
    picture = np.full((90, 160, 3), colour, np.uint8)
    with av.open(str(path), "w", format="image2", options={"update": "1"}) as file:
        stream = file.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "rgb24"
        file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    return path


def film_file(path: Path, frames: int = 60) -> Path:
    """The first third black, the rest green; silent."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number in range(frames):
            picture = np.zeros((90, 160, 3), np.uint8)
            picture[..., 1] = 200 if number >= frames // 3 else 0
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    return path


def add_sound(library: Library, name: str, seconds: float = 0.5, **facts: object) -> str:
    """A voiceover of our own; its id."""
    file = sound_file(library.folder / "new.wav", seconds)
    kind = facts.pop("kind", AssetKind.VOICEOVER)
    rights = facts.pop("rights", Rights("Apache-2.0", True, "Kokoro"))
    new = NewAsset(kind, AssetSource.TTS, name, rights=rights, media=MediaInfo(seconds, RATE, 1), **facts)
    return library.add(file, new).id


def add_file(library: Library, file: Path, kind: AssetKind, media: MediaInfo) -> str:
    return library.add(file, NewAsset(kind, AssetSource.UPLOADED, file.stem, media=media)).id


def add_many(library: Library, count: int) -> None:
    """Tiny documents, quickly."""
    for number in range(count):
        file = library.folder / "new.txt"
        file.write_text(f"Number {number}")
        library.add(file, NewAsset(AssetKind.DOCUMENT, AssetSource.UPLOADED, f"Note {number:04}"))
