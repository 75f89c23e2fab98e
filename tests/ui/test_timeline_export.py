"""The timeline leaves the window: mix, hand-off, rights sheet, clips dragged out; and speech that is listened to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from audiostudio.sound.files import Sound, probe, read_sound, write_sound
from audiostudio.timeline.editing import arranging, marking, mixing, placing
from audiostudio.timeline.project import AssetReference, Media, Project, new_id
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Content, Marker, Parameter, Range, Track
from audiostudio.ui.desk import Desk, OpenProject, Tab
from audiostudio.ui.timeline.export_form import TextDialog
from audiostudio.ui.timeline.export_handoff import HandOffDialog
from audiostudio.ui.timeline.export_mix import MixDialog
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.conftest import page
from tests.ui.speaking import Desktop, OpenDesktop, open_desktop
from tests.ui.timelines import Hand

__all__ = ["open_desktop"]

RATE = 48_000
SPOKEN = ((0.5, 1.5), (4.0, 5.0))
"""Seconds of the voice that are loud."""


@pytest.fixture
def studio_tabs() -> tuple[Tab, ...]:
    return (Tab("speech", "Script", "speech", page),)


@pytest.fixture
def studio_timeline() -> Callable[[Desk, OpenProject], QWidget]:
    return TimelinePanel


@pytest.fixture
def desktop(open_desktop: OpenDesktop, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    """Six seconds of a voice over eight of music, beside the project."""
    monkeypatch.setattr("audiostudio.ui.timeline.sources.Sources._make", lambda _: None)  # no outlines
    made = open_desktop()
    hand = Hand(made.window)
    folder = hand.work.session.path
    at = np.arange(6 * RATE) / RATE
    loud = sum(((first <= at) & (at < last) for first, last in SPOKEN), np.zeros(len(at), bool))
    write_sound(folder / "voice.wav", Sound((0.3 * loud * np.sin(1_000 * at)).astype(np.float32)[None], RATE))
    at = np.arange(8 * RATE) / RATE
    write_sound(folder / "music.wav", Sound((0.2 * np.sin(3_000 * at)).astype(np.float32)[None], RATE))
    media = [
        Media(name, AssetReference(name, "", f"{name}.wav"), length * RATE, RATE, 1, name.capitalize())
        for name, length in (("voice", 6), ("music", 8))
    ]

    def put(project: Project, timeline: str) -> Project:
        tracks = [Track("v", "Voice", content=Content.SPEECH), Track("m", "Bed", content=Content.MUSIC)]
        placed = [("v", placing.clip_of(media[0], TICKS)), ("m", placing.clip_of(media[1], 0))]
        return placing.place(project, timeline, placed, media=media, tracks=tracks)

    assert hand.work.edit("Put", put)
    return made


@contextmanager
def answering(fill: Callable[[QDialog], object], kind: type[QDialog]) -> Iterator[None]:
    """Fills the next dialog of that kind and accepts it."""
    timer = QTimer()
    timer.setInterval(10)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind):
            timer.stop()
            fill(dialog)
            QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]

    timer.timeout.connect(look)
    timer.start()
    yield
    timer.stop()


def text_dialog(desktop: Desktop) -> TextDialog:
    found: list[TextDialog] = []

    def look() -> bool:
        found[:] = [one for one in QApplication.topLevelWidgets() if isinstance(one, TextDialog) and one.isVisible()]
        return bool(found)

    desktop.until(look)
    return found[0]


def test_the_mix_as_a_file(desktop: Desktop, tmp_path: Path) -> None:
    hand = Hand(desktop.window)
    hand.work.edit("Range", lambda p, t: marking.set_range(p, t, Range(TICKS, 3 * TICKS)))
    marker = Marker(new_id(), 2 * TICKS, "Second", chapter=True)
    hand.work.edit("Chapter", lambda p, t: marking.add_marker(p, t, marker))
    warned: list[str] = []

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, MixDialog)
        dialog.name.setText("Field mix")
        dialog.folder.field.setText(str(tmp_path))
        dialog.format.setCurrentIndex(dialog.format.findData("m4b"))
        assert "Writes Field mix.m4b. 1 chapters" in dialog.note.text()
        dialog.part.setCurrentIndex(dialog.part.findData("selection"))
        assert (dialog.request()["first"], dialog.request()["last"]) == (1.0, 7.0)
        dialog.part.setCurrentIndex(dialog.part.findData("range"))
        dialog.loudness.setCurrentIndex(dialog.loudness.findData(-16.0))
        dialog.stems.setChecked(True)
        dialog.tags["artist"].setText("Emma")
        desktop.until(lambda: dialog.warning.text())
        warned.append(dialog.warning.text())

    hand.work.select([hand.work.document.tracks[0].clips[0].id])
    with answering(fill, MixDialog):
        desktop.window.commands.run("export.mix")
    assert warned == ["Whether this may be sold is not known: “Music”, “Voice”"]
    desktop.until(lambda: "Field mix.m4b was exported." in desktop.toasts())
    toast = next(one for one in desktop.window.message_area.toasts if "m4b" in one.sentence.text())
    assert "−16.0 LUFS" in toast.hint.text()
    assert toast.action is not None
    assert abs((probe(tmp_path / "Field mix.m4b").duration or 0) - 2) < 0.1
    stems = sorted(path.name for path in (tmp_path / "Field mix stems").iterdir())
    assert stems == ["Bed.wav", "Voice.wav"]
    again = MixDialog(hand.work.document, "x", desktop.studio.settings.get("timeline.mix"))
    assert (again.format.currentData(), again.tags["artist"].text(), again.stems.isChecked()) == ("m4b", "Emma", True)
    again.deleteLater()


def test_a_hand_off_and_its_update(desktop: Desktop, tmp_path: Path) -> None:
    hand, commands = Hand(desktop.window), desktop.window.commands
    assert not commands.enabled("export.update_handoff")

    def fill(dialog: QDialog) -> None:
        assert isinstance(dialog, HandOffDialog)
        dialog.editor.setCurrentIndex(dialog.editor.findData("final-cut"))
        assert dialog.version.count() > 5
        dialog.editor.setCurrentIndex(dialog.editor.findData("resolve"))
        assert [dialog.version.itemText(n) for n in range(dialog.version.count())] == ["1.8", "1.9", "1.10"]
        dialog.editor.setCurrentIndex(dialog.editor.findData("kdenlive"))
        assert dialog.format.currentData() == "otio"
        dialog.folder.field.setText(str(tmp_path))

    with answering(fill, HandOffDialog):
        commands.run("export.handoff")
    report = text_dialog(desktop)
    assert "2 tracks, 2 clips" in report.text.toPlainText()
    assert "no difference" in report.text.toPlainText()
    report.write(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == report.text.toPlainText()
    QTest.mouseClick(report.done_, Qt.MouseButton.LeftButton)
    (otio,) = tmp_path.glob("*.otio")
    before = otio.read_bytes()
    hand.work.edit("Move", lambda p, t: placing.move(p, t, [p.timeline(t).tracks[0].clips[0].id], TICKS))
    assert commands.enabled("export.update_handoff")
    commands.run("export.update_handoff")
    report = text_dialog(desktop)
    assert "as before: 2" in report.text.toPlainText()
    QTest.mouseClick(report.done_, Qt.MouseButton.LeftButton)
    assert otio.read_bytes() != before
    commands.run("export.rights")
    sheet = text_dialog(desktop)
    assert "May it be sold? Not known." in sheet.text.toPlainText()
    QTest.mouseClick(sheet.done_, Qt.MouseButton.LeftButton)


def test_nothing_is_exported_of_nothing(desktop: Desktop) -> None:
    commands = desktop.window.commands
    desktop.window.commands.run("edit.undo")
    assert not any(commands.enabled(name) for name in ("export.mix", "export.handoff", "export.rights"))
    commands.run("edit.redo")
    assert commands.enabled("export.mix")


def test_clips_are_dragged_out_as_files(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand(desktop.window)
    dropped: list[Path] = []

    def exec_(drag: QDrag, _actions: object) -> Qt.DropAction:
        data: QMimeData = drag.mimeData()
        dropped.append(Path(data.urls()[0].toLocalFile()))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr("PySide6.QtGui.QDrag.exec", exec_)
    voice, music = (track.clips[0].id for track in hand.work.document.tracks)
    drags = hand.panel.drags

    def drag(*clips: str) -> None:
        """Once it is ready: a busy machine may take longer than a drag waits."""
        drags.expect(clips)
        desktop.until(lambda: drags.file(clips) is not None)
        assert drags.start(hand.canvas, clips)

    drag(voice)
    assert dropped[-1].name == "voice.wav"  # all of the recording: the recording
    hand.work.edit("Softer", lambda p, t: mixing.set_gain(p, t, [music], -6.0))
    hand.work.edit("Trim", lambda p, t: placing.move(p, t, [music], TICKS))
    drag(music)
    library = desktop.studio.profile.library
    assert dropped[-1] == library / "dragged out" / "Music.wav"
    sound = read_sound(dropped[-1])
    assert sound.samples.shape == (2, 8 * RATE)
    assert abs(np.abs(sound.samples).max() - 0.2 * 10**-0.3) < 0.01
    assert drags.file([music]) == dropped[-1]  # and it is not made again
    hand.work.edit("Loud", lambda p, t: arranging.set_loudness(p, t, -23.0))
    assert drags.file([music]) == dropped[-1]
    hand.work.select([music])
    hand.work.edit("Louder", lambda p, t: mixing.set_gain(p, t, [music], -3.0))
    assert drags.file([music]) is None
    hand.show()
    row = hand.canvas.scene.rows().rows[1]
    inside = QPointF(hand.canvas.scene.scale.x(3 * TICKS), row.top + 0.7 * row.height)
    with hand.holding(inside, QPointF(inside.x(), -20)):  # off the tracks, not yet out
        desktop.until(lambda: drags.file([music]) is not None)
        hand.panel.hands.escape()
    drag(voice, music)
    assert dropped[-1].name == "Voice and 1 more.wav"
    assert abs((probe(dropped[-1]).duration or 0) - 8) < 0.01
    drags.expect(None)
    desktop.until(lambda: drags.file(None) is not None)
    title = hand.panel.master.title
    QTest.mousePress(title, Qt.MouseButton.LeftButton)
    QTest.mouseMove(title, QPoint(title.width() // 2, title.height() + 60))
    QTest.mouseRelease(title, Qt.MouseButton.LeftButton)
    assert dropped[-1].name.startswith("Field notes")
    assert len(set(dropped)) == 4
    assert not drags.start(hand.canvas, [])
    assert "There is nothing to drag." in desktop.toasts()


def test_a_sound_from_a_file_manager_gets_a_track_by_its_name(desktop: Desktop, tmp_path: Path) -> None:
    hand = Hand(desktop.window)
    for number, name in enumerate(("Harbour music", "Gulls"), 3):  # each its own: none lands on the one before
        below = QPointF(5, hand.canvas.scene.rows().height + 5)
        write_sound(tmp_path / f"{name}.wav", Sound(np.full((1, RATE), 0.1 / number, np.float32), RATE))
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / f"{name}.wav"))])
        how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(hand.canvas, QDragEnterEvent(below.toPoint(), *how))
        QApplication.sendEvent(hand.canvas, QDropEvent(below, *how))
        desktop.until(lambda number=number: len(hand.work.document.tracks) == number)
    made, gulls = hand.work.document.tracks[2:]
    assert (gulls.name, gulls.clips[0].duration) == ("Gulls", TICKS)
    assert (made.name, made.content, made.clips[0].duration) == ("Music", Content.MUSIC, TICKS)


def test_music_is_ducked_under_speech_with_one_click(desktop: Desktop) -> None:
    hand = Hand(desktop.window)
    hand.work.select_track("m")
    hand.panel.inspector.follow()
    page_ = hand.panel.inspector.track
    assert page_ is not None
    QTest.mouseClick(page_.ducking.go, Qt.MouseButton.LeftButton)
    desktop.until(lambda: hand.work.document.track("m").channel.automated(Parameter.DUCKING))
    points = hand.work.document.track("m").channel.automated(Parameter.DUCKING)
    down = [(left.at / TICKS, right.at / TICKS) for left, right in zip(points[1::4], points[2::4], strict=True)]
    for (first, last), (begin, end) in zip(down, SPOKEN, strict=True):
        assert abs(first - begin - 1) < 0.05
        assert abs(last - end - 1) < 0.05
    assert hand.work.session.history.undo_label == "Duck under speech"
    assert hand.work.lanes() == {"m": (Parameter.DUCKING,)}  # what was drawn is seen
    hand.undo()
    assert not hand.work.document.track("m").channel.automation
