"""What wants the user: what in the script is not understood, and lines whose takes need ears. Counted, listed, gone
to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from audiostudio.operations.verdict import Level
from audiostudio.ui.speech.bar import ScriptBar
from audiostudio.ui.speech.editor import ScriptEditor
from audiostudio.ui.speech.script import LineProblem
from audiostudio.ui.speech.writing import Writing

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession
    from audiostudio.ui.speech.takes.checking import Checking
    from audiostudio.ui.speech.takes.ears import EarsList

COUNTED = 200
"""Milliseconds after a change until lines that need ears are counted: all of them are looked at."""


class Attention(QObject):
    def __init__(
        self,
        session: "ProjectSession",
        editor: ScriptEditor,
        bar: ScriptBar,
        writing: Writing,
        checking: "Checking",
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._editor, self._bar, self._writing = session, editor, bar, writing
        self._checking, self._parent = checking, parent
        self.problems: list[LineProblem] = []
        """Of the script."""
        self.ears: EarsList | None = None
        """While it is open."""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COUNTED)
        self._soon.timeout.connect(self._count)
        bar.problems.clicked.connect(self.show_problems)
        bar.ears.clicked.connect(lambda: self.show_ears(bar.ears))
        checking.changed.connect(self.look)
        checking.list_wanted.connect(lambda: self.show_ears(bar.ears))

    def show(self, problems: Sequence[LineProblem]) -> None:
        """What in the script is not understood now."""
        self.problems = list(problems)
        self._bar.show_problems(len(self.problems))
        self.look()

    def look(self) -> None:
        """Takes or what was found in them changed."""
        if not self._soon.isActive():
            self._soon.start()

    def next(self) -> None:
        """The caret to the next part of the script that is not understood, or line whose take needs ears; behind the
        last comes the first."""
        here = self._editor.caret()
        problems = sorted([*self.problems, *self._checking.problems()], key=lambda one: (one.line, one.start))
        after = (one for one in problems if (one.line, one.start) > here)
        problem = next(after, problems[0] if problems else None)
        if problem is not None:
            self._writing.go_to(problem)

    def show_problems(self) -> None:
        menu = QMenu(self._parent)
        menu.setToolTipsVisible(True)
        self._writing.problem_menu(self.problems, menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._bar.problems.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def show_ears(self, anchor: QWidget) -> None:
        """The lines whose takes need ears, with what is wrong with each."""
        from audiostudio.ui.speech.takes.ears import EarsList

        lines = self._session.project.script.lines
        found = [
            (one, lines[one.line].text, self._checking.level(lines[one.line]) or Level.LISTEN)
            for one in self._checking.problems()
        ]
        if not found:
            return
        found = [(one, text, Level.LISTEN if level is Level.GOOD else level) for one, text, level in found]
        self.ears = EarsList(found, self._parent)
        self.ears.chosen.connect(self._writing.go_to)
        self.ears.destroyed.connect(self._closed)
        self.ears.open_at(anchor if anchor.isVisible() else self._bar)

    def close(self) -> None:
        self._soon.stop()
        if self.ears is not None:
            self.ears.close()

    def _closed(self) -> None:
        self.ears = None

    def _count(self) -> None:
        self._bar.show_ears(0 if self._checking.running else len(self._checking.problems()))
