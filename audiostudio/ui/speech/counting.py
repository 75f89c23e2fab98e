"""What is counted after a change of the script: at once where it is small, beside the window where it is large."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.script import BeyondOf, LineProblem, ScriptState, Summary, line_problems
from audiostudio.ui.speech.voiceover import Voiceover

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.speech.editor import ScriptEditor

SMALL = 20_000
"""Characters of a script that is counted at every keystroke; a larger one beside the window."""
Figures = tuple[Summary, Voiceover, list[LineProblem]]


def figures(script: ScriptState, voices: frozenset[str], beyond: BeyondOf) -> Figures:
    """`voices`: the ids that markup may name."""
    voiceover = Voiceover.of(script) if script.project.takes else Voiceover()
    return script.summary(), voiceover, line_problems(script.project, voices, beyond)


class Counting(QObject):
    counted = Signal(object)
    """`Figures`."""

    def __init__(
        self,
        session: "ProjectSession",
        script: ScriptState,
        editor: "ScriptEditor",
        voices: Callable[[], frozenset[str]],
        beyond: BeyondOf,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._script, self._editor = session, script, editor
        self._voices, self._beyond = voices, beyond
        self.background = Background(self)
        self._busy = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.now)

    def soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start(60 if self._small else 400)

    def now(self) -> None:
        self._soon.stop()
        if self._small:
            self.counted.emit(figures(self._script, self._voices(), self._beyond))
        elif not self._busy:
            project = self._session.project
            frozen = ScriptState(project, self._script.everywhere)
            ids, self._busy = self._voices(), True

            def done(found: Figures) -> None:
                self._busy = False
                self.counted.emit(found)
                if self._session.project is not project:
                    self.soon()

            self.background.run(lambda: figures(frozen, ids, self._beyond), done)

    def close(self) -> None:
        self._soon.stop()
        self.background.close()

    @property
    def _small(self) -> bool:
        return len(self._editor.text()) <= SMALL
