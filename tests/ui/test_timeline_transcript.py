"""A track edited by what is said on it: real keys, clicks and boxes; the words are known, the silences are measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from audiostudio.sound.files import Sound, write_sound
from audiostudio.sound.silence import Levels
from audiostudio.timeline.editing import arranging, placing, trimming
from audiostudio.timeline.project import Project, TakeWord, Transcript, new_id
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Track
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.timeline.panel import TimelinePanel
from audiostudio.ui.timeline.transcript import TranscriptDialog
from tests.ui.speaking import Desktop, desktop, open_desktop  # noqa: F401
from tests.ui.timelines import Hand

RATE = 48_000
SAID = (("So,", 0.1), ("um,", 0.5), ("we", 1.0), ("we", 1.4), ("sail.", 1.8), ("Ahoy", 5.1), ("sailors", 5.6))
"""Words of 0.3 s; their sound is a tone from 0 to 2.2 and from 5 to 6 seconds."""


@pytest.fixture
def studio_timeline() -> Callable[[Desk, OpenProject], QWidget]:
    return TimelinePanel


@dataclass
class Editing:
    desktop: Desktop
    hand: Hand
    dialog: TranscriptDialog

    @property
    def end(self) -> float:
        return self.hand.work.document.end / TICKS

    def choose(self, number: int) -> None:
        """Click a line of the list, beside its box."""
        listed = self.dialog.proposals.list
        place = listed.visualItemRect(listed.item(number)).center()
        self.desktop.qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def tick(self, number: int) -> None:
        """Click the box of a line."""
        listed = self.dialog.proposals.list
        place = listed.visualItemRect(listed.item(number))
        self.desktop.qtbot.mouseClick(
            listed.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.left() + 12, place.center().y())
        )

    def click(self, piece: int) -> None:
        text = self.dialog.text
        self.desktop.qtbot.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=text.place(piece))


@pytest.fixture
def editing(desktop: Desktop, tmp_path: Path) -> Iterator[Editing]:  # noqa: F811
    """A recording and a linked one on another track, with the dialog of the first."""
    desktop.window.resize(1400, 1000)
    hand = Hand(desktop.window)
    sound = np.zeros(6 * RATE, np.float32)
    for start, end in ((0, 2.2), (5, 6)):
        sound[round(start * RATE) : round(end * RATE)] = 0.4
    sound *= np.sin(np.arange(len(sound), dtype=np.float32) / 20)
    write_sound(tmp_path / "Talk.wav", Sound(sound[np.newaxis], RATE))
    hand.panel.bringing.import_files([str(tmp_path / "Talk.wav")], 0, None)
    desktop.until(lambda: hand.work.document.tracks)
    media = desktop.session.project.media[0]
    words, at, text = [], 0, " ".join(word for word, _ in SAID)
    for word, start in SAID:
        words.append(TakeWord(word, at, at + len(word), round(start * RATE), round((start + 0.3) * RATE)))
        at += len(word) + 1
    desktop.session.set_transcripts(Transcript(media.id, "en", text, tuple(words)))
    first = hand.work.document.tracks[0].clips[0]

    def linked(project: Project, timeline: str) -> Project:
        other = placing.clip_of(media, 0)
        track = Track(new_id(), "Camera")
        project = placing.place(project, timeline, [(track.id, other)], tracks=[track])
        return arranging.group(project, timeline, [first.id, other.id])

    assert hand.work.edit("Link", linked)
    desktop.until(lambda: hand.panel.sources.shown(first).outline() is not None)
    hand.work.select([first.id])
    desktop.window.commands.run("timeline.text")
    dialog = hand.panel.findChild(TranscriptDialog)
    desktop.until(dialog.isVisible)
    yield Editing(desktop, hand, dialog)
    if shiboken6.isValid(dialog):
        dialog.close()


def test_words_light_up_are_gone_to_and_cut_from_all_linked_tracks(editing: Editing) -> None:
    text, hand, keys = editing.dialog.text, editing.hand, editing.desktop.qtbot
    editing.desktop.click(editing.dialog.proposals.kind.findChildren(QWidget)[-1])
    assert text.toPlainText() == "So, um, we we sail.\nAhoy sailors"
    hand.work.show_playhead(round(1.9 * TICKS))
    assert text.lit == 4
    hand.work.show_playhead(round(3 * TICKS))
    assert text.lit is None
    editing.click(5)
    assert hand.work.playhead == round(5.1 * TICKS)
    assert text.lit == 5

    keys.mousePress(text.viewport(), Qt.MouseButton.LeftButton, pos=text.place(5))
    keys.mouseMove(text.viewport(), text.place(6))
    keys.mouseRelease(text.viewport(), Qt.MouseButton.LeftButton, pos=text.place(6))
    assert list(text.chosen()) == [5, 6]
    steps = editing.desktop.session.history.undo_label
    keys.keyClick(text, Qt.Key.Key_Delete)
    assert text.toPlainText() == "So, um, we we sail."
    assert editing.end == pytest.approx(6 - 0.9, abs=0.001)
    one, other = hand.work.document.tracks
    assert [(c.start, c.end, c.source_start) for c in one.clips] == [
        (c.start, c.end, c.source_start) for c in other.clips
    ]
    hand.undo()
    assert editing.end == 6
    assert editing.desktop.session.history.undo_label == steps
    assert text.toPlainText().endswith("Ahoy sailors")


def test_fillers_are_struck_through_and_cut_one_by_one_or_all(editing: Editing) -> None:
    dialog, proposals = editing.dialog, editing.dialog.proposals
    proposals.kind.choose("fillers")
    assert [proposals.list.item(row).text().split("   ")[1] for row in range(2)] == ["“um,”", "“we” twice"]
    assert dialog.text.struck == {1, 2}
    editing.tick(0)
    assert dialog.text.struck == {2}
    editing.desktop.click(proposals.go)
    assert dialog.text.toPlainText().startswith("So, um, we sail.")
    assert editing.desktop.session.history.undo_label == "Cut fillers"
    assert proposals.list.count() == 1
    assert not proposals.one.isEnabled()
    editing.choose(0)
    assert editing.hand.work.playhead == pytest.approx(0.45 * TICKS, abs=0.02 * TICKS)
    editing.desktop.click(proposals.one)
    assert dialog.text.toPlainText().startswith("So, we sail.")
    assert not proposals.go.isEnabled()
    editing.hand.undo()
    editing.hand.undo()
    assert editing.end == 6


def test_a_recording_in_many_pieces_is_looked_at_once(editing: Editing, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float | None] = []
    real = Levels.quiet

    def counted(levels: Levels, threshold: float | None = None, least: float = 0.1) -> list[tuple[int, int]]:
        looks.append(threshold)
        return real(levels, threshold, least)

    monkeypatch.setattr(Levels, "quiet", counted)

    def pieces(project: Project, timeline: str) -> Project:
        for tenth in range(5, 60, 5):
            project = trimming.split(project, timeline, tenth * TICKS // 10)
        return project

    proposals = editing.dialog.proposals
    assert editing.hand.work.edit("Pieces", pieces)
    assert len(editing.hand.work.document.tracks[0].clips) == 12
    assert looks == []
    proposals.least.set_value(0.4)
    assert proposals.list.count() > 3
    assert looks == []
    proposals.threshold.set_value(-40.0)
    assert looks == [-40.0]
    ticked = [piece for piece in editing.dialog._pieces if piece.cut is not None]
    assert len(ticked) == proposals.list.count() == len(proposals.ticked())


def test_silences_are_proposed_by_what_is_measured(editing: Editing) -> None:
    dialog, proposals = editing.dialog, editing.dialog.proposals
    assert proposals.silences
    assert proposals.list.count() == 1
    assert "[2.4 s]" in dialog.text.toPlainText()
    editing.choose(0)
    assert editing.hand.work.playhead == pytest.approx(2.4 * TICKS, abs=0.03 * TICKS)
    proposals.keep.set_value(0.5)
    assert "[1.8 s]" in dialog.text.toPlainText()
    proposals.least.set_value(3.0)
    assert proposals.list.count() == 0
    proposals.least.set_value(1.0)
    editing.desktop.click(proposals.go)
    assert editing.end == pytest.approx(6 - 1.8, abs=0.05)
    assert proposals.list.count() == 0
    assert editing.desktop.session.history.undo_label == "Shorten silences"
    assert len(editing.hand.work.document.tracks[1].clips) == 2


@pytest.mark.parametrize("way", ["escape", "close"])
def test_the_dialog_is_there_once_and_goes(editing: Editing, way: str) -> None:
    hand, dialog = editing.hand, editing.dialog
    editing.desktop.window.commands.run("timeline.text")
    assert hand.panel.findChildren(TranscriptDialog) == [dialog]
    if way == "escape":
        editing.desktop.qtbot.keyClick(dialog.text, Qt.Key.Key_Escape)
    else:
        dialog.close()
    assert not dialog.isVisible()
    hand.undo()  # nothing follows any more
    editing.desktop.window.commands.run("timeline.text")
    (again,) = [one for one in hand.panel.findChildren(TranscriptDialog) if one.isVisible()]
    assert again is not dialog
    again.close()


def test_music_is_listened_to_only_when_asked(editing: Editing) -> None:
    hand, session = editing.hand, editing.desktop.session
    editing.dialog.close()
    track = hand.work.document.tracks[0].id
    session.forget_transcripts(*[media.id for media in session.project.media])
    assert hand.work.edit("Content", lambda p, t: arranging.set_content(p, t, track, "music"))
    editing.desktop.window.commands.run("timeline.text")
    (dialog,) = [one for one in hand.panel.findChildren(TranscriptDialog) if one.isVisible()]
    assert dialog.ask.isVisible()
    assert "Nobody has listened" in dialog.text.placeholderText()
    assert not dialog.busy.isVisible()
    editing.desktop.click(dialog.ask)
    assert dialog.busy.isVisible()
    assert not dialog.ask.isVisible()
    dialog.close()
