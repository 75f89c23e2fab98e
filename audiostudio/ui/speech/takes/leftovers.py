"""Recordings that a crash kept from becoming takes: offered once, when the library is open."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from audiostudio.timeline.project import Line
from audiostudio.ui.speech.words import counted

if TYPE_CHECKING:
    from audiostudio.operations.takes import Recording
    from audiostudio.ui.speech.background import Background
    from audiostudio.ui.speech.tab import SpeechTab


class Leftovers(QObject):
    def __init__(self, tab: "SpeechTab", background: "Background") -> None:
        super().__init__(tab)
        self._tab, self._background = tab, background
        self._looked = False

    def look(self, _reason: object = None) -> None:
        """Offer what is left of this project; nothing the second time, or while another tab is shown."""
        if self._looked or not self._tab.isVisible() or self._tab.session.read_only:
            return
        self._looked = True
        studio = self._tab.desk.studio

        def left() -> "list[Recording]":
            from audiostudio.operations.takes import left_recordings

            return left_recordings(studio)

        self._background.run(left, self._offer)

    def _offer(self, found: "list[Recording]") -> None:
        here = self._tab.session.project.id
        left = [one for one in found if one.about.get("project") == here and "line" in one.about]
        if left:
            words = counted(
                len(left),
                self.tr("A recording was not finished the last time."),
                self.tr("%n recordings were not finished the last time."),
            )
            bring = (self.tr("Bring in"), lambda: self._bring(left))
            self._tab.desk.messages.say(words, self.tr("What was said is kept."), action=bring)

    def _bring(self, left: "list[Recording]") -> None:
        self._tab.deck.go("takes")
        page = self._tab.deck.page("takes")
        lines = {line.id: line for line in self._tab.session.project.script.lines}
        for one in left:
            line = lines.get(one.about["line"]) or Line(one.about["line"], one.about["text"])
            page.bringing.recording(line, one.path)
