"""A phrase that nobody could have recorded before: spoken, recognised word by word, compared with the samples."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JsonObject
from audiostudio.ui.cloning.making import Making
from audiostudio.ui.cloning.spoken import Spans, coloured, spans
from audiostudio.ui.speech.words import filled
from audiostudio.ui.theme import GRID, set_property, tokens
from audiostudio.ui.widgets import Badge, Button, Spinner

if TYPE_CHECKING:
    from audiostudio.ui.cloning.sounds import Sounds

KEY = "consent"


class PhrasePanel(QWidget):
    record_wanted = Signal()

    def __init__(self, making: Making, sounds: "Sounds", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._making, self._sounds = making, sounds
        self._dress = tokens()
        self._issuing = False
        self._asking = False
        self._spans: tuple[tuple[str, str], Spans] | None = None
        """Of which phrase and which words heard."""
        self.about = QLabel(
            self.tr("Say this phrase. It was made up just now, so no old recording can say it for you."), self
        )
        self.about.setProperty("role", "secondary")
        self.about.setWordWrap(True)
        self.box = QFrame(self)
        self.box.setProperty("surface", "panel")
        self.text = QLabel(self.box)
        self.text.setProperty("role", "heading")
        self.text.setWordWrap(True)
        self.record = Button(self.tr("Record the phrase…"), "primary", "mic", self)
        self.play = Button(self.tr("Hear it"), "secondary", "play", self)
        self.another = Button(self.tr("Another phrase"), "secondary", "refresh-cw", self)
        self.compare = Button(self.tr("Compare again"), "secondary", "refresh-cw", self)
        self.spinner = Spinner(16, self)
        self.verdict = Badge("", "plain", self)
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.figures = QLabel(self)
        self.figures.setProperty("role", "small")
        self.figures.setWordWrap(True)
        self.figures.setTextFormat(Qt.TextFormat.PlainText)
        self._lay_out()
        self.record.clicked.connect(self.record_wanted)
        self.another.clicked.connect(self.issue)
        self.compare.clicked.connect(self.ask)
        self.play.clicked.connect(lambda: sounds.file(KEY, making.draft.consent.recording))
        sounds.changed.connect(self._show_state)
        making.changed.connect(self.show_draft)
        self.show_draft()

    @property
    def phrase(self) -> str:
        """What is to be said; empty while there is none that counts."""
        consent = self._making.draft.consent
        return "" if consent.phrase is None or consent.expired() else str(consent.phrase["text"])

    @property
    def busy(self) -> bool:
        return self._issuing or self._asking

    def missing(self) -> list[str]:
        """What still has to be done, as sentences."""
        consent = self._making.draft.consent
        if self._asking:
            return [self.tr("The phrase is being listened to.")]
        if not consent.recording or consent.answer is None:
            return [self.tr("Record the phrase.")]
        if consent.expired():
            return [self.tr("The phrase is older than a day: ask for another one and record it.")]
        if not consent.answer["accepted"]:
            return [self.tr("Record the phrase once more.")]
        if self._stale():
            return [self.tr("Compare the phrase with the samples again: they have changed.")]
        return []

    def issue(self) -> None:
        """Ask for a new phrase; what was recorded does not count any more."""
        if self._issuing:
            return
        from audiostudio.operations.voices import consent

        studio, (person, language) = self._making.desk.studio, self._wanted()
        self._issuing = True

        def came(phrase: JsonObject) -> None:
            self._issuing = False
            draft = self._making.draft.consent
            draft.phrase, draft.phrase_for = phrase, [person, language]
            draft.recording, draft.answer, draft.compared = "", None, []
            self._making.touch()

        def failed(error: StudioError) -> None:
            self._issuing = False
            self._making.failed.emit(error)
            self.show_draft()

        self._making.beside(lambda: consent.issue(studio, language, person), came, failed)
        self.show_draft()

    def ensure(self) -> None:
        """There is a phrase for the person, in the language of the samples, that can still be spoken."""
        consent = self._making.draft.consent
        person, language = self._wanted()
        settled = consent.answer is not None and consent.answer["accepted"] and not consent.expired()
        fits = bool(self.phrase) and consent.phrase_for == [person, language]
        if person and not fits and not settled:
            self.issue()

    def recorded(self, path: Path) -> None:
        """It was spoken."""
        consent = self._making.draft.consent
        consent.recording, consent.answer = str(path), None
        self._making.touch()
        self.ask()

    def ask(self) -> None:
        """Whether it is the phrase, in the voice of the samples."""
        draft = self._making.draft
        consent = draft.consent
        if consent.phrase is None or not consent.recording or self._asking:
            return
        samples = [one.now.path for one in draft.usable]
        request = {"phrase": consent.phrase["id"], "recording": consent.recording, "samples": samples}

        def done(answer: JsonObject) -> None:
            self._asking = False
            consent.answer, consent.compared = answer, samples
            self._making.touch()

        def failed(error: StudioError | None) -> None:
            self._asking = False
            if error is not None:
                consent.answer = {
                    "heard": "", "agreement": None, "similarity": None, "accepted": False,
                    "sentence": error.sentence, "hint": error.hint,
                }  # fmt: skip
            self._making.touch()

        self._asking = True
        self._making.run(Job("voice.consent", request, self.tr("Compare the phrase")), done, failed)
        self.show_draft()

    def _wanted(self) -> tuple[str, str]:
        """Who will say it, in which language."""
        draft = self._making.draft
        return " ".join(draft.consent.person.split()), draft.language or "en-us"

    def show_draft(self) -> None:
        consent = self._making.draft.consent
        answer, text = consent.answer, self.phrase
        accepted = answer is not None and answer["accepted"]
        shown = str(consent.phrase["text"]) if accepted and consent.phrase else text
        if answer is not None and shown:
            self._show_words(shown, answer["heard"])
        else:
            waiting = self.tr("A phrase is being made up…")
            self.text.setText(shown or (waiting if self._issuing else self.tr("First your name: it is in the phrase.")))
            self.text.setTextFormat(Qt.TextFormat.PlainText)
        samples = bool(self._making.draft.usable)
        self.record.set_kind("secondary" if accepted else "primary")
        self.record.setText(self.tr("Record it again…") if consent.recording else self.tr("Record the phrase…"))
        self.record.setEnabled(bool(text) and samples and not self.busy)
        self.record.setToolTip("" if samples else self.tr("First the samples: it is compared with them"))
        self.play.setVisible(bool(consent.recording))
        self.another.setEnabled(bool(consent.phrase) and not self.busy)
        self.compare.setVisible(answer is not None and self._stale() and not self.busy)
        self.spinner.setVisible(self.busy)
        self._show_answer(answer)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and self._dress is not tokens() and self._spans is not None:
            self._dress = tokens()
            (text, _heard), found = self._spans
            if self.text.textFormat() == Qt.TextFormat.RichText:
                self.text.setText(coloured(text, found))
        super().changeEvent(event)

    # Inner

    def _stale(self) -> bool:
        consent = self._making.draft.consent
        return sorted(consent.compared) != sorted(one.now.path for one in self._making.draft.usable)

    def _show_answer(self, answer: JsonObject | None) -> None:
        self.verdict.setVisible(answer is not None and not self.busy)
        self.figures.setVisible(answer is not None and not self.busy)
        if self.busy:
            self.words.setText(self.tr("Listening to the phrase…") if self._asking else "")
            set_property(self.words, "role", "secondary")
        elif answer is None:
            samples = bool(self._making.draft.usable)
            words = "" if samples else self.tr("Add samples first: the phrase is compared with them.")
            self.words.setText(words)
            set_property(self.words, "role", "secondary")
        else:
            self.verdict.setText(self.tr("Accepted") if answer["accepted"] else self.tr("Not accepted"))
            set_property(self.verdict, "tone", "success" if answer["accepted"] else "error")
            self.words.setText(f"{answer['sentence']} {answer.get('hint', '')}".strip())
            set_property(self.words, "role", "secondary" if answer["accepted"] else "error")
            self._show_figures(answer)

    def _show_figures(self, answer: JsonObject) -> None:
        parts = []
        if answer.get("agreement") is not None:
            parts.append(filled(self.tr("Words heard: {share}"), share=f"{answer['agreement']:.0%}"))
        if answer.get("similarity"):  # 0: wrong words are not compared
            words = self.tr("Likeness to the samples: {number} (the same person: about 0.9; strangers: 0.5 to 0.7)")
            parts.append(filled(words, number=f"{answer['similarity']:.2f}"))
        if answer.get("heard"):
            parts.append(filled(self.tr("Heard: “{words}”"), words=answer["heard"]))
        self.figures.setText("\n".join(parts))

    def _show_words(self, text: str, heard: str) -> None:
        key = (text, heard)
        if self._spans is not None and self._spans[0] == key:
            self.text.setTextFormat(Qt.TextFormat.RichText)
            self.text.setText(coloured(text, self._spans[1]))
            return
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setText(text)
        phrase = self._making.draft.consent.phrase or {}
        language = str(phrase.get("language", "en"))

        def came(found: Spans) -> None:
            self._spans = key, found
            self.show_draft()

        if heard:
            self._making.beside(lambda: spans(text, heard, language), came, lambda _error: None)

    def _show_state(self, key: str, state: str) -> None:
        on = key == KEY and state != "idle"
        self.play.setText(self.tr("Stop") if on else self.tr("Hear it"))
        self.play.set_icon("square" if on else "play")

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self.box)
        inner.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        inner.addWidget(self.text)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for widget in (self.record, self.play, self.compare, self.another):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        result = QHBoxLayout()
        result.setSpacing(GRID)
        result.addWidget(self.spinner, 0, Qt.AlignmentFlag.AlignTop)
        result.addWidget(self.verdict, 0, Qt.AlignmentFlag.AlignTop)
        result.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + GRID // 2)
        column.addWidget(self.about)
        column.addWidget(self.box)
        column.addLayout(buttons)
        column.addLayout(result)
        column.addWidget(self.figures)
