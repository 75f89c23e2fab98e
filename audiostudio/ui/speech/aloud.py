"""What is heard in the tab: previews of the script, of voices and of words; and the script lights what sounds."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from audiostudio.jobs import JsonObject
from audiostudio.timeline.project import Take, VoiceChoice
from audiostudio.ui.speech.preview import Preview
from audiostudio.ui.speech.script import delivery, first_sentence, line_request, preview_lines, silence, speakable
from audiostudio.ui.speech.voiceover import Placed, Spot
from audiostudio.ui.speech.voices import preview_choice, sample_sentence

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab

SCRIPT = "script"
"""Key of the preview that reads along."""
_INSTANT = "speech.preview_instant"


class Aloud(QObject):
    def __init__(self, tab: "SpeechTab") -> None:
        super().__init__(tab)
        self._tab = tab
        self._said_problem: str | None = None
        self._warm: set[tuple[str, str | None]] = set()
        """Engines and languages that were asked to be ready."""

    def connect_all(self) -> None:
        """Once the tab has all its parts."""
        tab = self._tab
        tab.bar.preview.clicked.connect(self.preview)
        tab.bar.preview_mode.connect(self.set_instant)
        tab.bar.show_preview_mode(self.instant())
        tab.voice.preview_wanted.connect(lambda: self.preview_voice(tab.casting.choice.voice))
        tab.gallery.preview_wanted.connect(self.hear_sample)
        tab.previews.changed.connect(self._show_preview)
        tab.previews.outlined.connect(tab.gallery.show_outline)
        tab.previews.word_said.connect(self._show_word)
        tab.listening.changed.connect(self._say_problem)
        tab.counting.counted.connect(self.warm)
        tab.result.said.connect(self._show_spot)

    def preview(self) -> None:
        """Read from the caret's line on; a second time: stop."""
        if self._tab.previews.key is not None:
            self._tab.previews.stop()
            return
        first = self._first_speakable(self._tab.editor.line())
        if first is None:
            return
        project = self._tab.session.project
        lines = [line for line in preview_lines(project, first) if speakable(line.text) or silence(line.text)]
        asked = [line_request(project, line, self._tab.script.pronouncing) for line in lines]
        if self.instant():
            for line, one in zip(lines, asked, strict=True):
                instant = self._tab.voices.instant(project.voice_of(line))
                one |= delivery(line.text, instant, line.performance, self._tab.script.pronouncing(line))
        if not self._tab.own.require({one["voice"] for one in asked if speakable(one["text"])}):
            return
        numbers = {line.id: number for number, line in enumerate(project.script.lines)}
        self._tab.previews.start(Preview(SCRIPT, {"lines": asked}, numbers))

    def warm(self) -> None:
        """Have the instant voice ready for the caret's line, that a preview is heard at once."""
        first = self._first_speakable(self._tab.editor.line()) if self.instant() else None
        if first is None:
            return
        project = self._tab.session.project
        line = project.script.lines[first]
        voice = self._tab.voices.instant(project.voice_of(line))
        engine = self._tab.voices.engine(voice.voice)
        if engine is None or not engine.capabilities.instant or (engine.name, voice.language) in self._warm:
            return
        self._warm.add((engine.name, voice.language))
        self._tab.previews.warm(delivery(first_sentence(project), voice, (), self._tab.script.pronouncing(line)))

    def preview_voice(self, name: str) -> None:
        """Hear a voice say the script's first sentence."""
        project = self._tab.session.project
        voice = preview_choice(self._tab.voices, self._tab.casting.choice, project.language, name)
        text = first_sentence(project) or sample_sentence(voice.language or project.language)
        if self._tab.own.require([voice.voice]):
            self._tab.previews.toggle(Preview(name, self._delivery(text, voice), outlined=True))

    def hear_sample(self, name: str) -> None:
        """Hear the ready sample of a voice, else the script's first sentence."""
        voice = self._tab.voices.get(name)
        if voice is not None and voice.preview:
            self._tab.previews.toggle(Preview(name, {"voice": name}, operation="cloud.preview", outlined=True))
        else:
            self.preview_voice(name)

    def hear(self, key: str, text: str, voice: VoiceChoice) -> None:
        """Hear a text in a voice; a second time: stop."""
        if voice.language is None:
            voice = replace(voice, language=self._tab.session.project.language)
        self.play_request(key, self._delivery(text, voice))

    def play_request(self, key: str, request: JsonObject) -> None:
        """Hear what a request of `speech.preview` asks for; a second time: stop."""
        if self._tab.own.require([request["voice"]]):
            self._tab.previews.toggle(Preview(key, request))

    def listen(self) -> None:
        """In the script: hear it from the caret's line on. Elsewhere: play or pause the result."""
        if self._tab.previews.key is not None:
            self._tab.previews.stop()
        elif self._tab.listening.playing:
            self._tab.listening.pause()
        elif not self._tab.editor.hasFocus():
            self._tab.result.toggle()
        else:
            first = self._first_speakable(self._tab.editor.line())
            if first is not None and not self._tab.result.play_line(self._tab.session.project.script.lines[first].id):
                self.preview()

    def hear_take(self, take: Take) -> None:
        self._tab.previews.stop()
        self._tab.result.take(Placed(take, 0, take.text))

    def light(self, word: tuple[str, int, str] | None) -> None:
        """Light a word by its line's id, the place there and itself; None: nothing is heard."""
        place = None if word is None else self._number_of(word[0])
        self._show_word(None if word is None or place is None else (place, *word[1:]))

    def instant(self) -> bool:
        return bool(self._tab.desk.settings.get(_INSTANT, True))

    def set_instant(self, instant: bool) -> None:
        self._tab.remember(_INSTANT, instant)
        self._tab.bar.show_preview_mode(instant)

    # Inner

    def _delivery(self, text: str, voice: VoiceChoice) -> JsonObject:
        words = self._tab.script.pronouncing.of(text, voice.language or self._tab.session.project.language)
        return delivery(text, voice, (), words)

    def _first_speakable(self, start: int) -> int | None:
        lines = self._tab.session.project.script.lines
        after = (number for number in range(start, len(lines)) if speakable(lines[number].text))
        return next(after, next((number for number, line in enumerate(lines) if speakable(line.text)), None))

    def _number_of(self, line_id: str) -> int | None:
        lines = self._tab.session.project.script.lines
        return next((number for number, line in enumerate(lines) if line.id == line_id), None)

    def _show_spot(self, spot: Spot | None) -> None:
        if self._tab.previews.key == SCRIPT:
            return
        place = None if spot is None or spot.word is None else self._number_of(spot.line)
        if place is None or spot is None or spot.word is None:
            if spot is None or not self._tab.listening.playing:
                self._tab.editor.show_silence()
            return
        self._tab.editor.show_said(place, spot.word.source_start, spot.said)

    def _show_word(self, word: tuple[int, int, str] | None) -> None:
        if word is None:
            self._tab.editor.show_silence()
        else:
            self._tab.editor.show_said(*word)

    def _show_preview(self, key: str, state: str) -> None:
        if key == SCRIPT:
            self._tab.bar.show_preview(state)
        else:
            self._tab.gallery.show_state(key, state)
        if key == self._tab.casting.choice.voice:
            self._tab.voice.show_state(state)

    def _say_problem(self) -> None:
        """Once for each reason, where the result does not say it."""
        problem = self._tab.listening.problem
        if problem is not None and problem != self._said_problem and not self._tab.result.isVisible():
            self._tab.desk.messages.say(problem, tone="warning")
        self._said_problem = problem
