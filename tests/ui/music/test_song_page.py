"""The Song page with the real window, project and workers: words, singers, melody, karaoke, words for a track."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QMenu

from audiostudio.library import Asset, AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.music.plan import Brief
from audiostudio.music.planning import plan
from audiostudio.music.song import EngineOption, SlotVoice, Song, Writing
from audiostudio.sound.files import SoundWriter
from audiostudio.ui.music.song import timed
from audiostudio.ui.music.song.making import request_of
from audiostudio.ui.music.song.page import SongPage
from audiostudio.ui.music.song.roll.notes import Ref
from tests.ui.music.band import Band, band, open_desktop, profile, studio_tabs, studio_timeline

__all__ = ["band", "open_desktop", "profile", "studio_tabs", "studio_timeline"]

LYRICS = "[Verse]\nA: The lights go out behind the rain\nB: You left a window open\n[Chorus]\nA+B: Carry me home\n"


@pytest.fixture
def page(band: Band) -> SongPage:
    band.tab.go("song")
    made = band.tab.pages["song"]
    assert isinstance(made, SongPage)
    return made


def begin(band: Band, lyrics: str = LYRICS) -> Song:
    band.tab.work.begin(
        Writing.CUSTOM,
        title="Rain",
        lyrics=lyrics,
        prompt="calm pop at 100 bpm",
        voices=(SlotVoice("A", "hibari_heart"),),
    )
    return band.piece


def menus() -> list[QMenu]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QMenu) and one.isVisible()]


def pick(band: Band, words: str) -> None:
    """In the menu that is open."""
    band.until(menus)
    (menu,) = menus()
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()


def test_words_that_are_typed_are_the_songs_and_can_be_undone(band: Band, page: SongPage) -> None:
    editor = page.write.lyrics.editor
    assert not page.write.generate.isEnabled()
    band.click(page.write.lyrics.sections["Verse"])
    band.type(editor, "Hello rain")
    assert band.piece.lyrics == "[Verse 1]\nHello rain"
    assert page.write.generate.isEnabled()
    editor.gutter.clicked.emit(1, QPoint(0, 0))
    pick(band, "A + B together")
    assert band.piece.lyrics == "[Verse 1]\nA+B: Hello rain"
    assert [row.isHidden() for row in page.write.singers.rows.values()] == [False, False, True]
    band.undo()
    assert editor.text() == "[Verse 1]\nHello rain"
    band.until(lambda: editor.gutter.syllables.get(1) == 3)


@pytest.mark.long
def test_long_lyrics_are_typed_into_without_waiting(band: Band, page: SongPage) -> None:
    text = "\n".join(f"Line {number} of words" for number in range(5000))
    begin(band, text)
    editor = page.write.lyrics.editor
    assert editor.document().blockCount() == 5000
    band.type(editor, "x")
    assert band.piece.lyrics.startswith("xLine 0")
    band.until(lambda: len(editor.lyrics.lines) == 5000)


@pytest.mark.long
def test_a_word_that_rhymes_is_written_at_the_caret(band: Band, page: SongPage) -> None:
    begin(band, "The Rain")
    panel, editor = page.write.lyrics, page.write.lyrics.editor
    editor.setFocus()
    band.key(editor, Qt.Key.Key_End)
    band.click(panel.rhyme)
    band.until(lambda: panel.rhymes.words.count() > 5)
    found = [panel.rhymes.words.item(row).text() for row in range(panel.rhymes.words.count())]
    assert "train" in found
    panel.rhymes.words.setCurrentRow(found.index("train"))
    band.key(panel.rhymes.words, Qt.Key.Key_Return)
    assert band.piece.lyrics == "The Train"


@pytest.mark.long
def test_words_are_written_by_rule_and_said_to_be(band: Band, page: SongPage) -> None:
    begin(band, "Old words")
    panel = page.write.lyrics
    panel.mode.choose(Writing.AUTO)
    band.type(panel.auto.prompt, "rain at night")
    band.click(panel.auto.write)
    band.until(lambda: band.piece.lyrics != "Old words")
    assert "[" in band.piece.lyrics
    assert panel.auto.notes.isVisible()
    assert panel.auto.notes.text()
    band.undo()
    assert panel.editor.text() == "Old words"


def test_the_melody_is_composed_edited_by_keys_and_undone(band: Band, page: SongPage) -> None:
    begin(band)
    page.go("melody")
    band.click(page.melody.empty.button)
    canvas = page.melody.canvas
    band.until(lambda: canvas.parts)
    assert band.piece.plan is not None
    assert band.piece.vocals == ()  # what the plan gives by itself is not kept twice
    sung = " ".join(note.text for note in canvas.parts[0].notes)
    assert sung.startswith("The lights go out")
    assert canvas.shown.score is not None
    first = canvas.parts[0].notes[0]
    canvas.choose(frozenset({Ref(0, first)}))
    band.key(canvas, Qt.Key.Key_Up)
    band.key(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert band.piece.vocals[0].notes[0].pitch == first.pitch - 11
    band.key(canvas, Qt.Key.Key_S)
    assert [note.text for note in band.piece.vocals[0].notes[:2]] == ["The", "The"]
    band.key(canvas, Qt.Key.Key_Delete)
    band.undo()
    band.undo()
    assert canvas.parts[0].notes[0].pitch == first.pitch - 11
    band.undo()
    band.undo()
    assert band.piece.vocals == ()
    band.until(lambda: canvas.parts[0].notes[0] == first)


@pytest.mark.long
def test_notes_are_dragged_and_drawn_with_the_mouse(band: Band, page: SongPage) -> None:
    begin(band)
    page.go("melody")
    page.melody.compose()
    canvas = page.melody.canvas
    band.until(lambda: canvas.parts)
    view, first = canvas.viewport(), canvas.parts[0].notes[0]

    def at(tick: float, pitch: int) -> QPoint:
        return QPointF(canvas.stage.x(tick), canvas.stage.y(pitch) + canvas.stage.row / 2).toPoint()

    start, goal = at(first.start + first.length / 2, first.pitch), at(first.start + first.length / 2, first.pitch + 2)
    qtbot = band.desktop.qtbot
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, goal)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=goal)
    assert band.piece.vocals[0].notes[0] == first._replace(pitch=first.pitch + 2)
    band.key(canvas, Qt.Key.Key_D)
    count, last = len(canvas.parts[0].notes), canvas.parts[0].notes[-1]
    canvas.reveal(Ref(0, last))
    place = at(last.start + last.length + 240, last.pitch)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place)
    assert len(band.piece.vocals[0].notes) == count + 1
    assert {ref.note.text for ref in canvas.chosen} == {last.text}


@pytest.mark.long
def test_lines_that_were_changed_are_told_and_composed_alone(band: Band, page: SongPage) -> None:
    begin(band)
    page.go("melody")
    page.melody.compose()
    canvas = page.melody.canvas
    band.until(lambda: canvas.parts)
    canvas.choose(frozenset({Ref(0, canvas.parts[0].notes[0])}))
    band.key(canvas, Qt.Key.Key_Up)
    kept = [note for note in band.piece.vocals[0].notes if note.line == 0]
    band.tab.work.change("Words", lyrics=LYRICS.replace("You left a window open", "Nobody ever told me why"))
    assert page.melody.note.isVisible()
    band.click(page.melody.mend)
    band.until(lambda: not page.melody.note.isVisible())
    parts = {(part.slot, part.role): part.notes for part in band.piece.vocals}
    assert [note for note in parts["A", "lead"] if note.line == 0] == kept
    assert "".join(note.text for note in parts["B", "lead"] if note.line == 1).startswith("Nobody")


@pytest.fixture
def track(band: Band, tmp_path: Path) -> Asset:
    at = np.arange(12 * 48000) / 48000
    sound = (0.3 * np.sin(2 * np.pi * 220 * at)).astype(np.float32)
    path = tmp_path / "track.wav"
    with SoundWriter(path, 48000, 1, "wav") as writer:
        writer.write(sound[np.newaxis])
    new = NewAsset(AssetKind.MUSIC, AssetSource.UPLOADED, "Cassette", media=MediaInfo(12.0, 48000, 1))
    return band.desktop.studio.library.add(path, new)


def test_a_track_gets_words_by_tapping_and_keeps_them(band: Band, page: SongPage, track: Asset) -> None:
    page.go("words")
    band.click(page.words.empty.button)
    page.held.hold(track.id)
    for picker in [one for one in QApplication.topLevelWidgets() if type(one).__name__ == "TrackPicker"]:
        picker.reject()
    band.until(lambda: page.held.asset is not None)
    page.words.editor.setFocus()
    QApplication.clipboard().setText(LYRICS)
    page.words.editor.paste()
    band.until(lambda: page.words.lines)
    page.words.set_tapping("word")
    view = page.words.track
    for moment in (1.0, 1.5, 2.25, 3.0):
        view.set_position(moment)
        band.key(view, Qt.Key.Key_Space)
    band.key(view, Qt.Key.Key_Backspace)
    words = page.words.lines[0].words
    assert [round(word.start, 2) for word in words[:3]] == [1.0, 1.5, 2.25]
    assert [word.fixed for word in words[:4]] == [True, True, True, False]
    assert view.next_word is not None
    assert view.next_word.text == "out"
    page.words.save()
    band.until(lambda: page.words.saved.text() == "Saved with the track")
    kept = band.desktop.studio.library.get(track.id).detail
    assert timed.read(kept["lyrics"]) == timed.read(timed.write(page.words.lines))
    assert kept["lyrics_text"] == LYRICS

    page.go("karaoke")
    assert len(page.karaoke.view.lines) == 3
    band.key(page.karaoke.view, Qt.Key.Key_Down)
    band.until(lambda: page.held.playing or page.held.position > 0)
    page.karaoke.view.setFocus()
    band.key(page.karaoke.view, Qt.Key.Key_F11)
    stage = page.karaoke.stage
    assert stage is not None
    band.key(stage.view, Qt.Key.Key_Escape)
    assert page.karaoke.stage is None
    page.work.sounds.stop()


def test_words_that_were_just_typed_stay_with_their_track(band: Band, page: SongPage, track: Asset) -> None:
    page.go("words")
    page.held.hold(track.id)
    band.until(lambda: page.held.asset is not None)
    page.words.editor.set_text("Carry me home")
    page.words.editor.edited.emit("Carry me home")
    page.held.hold("")  # before it is read
    library = band.desktop.studio.library
    band.until(lambda: "lyrics_text" in library.get(track.id).detail)
    detail = library.get(track.id).detail
    assert detail["lyrics_text"] == "Carry me home"
    assert [line["text"] for line in detail["lyrics"]["lines"]] == ["Carry me home"]


@pytest.mark.long
def test_words_are_exported_as_they_are_now(band: Band, page: SongPage, track: Asset, tmp_path: Path) -> None:
    page.held.hold(track.id)
    band.until(lambda: page.held.asset is not None)
    page.go("words")
    page.words.editor.set_text("Carry me home")
    page.words.editor.edited.emit("Carry me home")
    band.until(lambda: page.words.lines)
    page.exports.write("lrc", tmp_path / "out.lrc")
    band.until((tmp_path / "out.lrc").is_file)
    assert "Carry" in (tmp_path / "out.lrc").read_text(encoding="utf-8")
    library = band.desktop.studio.library
    (tmp_path / "notes.mid").write_bytes(b"MThd and notes")
    notes = library.add(tmp_path / "notes.mid", NewAsset(AssetKind.DOCUMENT, AssetSource.COMPOSED, "Notes"))
    library.update_detail(track.id, {"midi": notes.id})
    page.held.refresh()
    band.until(lambda: page.held.asset is not None and "midi" in page.held.asset.detail)
    (tmp_path / "out.mid").write_bytes(b"what was there before")
    page.exports.write("midi", tmp_path / "out.mid")
    band.until(lambda: (tmp_path / "out.mid").read_bytes() == b"MThd and notes")


@pytest.mark.full
def test_a_song_is_made_and_comes_into_hand(band: Band, page: SongPage) -> None:
    begin(band, "[Verse]\nA: Carry me home\n")
    band.click(page.write.generate)
    band.until(lambda: band.piece.versions)
    band.until(lambda: page.held.lines)
    asset = page.held.asset
    assert asset is not None
    assert asset.id == band.piece.versions[0]
    assert [word.text for word in page.held.lines[0].words] == ["Carry", "me", "home"]
    assert band.piece.plan is not None
    assert page.deck.isVisible()
    wanted: list[list[str]] = []
    page.desk.errands.timeline_wanted.connect(wanted.append)
    band.click(page.deck.timeline)
    pick(band, "Voices and music as two tracks")
    named = {one["name"]: one["asset"] for one in asset.detail["stems"]}
    assert wanted == [[named["vocals"], named["instrumental"]]]


@pytest.mark.long
def test_a_text_server_is_added_with_a_warning_and_forgotten(band: Band, page: SongPage) -> None:
    begin(band, "Old words")
    auto = page.write.lyrics.auto
    page.write.lyrics.mode.choose(Writing.AUTO)
    band.click(auto.add)
    assert auto.dialog is not None
    band.click(auto.dialog.agree)
    assert "Name" in auto.dialog.warning.text()
    band.type(auto.dialog.title, "Kitchen")
    band.type(auto.dialog.model, "small")
    band.type(auto.dialog.address, "http://127.0.0.1:9/v1")
    band.click(auto.dialog.agree)
    assert auto.writer.currentText() == "Kitchen"
    assert [one.title for one in band.desktop.studio.accounts.writers.servers()] == ["Kitchen"]
    band.click(auto.forget)
    assert auto.writer.currentData() == "offline"
    assert band.desktop.studio.accounts.writers.servers() == ()


def test_an_engine_without_scores_is_asked_for_neither_plan_nor_stems() -> None:
    song = Song(
        "one", prompt="calm", plan=plan(Brief(seed=1)), engine="musicgen", options=(EngineOption("top_k", "9"),)
    )
    asked = request_of(song, scores=False)
    assert (asked["plan"], asked["stems"], asked["midi"]) == (None, False, False)
    assert asked["options"] == {"top_k": "9"}
    assert request_of(song, scores=True)["plan"] is not None


@pytest.mark.full
def test_without_words_the_music_alone_is_made(band: Band, page: SongPage) -> None:
    band.tab.work.begin(Writing.CUSTOM, title="Rain", prompt="chiptune, 5 seconds")
    band.click(page.write.lyrics.mode.button(Writing.INSTRUMENTAL))
    assert not page.write.lyrics.editor.isVisible()
    band.tab.go("song")
    band.click(page.write.generate)
    band.until(lambda: page.held.asset is not None)
    assert page.held.asset is not None
    assert page.held.asset.kind == AssetKind.MUSIC
    assert band.piece.plan is not None
