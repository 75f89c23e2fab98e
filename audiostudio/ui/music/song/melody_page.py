"""The melody of the song: composed to the words, edited in the piano roll, heard phrase by phrase."""

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.jobs import Job, JobState, JsonObject, Outcome
from audiostudio.music.lyrics import parse
from audiostudio.music.plan import Plan
from audiostudio.music.score import Score
from audiostudio.music.song import Song, VocalPart
from audiostudio.timeline import songs
from audiostudio.timeline.schema import decode, encode
from audiostudio.ui.music.making import MakingStrip
from audiostudio.ui.music.song.held import Held
from audiostudio.ui.music.song.melody_bar import MelodyBar
from audiostudio.ui.music.song.roll import keys, notes
from audiostudio.ui.music.song.roll.canvas import RollCanvas, Shown
from audiostudio.ui.music.song.roll.notes import Parts, Ref
from audiostudio.ui.music.song.roll.stage import seconds_to_tick
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.preview import Preview, Previews
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button, EmptyState, Menu

if TYPE_CHECKING:
    from audiostudio.ui.music.work import MusicWork

_RATE = 24_000
_PHRASE = "phrase"


class MelodyPage(QWidget):
    write_wanted = Signal()
    """There are no lyrics yet."""

    def __init__(self, work: "MusicWork", held: Held, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._held = work, held
        self._song: Song | None = None
        self._asked: Song | None = None
        """The song as it was when its melody was asked for last, or stored."""
        self._plan: Plan | None = None
        """Of the melody that is shown."""
        self._storing = False
        self.canvas = RollCanvas(self)
        self.bar = MelodyBar(self.canvas, self)
        self.strip = MakingStrip(work.desk, self)
        self.note = QLabel(self)
        self.note.setProperty("role", "warning")
        self.note.setWordWrap(True)
        self.mend = Button(self.tr("Compose the changed lines"), "secondary", parent=self, small=True)
        self.empty = EmptyState("music-4", "", self.tr("Compose a melody"), self)
        self.background = Background(self)
        self.background.failed.connect(work.desk.messages.error)
        self.listening = Listening(lambda: work.desk.player, self)
        folder = work.desk.studio.profile.cache / "previews"
        self.previews = Previews(work.desk, self.listening, self.background, folder, self)
        self._lay_out()
        self._connect()
        self._show_state()

    @property
    def _names(self) -> dict[str, str]:
        """What edits are called in the undo stack."""
        return {
            "move": self.tr("Move notes"),
            "length": self.tr("Length of notes"),
            "draw": self.tr("Draw a note"),
            "delete": self.tr("Delete notes"),
            "cut": self.tr("Cut notes"),
            "paste": self.tr("Paste notes"),
            "split": self.tr("Split notes"),
            "join": self.tr("Join notes"),
            "quantise": self.tr("Notes on the grid"),
            "transpose": self.tr("Transpose"),
            "word": self.tr("Syllable"),
            "singer": self.tr("Singer of notes"),
        }

    def show_song(self, song: Song | None) -> None:
        before, self._song = self._song, song
        if song is None or (before is not None and before.id != song.id):
            self._plan, self._asked = None, None
            self.canvas.show_parts((), Shown())
        if song is not None and not self._storing and song.vocals:
            self.canvas.show_parts(song.vocals)
        self.canvas.editable = song is not None and not self._work.session.read_only
        self._show_state()
        if self.isVisible() and not self._storing:
            self._refresh()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        (self.canvas if self.canvas.parts else self.empty.button).setFocus(reason)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self._refresh()

    def compose(self) -> None:
        """A melody to the words, kept with the plan that it belongs to; another each time."""
        song = self._song
        if song is not None:
            self._ask(song, keep=True)

    def compose_again(self) -> None:
        """The lines of the chosen notes, or all of them, otherwise than they are."""
        song, chosen = self._song, self.canvas.chosen
        if song is None or not self.canvas.parts:
            return
        refs = chosen or notes.all_of(self.canvas.parts)
        self._compose_lines(song, sorted({ref.note.line for ref in refs}))

    def hear(self, ref: Ref) -> None:
        """One note, as an instrument plays it."""
        if self.bar.sound.isChecked():
            self.previews.stop()
            self.listening.load("note", tone(ref.note.pitch), _RATE, complete=True)
            self.listening.play(0)

    def hear_phrase(self) -> None:
        """The lines of the chosen notes, sung by their singer; again: stop. Nothing chosen: the whole song."""
        song, ref = self._song, self.canvas.first()
        if song is None or ref is None or self._plan is None:
            self._held.toggle()
            return
        lines = sorted({one.note.line for one in self.canvas.chosen if one.part == ref.part})
        whole = songs_with(song, self.canvas.parts, self._plan)
        request: JsonObject = {"song": encode(whole), "part": ref.part, "lines": lines}
        self.previews.toggle(Preview(_PHRASE, request, operation="song.phrase"))

    def close(self) -> bool:
        self.previews.stop()
        self.listening.close()
        self.background.close()
        self.strip.stop()
        self.strip.close()
        return super().close()

    # The melody

    def _refresh(self) -> None:
        """Ask for chords, sections and ranges, and the melody where it was not edited."""
        song = self._song
        if song is None or (song.plan is None and not song.vocals) or not parse(song.lyrics).lines:
            return
        asked = self._asked
        if asked is not None and asked.id == song.id and _sounds_as(asked, song):
            return
        if self._stale():
            return
        self._ask(song)

    def _ask(self, song: Song, keep: bool = False, lines: list[int] | None = None, seed: int = 0) -> None:
        if self.strip.busy:
            return
        request: JsonObject = {"song": encode(song)}
        if lines is not None:
            request |= {"lines": lines, "seed": seed}
        self._asked, self._keep, self._lines = self._song, keep, lines
        self.strip.run(Job("song.melody", request, self.tr("Compose the melody")))

    def _compose_lines(self, song: Song, lines: list[int]) -> None:
        """Lines again; what was shown unedited is kept from now on."""
        import secrets

        whole = songs_with(song, self.canvas.parts, self._plan or song.plan)
        self._ask(whole, keep=True, lines=lines, seed=secrets.randbelow(2**31))

    def _mend(self) -> None:
        song = self._song
        if song is not None:
            self._compose_lines(song, sorted(self._changed_lines(song)))

    def _ended(self, outcome: Outcome) -> None:
        song, asked = self._song, self._asked
        done = outcome.state is JobState.DONE and bool(outcome.result)
        if not done or song is None or asked is None or song.id != asked.id or not _sounds_as(asked, song):
            self._asked = None  # it failed, or the song is another one by now
            self._show_state()
            if done:
                self._refresh()
            return
        result = outcome.result or {}
        parts = tuple(decode(VocalPart, part) for part in result["vocals"])
        self._plan = decode(Plan, result["plan"])
        ranges = tuple((slot, (int(low), int(high))) for slot, (low, high) in result["ranges"].items())
        if self._keep:
            self._store(self.tr("Compose the melody"), parts, self._lines is not None or bool(song.vocals))
        self._asked = self._song
        self.canvas.show_parts(parts, Shown(Score.from_json(result["score"]), ranges))
        self._show_state()

    def _store(self, label: str, parts: Parts, vocals: bool) -> None:
        """Keep the plan, and the notes where they are no longer what it gives by itself."""
        song, plan = self._song, self._plan
        if song is None:
            return
        fields: dict[str, Any] = {"plan": plan} | ({"vocals": parts} if vocals else {})
        self._storing = True
        try:
            self._work.edit(label, lambda project: songs.change(project, song.id, **fields))
        finally:
            self._storing = False
        self._song = self._work.piece

    def _edited(self, step: str, parts: Parts) -> None:
        self._store(self._names[step], parts, True)
        self._asked = self._song
        self._show_state()

    # What is shown

    def _changed_lines(self, song: Song) -> set[int]:
        """Lines whose words are not those of the melody any more."""
        lyrics = parse(song.lyrics)
        sung: dict[int, dict[int, str]] = {}
        for part in self.canvas.parts or song.vocals:
            for note in part.notes:
                sung.setdefault(note.line, {}).setdefault(note.word, note.text)
        found = set()
        for number, line in enumerate(lyrics.lines):
            words = sung.pop(number, {})
            same = len(words) == len(line.words) and all(
                _letters(words[n])[:1] == _letters(word.text)[:1] for n, word in enumerate(line.words) if n in words
            )
            if not same:
                found.add(number)
        return found | ({len(lyrics.lines) - 1} if sung and lyrics.lines else set())

    def _stale(self) -> bool:
        song = self._song
        return song is not None and bool(song.vocals) and bool(self._changed_lines(song))

    def _show_state(self) -> None:
        song = self._song
        words = song is not None and bool(parse(song.lyrics).lines)
        known = bool(self.canvas.parts)
        self._stack.setCurrentWidget(self.canvas if known else self.empty)
        self.bar.setEnabled(known)
        if not words:
            self.empty.sentence.setText(self.tr("A melody is composed to the words: write some first."))
            self.empty.button.setText(self.tr("Write lyrics"))
        else:
            self.empty.sentence.setText(
                self.tr(
                    "Stress on strong beats, phrases that breathe, in the range of each singer. Then edit every note."
                )
            )
            self.empty.button.setText(self.tr("Compose a melody"))
        self.empty.button.setEnabled(not self.strip.busy)
        stale = known and self._stale()
        self.note.setText(self.tr("The lyrics were changed since: some words have no notes.") if stale else "")
        self.note.setVisible(stale)
        self.mend.setVisible(stale)
        self.mend.setEnabled(not self.strip.busy)
        self.bar.show_state(not self._work.session.read_only and not self.strip.busy)

    def _act(self) -> None:
        song = self._song
        if song is None or not parse(song.lyrics).lines:
            self.write_wanted.emit()
        else:
            self.compose()

    def _move(self, seconds: float) -> None:
        score = self.canvas.shown.score
        mine = self._held.asset is not None and self._song is not None and self._held.asset.id in self._song.versions
        self.canvas.set_playhead(seconds_to_tick(score, seconds) if score is not None and mine else None)

    def _seek(self, tick: float) -> None:
        score = self.canvas.shown.score
        if score is not None and self._held.asset is not None:
            self._held.seek(score.seconds_at(tick))

    def _ask_word(self) -> None:
        """Another syllable under the first of the chosen notes."""
        ref = self.canvas.first()
        if ref is None or not self.canvas.editable:
            return
        text, agreed = QInputDialog.getText(
            self, self.tr("Syllable"), self.tr("What is sung on this note"), text=ref.note.text
        )
        if agreed and text.strip() and text != ref.note.text:
            self.canvas.take("word", notes.worded(self.canvas.parts, ref, " ".join(text.split())))

    def _open_menu(self, place: QPoint) -> None:
        canvas, menu = self.canvas, Menu(self)
        chosen = bool(canvas.chosen)
        for words, run, able in (
            (self.tr("Hear it sung") + "\tSpace", self.hear_phrase, chosen),
            (self.tr("Syllable…") + "\tReturn", self._ask_word, chosen),
            (self.tr("Split") + "\tS", lambda: keys.split(canvas), chosen),
            (self.tr("Join") + "\tJ", self.bar.join_notes, chosen),
            (self.tr("On the grid") + "\tQ", lambda: keys.quantise(canvas), bool(canvas.parts)),
            (self.tr("Compose these lines again"), self.compose_again, chosen),
        ):
            action = menu.addAction(words)
            action.setEnabled(able)
            action.triggered.connect(lambda _on=False, run=run: run())
        menu.addSeparator()
        for slot in ("A", "B", "C"):
            action = menu.addAction(self.tr("Sung by {slot}").replace("{slot}", slot))
            action.setEnabled(chosen)
            action.triggered.connect(
                lambda _on=False, slot=slot: canvas.take("singer", notes.sung_by(canvas.parts, canvas.chosen, slot))
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.edited.connect(self._edited)
        canvas.hear_wanted.connect(self.hear)
        canvas.play_wanted.connect(self.hear_phrase)
        canvas.sought.connect(self._seek)
        canvas.word_wanted.connect(self._ask_word)
        canvas.menu_wanted.connect(self._open_menu)
        self.bar.compose_wanted.connect(self.compose_again)
        self.bar.play_wanted.connect(self.hear_phrase)
        self.bar.word_wanted.connect(self._ask_word)
        self.previews.changed.connect(lambda _key, state: self.bar.show_playing(state))
        self.mend.clicked.connect(self._mend)
        self.empty.acted.connect(self._act)
        self.strip.ended.connect(self._ended)
        self.strip.busy_changed.connect(lambda _busy: self._show_state())
        self._held.moved.connect(self._move)
        self._keep, self._lines = False, None

    def _lay_out(self) -> None:
        told = QHBoxLayout()
        told.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        told.setSpacing(GRID)
        told.addWidget(self.note, 1)
        told.addWidget(self.mend)
        strip = QHBoxLayout()
        strip.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        strip.addWidget(self.strip)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.bar)
        column.addLayout(strip)
        column.addLayout(told)
        column.addWidget(self._stack, 1)


def songs_with(song: Song, parts: Parts, plan: Plan | None) -> Song:
    """The song with the melody that is shown."""
    from dataclasses import replace

    return replace(song, vocals=parts, plan=plan)


def _sounds_as(one: Song, other: Song) -> bool:
    """Whether two states of a song have the same melody."""
    return (one.lyrics, one.plan, one.vocals, one.voices, one.prompt, one.brief) == (
        other.lyrics,
        other.plan,
        other.vocals,
        other.voices,
        other.prompt,
        other.brief,
    )


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def tone(pitch: int, seconds: float = 0.4) -> Any:
    """A note of a soft instrument, float32 (n,) at 24 kHz."""
    at = np.arange(round(seconds * _RATE)) / _RATE
    hz = 440.0 * 2.0 ** ((pitch - 69) / 12)
    sound = sum(np.sin(2 * np.pi * hz * n * at) * share for n, share in ((1, 0.6), (2, 0.22), (3, 0.1), (4, 0.05)))
    fall = np.exp(-at * 5.5) * np.minimum(1.0, at / 0.006) * np.minimum(1.0, (seconds - at) / 0.03)
    return (0.5 * sound * fall).astype(np.float32)
