"""Making a voice in the window, from the kind to the result, through its controls."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from audiostudio.errors import EngineFailed
from audiostudio.operations.studio import Studio
from audiostudio.operations.takes import RecordingWriter
from audiostudio.profile import Profile
from audiostudio.sound.files import read_sound
from audiostudio.ui.cloning.engines_dialog import EnginesDialog
from tests.ui.cloning import LEARNER, Booth, OpenBooth, booth, hum, open_booth, runner, sound_file, studies
from tests.ui.services import answering

__all__ = ["booth", "open_booth", "runner", "studies"]


def make(booth: Booth, name: str = "Maya") -> str:
    """From the samples on: a written permission, a name; the voice's id."""
    booth.permit()
    booth.page.go("make")
    booth.write(booth.page.make.name, name)
    booth.studies.go.set()
    made: list[str] = []
    booth.page.made.connect(made.append)
    booth.click(booth.page.make.make)
    booth.until(lambda: made)
    return made[0]


def test_from_the_kind_to_the_voice(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    assert page.step == "kind"
    assert not page.next.isEnabled()
    booth.choose()
    assert page.kind.cards["nearest"].sell.text() == "May be sold"
    assert page.kind.cards["learner"].sell.text() == "May not be sold"
    booth.click(page.next)
    assert page.step == "samples"
    assert "May be sold" in page.sell.text()
    booth.add(*(sound_file(tmp_path / f"{name}.wav", 8.0) for name in ("one", "two", "three")))
    assert [row.verdict.text() for row in page.samples.rows] == ["Good · 86"] * 3
    assert "24 seconds" in page.samples.together.text()
    booth.click(page.next)
    booth.permit()
    booth.click(page.next)
    assert not page.make.make.isEnabled()
    made = make(booth)
    request = booth.studies.requests("voice.create")[0]
    assert [one["name"] for one in request["samples"]] == ["one.wav", "two.wav", "three.wav"]
    assert request["consent"]["whose"] == "permission"
    assert request["consent"]["person"] == "Maya Lindqvist"
    assert page.result.isVisible()
    assert page.result.hear.hasFocus()
    assert "not a clone" in page.result.words.text()
    booth.click(page.result.use)
    assert booth.window.project_desk.session.project.voice.voice == made


def test_an_engine_that_lacks_something_keeps_the_next_step_shut(booth: Booth) -> None:
    """XTTS ships with the program; neither its environment nor its model lies in the test's profile."""
    page = booth.page
    card = page.kind.cards["xtts"]
    booth.until(lambda: card.needs)
    booth.click(card)
    assert {one.kind for one in card.needs} == {"environment", "model"}
    assert "GB" in card.state.text()
    assert not page.next.isEnabled()
    assert any("Step 1" in line for line in page._lacks())
    booth.choose()
    assert page.next.isEnabled()


def test_offers_are_taken_and_undone_and_refused_samples_are_not_used(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    quiet, short = sound_file(tmp_path / "quiet.wav", 8.0, 0.03), sound_file(tmp_path / "short.wav", 1.0)
    before = quiet.read_bytes()
    booth.add(quiet, short)
    first, second = page.samples.rows
    assert first.verdict.text() == "Poor · 41"
    assert "very quiet" in first.reason.text()
    assert second.verdict.text() == "Cannot be used · 5"
    assert not second.buttons
    booth.click(first.buttons["normalise"])
    assert first.spinner.isVisible()
    assert "made better" in page.samples.together.text()
    booth.until(lambda: first.verdict.text() == "Good · 86" and booth.checked())
    assert first.before.text() == "Poor · 41"
    assert "normalised" in first.name.text()
    assert quiet.read_bytes() == before
    booth.click(first.undo)
    booth.until(booth.checked)
    assert first.verdict.text() == "Poor · 41"
    assert not first.before.isVisible()
    booth.click(first.more)
    assert first.findings.isVisible()
    make(booth)
    sent = booth.studies.requests("voice.create")[0]["samples"]
    assert [one["path"] for one in sent] == [str(quiet)]


def test_only_samples_that_cannot_be_used(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    booth.add(sound_file(tmp_path / "short.wav", 1.0))
    assert page.samples.wrong()
    assert not page.next.isEnabled()
    row = page.samples.rows[0]
    booth.click(row.remove)
    assert page.samples.rows == []
    assert page.samples.empty.isVisible()
    toast = booth.window.message_area.toasts[-1]
    booth.click(toast.action)
    booth.until(booth.checked)
    assert len(page.samples.rows) == 1


def test_files_are_dropped(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    page.go("samples")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sound_file(tmp_path / f"{number}.wav", 4.0))) for number in range(2)])
    copy, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, button, keys)
    page.samples.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.samples.dropEvent(QDropEvent(QPointF(9, 9), copy, data, button, keys))
    booth.until(lambda: len(page.samples.rows) == 2 and booth.checked())
    page.samples.dropEvent(QDropEvent(QPointF(9, 9), copy, data, button, keys))
    assert len(page.samples.rows) == 2


def test_passages_are_read_aloud_after_a_listen_to_the_room(booth: Booth) -> None:
    page = booth.page
    booth.choose()
    page.go("samples")
    booth.click(page.samples.record)
    dialog = page.recording.dialog
    assert dialog is not None
    booth.until(lambda: dialog.recorder.sample_rate)
    assert not dialog.record.isEnabled()
    booth.mouth.say(hum(2.0, 0.0008))
    booth.until(lambda: not dialog.listening)
    assert "quiet" in dialog.note.text()
    assert page.making.draft.room == pytest.approx(-65, abs=0.5)
    for place, seconds in ((0, 4.0), (1, 5.0)):
        assert dialog.prompter.line.text() == dialog._passages[place]
        booth.qtbot.keyClick(dialog, Qt.Key.Key_R)
        booth.mouth.say(hum(seconds))
        booth.until(lambda seconds=seconds: dialog.recorder.seconds == seconds)
        booth.qtbot.keyClick(dialog, Qt.Key.Key_Space)
        booth.until(lambda place=place: len(page.samples.rows) == place + 1)
    booth.qtbot.keyClick(dialog, Qt.Key.Key_Up)
    booth.qtbot.keyClick(dialog, Qt.Key.Key_Up)
    booth.qtbot.keyClick(dialog, Qt.Key.Key_R)
    booth.mouth.say(hum(6.0))
    booth.until(lambda: dialog.recorder.seconds == 6.0)
    booth.qtbot.keyClick(dialog, Qt.Key.Key_R)
    booth.until(lambda: [one.passage for one in page.making.draft.samples] == [1, 0] and booth.checked())
    dialog.close()
    paths = [Path(one.now.path) for one in page.making.draft.samples]
    assert [round(read_sound(path).samples.shape[1] / 48_000, 2) for path in paths] == [5.0, 6.0]
    assert all(path.is_relative_to(booth.studio.profile.library) for path in paths)
    assert page.making.draft.samples[0].asset


def test_a_slip_of_the_finger_is_no_sample_and_a_dead_microphone_is_told(booth: Booth) -> None:
    page = booth.page
    booth.choose()
    page.go("samples")
    booth.click(page.samples.record)
    dialog = page.recording.dialog
    booth.until(lambda: dialog.recorder.sample_rate)
    booth.mouth.say(hum(2.0, 0.0))
    booth.until(lambda: not dialog.listening)
    assert "Not a sound" in dialog.note.text()
    assert page.making.draft.room is None
    booth.qtbot.keyClick(dialog, Qt.Key.Key_R)
    booth.mouth.say(hum(0.3))
    booth.until(lambda: dialog.recorder.seconds == pytest.approx(0.3))
    booth.qtbot.keyClick(dialog, Qt.Key.Key_R)
    assert "too short" in dialog.note.text()
    dialog.close()
    assert page.making.draft.samples == []
    assert not list((booth.studio.library.folder / "recordings").iterdir())


def speak_phrase(booth: Booth) -> None:
    page = booth.page
    booth.until(page.consent.phrase.record.isEnabled)
    booth.click(page.consent.phrase.record)
    dialog = page.recording.dialog
    booth.until(dialog.record.isEnabled)
    assert dialog.prompter.line.text() == page.consent.phrase.phrase
    booth.qtbot.keyClick(dialog, Qt.Key.Key_R)
    booth.mouth.say(hum(3.0))
    booth.until(lambda: dialog.recorder.seconds == 3.0)
    asked = len(booth.studies.requests("voice.consent"))
    booth.qtbot.keyClick(dialog, Qt.Key.Key_R)
    booth.until(lambda: len(booth.studies.requests("voice.consent")) > asked and not page.consent.phrase.busy)


@pytest.mark.long
def test_the_phrase_is_spoken_until_it_is_the_phrase(booth: Booth, tmp_path: Path) -> None:
    page, studies = booth.page, booth.studies
    booth.choose(LEARNER)
    booth.add(sound_file(tmp_path / "one.wav"), sound_file(tmp_path / "two.wav"))
    booth.click(page.next)
    consent = page.consent
    assert consent.phrase.phrase == ""
    booth.write(consent.person, "Maya Lindqvist")
    booth.write(consent.scope, "My films")
    booth.until(lambda: "Maya Lindqvist" in consent.phrase.phrase)
    studies.heard = "Something else entirely"
    speak_phrase(booth)
    assert consent.phrase.verdict.text() == "Not accepted"
    assert consent.wrong()
    assert not page.next.isEnabled()
    studies.heard = None
    speak_phrase(booth)
    assert consent.phrase.verdict.text() == "Accepted"
    assert consent.phrase.record.property("kind") == "secondary"
    booth.until(lambda: "color:" in consent.phrase.text.text())
    assert page.next.isEnabled()
    asked = studies.requests("voice.consent")[-1]
    assert asked["samples"] == [str(tmp_path / "one.wav"), str(tmp_path / "two.wav")]
    booth.add(sound_file(tmp_path / "three.wav"))
    page.go("consent")
    assert not page.next.isEnabled()
    booth.click(consent.phrase.compare)
    booth.until(consent.ready)
    page.go("make")
    booth.write(page.make.name, "Maya")
    studies.go.set()
    booth.click(page.make.make)
    booth.until(lambda: page.making.draft.made)
    record = studies.requests("voice.create")[0]["consent"]
    assert record["whose"] == "own"
    assert record["phrase"] == asked["phrase"]
    assert read_sound(Path(record["recording"])).samples.shape[1] == 3 * 48_000
    assert "watermark" in page.result.words.text()


def test_a_permission_says_whether_it_may_be_sold(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav"))
    booth.permit()
    for day, good in (("tomorrow", False), ("2999-01-01", False), ("2026-02-30", False), ("2025-04-09", True)):
        booth.write(page.consent.date, day)
        assert page.consent.ready() == good
    page.go("make")
    assert page.make.sell.text() == "Selling: not known"
    page.go("consent")
    page.consent.permission.sell.setCurrentIndex(2)
    page.consent.permission.sell.activated.emit(2)
    page.go("make")
    assert page.make.sell.text() == "May not be sold"
    assert page.consent.record()["commercial"] is False
    assert page.consent.record()["date"] == "2025-04-09"


def test_nothing_is_lost_when_the_program_ends(open_booth: OpenBooth, tmp_path: Path) -> None:
    booth = open_booth()
    booth.choose()
    quiet = sound_file(tmp_path / "quiet.wav", 8.0, 0.03)
    booth.add(quiet)
    booth.click(booth.page.samples.rows[0].buttons["normalise"])
    booth.until(lambda: booth.page.making.draft.samples[0].before and booth.checked())
    prepared = Path(booth.page.making.draft.samples[0].now.path)
    booth.permit()
    booth.page.go("make")
    booth.write(booth.page.make.name, "Maya")
    booth.page.close()
    prepared.unlink()  # the cache can be emptied at any time
    again = open_booth()
    page = again.page
    assert page.step == "make"
    assert page.make.name.text() == "Maya"
    assert page.consent.person.text() == "Maya Lindqvist"
    again.until(again.checked)
    assert page.making.draft.samples[0].now.path == str(quiet)
    assert page.consent.ready()


def test_a_damaged_draft_is_an_empty_one(open_booth: OpenBooth) -> None:
    booth = open_booth()
    booth.choose()
    booth.page.close()
    path = booth.studio.profile.root / "drafts" / "new.json"
    path.write_bytes(path.read_bytes()[:40])
    again = open_booth()
    assert again.page.making.draft.engine == ""
    again.choose()


def test_making_is_cancelled_and_what_fails_is_told(booth: Booth, tmp_path: Path) -> None:
    page, studies = booth.page, booth.studies
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav"))
    booth.permit()
    page.go("make")
    booth.write(page.make.name, "Maya")
    booth.click(page.make.make)
    booth.until(lambda: "Searching" in page.make.stage.text())
    assert not page.make.make.isVisible()
    assert not page.make.name.isEnabled()
    booth.click(page.make.cancel)
    booth.until(lambda: not page.make.busy)
    assert page.making.draft.made is None
    assert not page.make.error.isVisible()
    studies.refuses = EngineFailed("The engine ended in the middle.", "Try again.")
    studies.go.set()
    booth.click(page.make.make)
    booth.until(page.make.error.isVisible)
    assert page.make.error.text() == "The engine ended in the middle. Try again."
    assert booth.window.message_area.toasts == ()
    studies.refuses = None
    booth.click(page.make.make)
    booth.until(lambda: page.making.draft.made)


def test_again_with_more_samples_while_the_new_one_waits(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav"))
    made = make(booth)
    booth.click(page.result.again)
    assert page.step == "samples"
    assert "Maya" in page.again.text()
    assert page.making.draft.samples == []
    booth.add(sound_file(tmp_path / "two.wav"))
    booth.click(page.next)
    assert "still counts" in page.consent.given.text()
    booth.click(page.next)
    booth.click(page.make.make)
    booth.until(lambda: len(booth.studies.requests("voice.create")) == 2 and page.making.draft.made)
    request = booth.studies.requests("voice.create")[1]
    assert request["voice"] == made
    assert "consent" not in request
    booth.click(page.other)
    assert page.making.draft.again == ""


def test_the_draft_of_a_new_voice_waits_while_another_is_made_again(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav"))
    made = make(booth)
    booth.click(page.result.new)
    assert page.step == "kind"
    booth.add(sound_file(tmp_path / "other.wav"))
    booth.tab.make_again(made)
    assert page.making.draft.samples == []
    booth.click(page.other)
    assert [one.name for one in page.making.draft.samples] == ["other.wav"]


def test_the_voice_and_the_sample_are_heard_in_turns(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav", 3.5))
    made = make(booth)
    heard: list[tuple[str, str]] = []
    page.sounds.changed.connect(lambda key, state: heard.append((key, state)))
    asked: list[tuple[str, dict]] = []
    booth.window.jobs.added.connect(lambda watcher: asked.append((watcher.job.operation, watcher.job.request)))
    for wanted, operation in (("made.voice", "speech.preview"), ("made.sample", "library.listen")):
        booth.click(page.result.compare)
        booth.until(lambda wanted=wanted: (wanted, "playing") in heard)
        assert asked[-1][0] == operation
    assert asked[0][1]["voice"] == made
    assert asked[1][1] == {"path": str(tmp_path / "one.wav")}
    page.sounds.stop()
    booth.until(lambda: not booth.window.jobs.active)


def test_what_an_engine_lacks_is_got_where_engines_are_kept(booth: Booth) -> None:
    card = booth.page.kind.cards["xtts"]
    booth.until(lambda: card.needs)
    with answering(yes=False) as said:
        booth.click(card.mend)
        booth.until(lambda: said)
    assert "may not be sold" in said[0]
    booth.window.findChild(EnginesDialog).close()


def test_the_pages_are_commands(booth: Booth) -> None:
    booth.window.commands.run("cloning.mine")
    assert booth.tab.shown == "mine"
    booth.window.commands.run("cloning.new")
    assert booth.tab.shown == "new"
    assert booth.page.isVisible()
    booth.page.making.draft.engine = "nearest"
    booth.window.commands.run("cloning.record")
    assert booth.page.recording.dialog is not None
    booth.page.recording.dialog.close()


def test_samples_that_could_not_be_checked_are_checked_again(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    page.go("samples")
    booth.studies.deaf = EngineFailed("The worker died.", "Try again.")
    page.making.add([sound_file(tmp_path / "one.wav")])
    booth.until(page.samples.retry.isVisible)
    assert page.samples.together.text() == "The worker died. Try again."
    assert not page.next.isEnabled()
    booth.studies.deaf = None
    booth.click(page.samples.retry)
    booth.until(page.next.isEnabled)


def test_a_voice_is_made_on_while_another_project_is_opened(booth: Booth, tmp_path: Path) -> None:
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav"))
    booth.permit()
    page = booth.page
    page.go("make")
    booth.write(page.make.name, "Maya")
    booth.click(page.make.make)
    booth.until(lambda: "Searching" in page.make.stage.text())
    booth.tab.make_again("mine/0000000000000000")
    assert page.making.draft.again == ""
    before = booth.tab
    booth.window.project_desk.create()
    booth.until(lambda: booth.window.tabs.page("cloning") not in (None, before))
    assert booth.page.make.busy
    assert booth.page.step == "make"
    booth.studies.go.set()
    booth.until(lambda: booth.page.making.draft.made)
    assert [one.card.name for one in booth.studio.voices.voices()] == ["Maya"]
    assert booth.page.result.isVisible()


def test_a_sample_that_a_crash_cut_off_is_offered(open_booth: OpenBooth, profile: Profile) -> None:
    about = {"text": "When the harbour lights went out", "passage": 2}
    with closing(Studio(profile)) as studio, RecordingWriter(studio, 48_000, about) as writer:
        writer.write(hum(4.0))
    again = open_booth()
    again.until(lambda: again.window.message_area.toasts)
    toast = again.window.message_area.toasts[0]
    assert toast.sentence.text() == "A sample was not finished the last time."
    again.click(toast.action)
    again.until(lambda: again.page.making.draft.samples and again.checked())
    sample = again.page.making.draft.samples[0]
    assert sample.passage == 2
    assert read_sound(Path(sample.now.path)).samples.shape[1] == 4 * 48_000
    assert not writer.path.exists()


def test_from_the_result_to_my_voices(booth: Booth, tmp_path: Path) -> None:
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav"))
    made = make(booth)
    booth.click(booth.page.result.list)
    assert booth.tab.shown == "mine"
    assert booth.tab.voices.chosen.voice.id == made


def test_a_voice_in_two_engines_of_the_same_samples(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav"))
    make(booth)
    booth.click(page.result.other)
    booth.choose(LEARNER)
    page.go("make")
    assert "already a voice called “Maya”" in page.make.lacks.text()
    assert not page.make.make.isEnabled()
    booth.write(page.make.name, "Maya cloned")
    booth.click(page.make.make)
    booth.until(lambda: page.making.draft.made)
    first, second = booth.studies.requests("voice.create")
    assert (first["engine"], second["engine"]) == ("nearest", LEARNER)
    assert first["samples"] == second["samples"]
    assert first["consent"] == second["consent"]
    assert [one.card.name for one in booth.studio.voices.voices()] == ["Maya", "Maya cloned"]
