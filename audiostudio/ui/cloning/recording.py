"""What is read aloud into the microphone: passages that become samples, and the phrase of the consent."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from audiostudio.jobs import JsonObject
from audiostudio.sound.recording_input import Input, PortAudioInput
from audiostudio.ui.cloning.leftovers import PASSAGE
from audiostudio.ui.cloning.passages import passages
from audiostudio.ui.cloning.reading import ReadingDialog
from audiostudio.ui.speech.words import filled

if TYPE_CHECKING:
    from audiostudio.ui.cloning.page import MakerPage

FREE = 5
"""Samples in a language that has no passages."""


class Recording(QObject):
    def __init__(self, page: "MakerPage") -> None:
        super().__init__(page)
        self._page, self._making = page, page.making
        self.make_input: Callable[[], Input] = PortAudioInput
        self.dialog: ReadingDialog | None = None

    def samples(self) -> None:
        """Read passages in the language of the voice."""
        draft = self._making.draft
        own_words = self.tr("Tell something in your own words, for ten to twenty seconds: what you did today, say.")
        texts = passages(draft.language or "en-us") or (own_words,) * FREE
        read = sorted(one.passage for one in draft.samples if one.passage is not None)
        first = next((place for place in range(len(texts)) if place not in read), 0)
        abouts = [{PASSAGE: place} for place in range(len(texts))]
        dialog = self._read_aloud(texts, abouts, first=first, read=read, room=draft.room is None)
        dialog.measured.connect(self._measured)
        dialog.recorded.connect(lambda place, path: self.keep(place, Path(path), texts[place]))

    def keep(self, place: int, recording: Path, text: str) -> None:
        """A recording of passage `place` becomes a file of the library, and a sample."""
        name = filled(self.tr("Voice sample {number}"), number=place + 1)

        def kept(asset: str, path: Path) -> None:
            self._making.add([path], asset=asset, name=name, passage=place)

        self._making.keep_recording(recording, name, text, kept)

    def phrase(self) -> None:
        """Speak the phrase of the consent."""
        panel = self._page.consent.phrase
        if not panel.phrase:
            panel.ensure()
            return
        text = panel.phrase
        dialog = self._read_aloud((text,), [{}])

        def spoken(_place: int, path: str) -> None:
            name = filled(self.tr("Consent of {name}"), name=self._making.draft.consent.person.strip())
            self._making.keep_recording(Path(path), name, text, lambda _asset, kept: panel.recorded(kept))
            dialog.reject()

        dialog.recorded.connect(spoken)

    def close(self) -> None:
        if self.dialog is not None:
            self.dialog.close()

    def _read_aloud(
        self,
        texts: tuple[str, ...],
        abouts: list[JsonObject],
        *,
        first: int = 0,
        read: list[int] | None = None,
        room: bool = False,
    ) -> ReadingDialog:
        self._page.sounds.stop()
        dialog = self.dialog = ReadingDialog(
            self._page.desk,
            texts,
            abouts,
            self._page,
            first=first,
            read=read or (),
            room=room,
            make_input=self.make_input,
        )
        dialog.closed.connect(self._closed)
        dialog.show()
        return dialog

    def _closed(self) -> None:
        self.dialog = None

    def _measured(self, level: float) -> None:
        self._making.draft.room = level
        self._making.touch()
