"""Samples that were being recorded when the program ended: on the disk, and offered once."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from audiostudio.ui.speech.words import counted

if TYPE_CHECKING:
    from audiostudio.operations.takes import Recording
    from audiostudio.ui.cloning.page import MakerPage

PASSAGE = "passage"
"""What a recorder is told of a sample: which passage is read, by its number."""


class Leftovers(QObject):
    def __init__(self, page: "MakerPage") -> None:
        super().__init__(page)
        self._page = page
        self._looked = False

    def look(self) -> None:
        """Nothing the second time."""
        if self._looked:
            return
        self._looked = True
        studio = self._page.desk.studio

        def left() -> "list[Recording]":
            from audiostudio.operations.takes import left_recordings

            return [one for one in left_recordings(studio) if PASSAGE in one.about]

        self._page.making.background.run(left, self._offer)

    def _offer(self, found: "list[Recording]") -> None:
        jobs = [one.job for one in self._page.desk.jobs.active if one.job.operation == "takes.keep"]
        under_way = {job.request.get("recording") for job in jobs}
        left = [one for one in found if str(one.path) not in under_way]
        if left:
            words = counted(
                len(left),
                self.tr("A sample was not finished the last time."),
                self.tr("%n samples were not finished the last time."),
            )
            bring = (self.tr("Add them"), lambda: self._bring(left))
            self._page.desk.messages.say(words, self.tr("What was said is kept."), action=bring)

    def _bring(self, left: "list[Recording]") -> None:
        self._page.go("samples")
        for one in left:
            self._page.recording.keep(int(one.about[PASSAGE]), Path(one.path), one.about["text"])
