"""Which engine makes the music: what it can do, whether what it makes may be sold, what it still needs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.jobs import JobState
from audiostudio.music.song import EngineOption
from audiostudio.ui.cloning.needs import needs
from audiostudio.ui.library.details import sale_words
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.speech.fetching import Fetching
from audiostudio.ui.speech.options_panel import OptionsPanel, without_default
from audiostudio.ui.speech.words import filled, megabytes
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Badge, Button, ChoiceBox

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest
    from audiostudio.operations.studio import Studio
    from audiostudio.ui.bridge import JobWatcher

_READY = ("models.pull", "engines.install", "engines.remove")
"""Jobs after which an engine may be ready, or is no more."""


def music_engines(work: MusicWork) -> "list[EngineManifest]":
    """Those that make music, the one that needs least first."""
    found = [one for one in work.desk.studio.engines.manifests() if one.capabilities.music]
    return sorted(found, key=lambda one: (bool(one.environment), not one.capabilities.score, one.title))


class Missing(NamedTuple):
    """What an engine still needs here."""

    kind: str
    """`key`, `environment` or `model`."""
    name: str
    """Of a model in the store."""
    title: str
    size: int
    """Bytes to fetch; 0 where nobody knows."""


class EngineChoice(QWidget):
    chosen = Signal(str)
    """An engine's name."""
    options_chosen = Signal(tuple)
    """`EngineOption`s that are not at their default."""
    needs_known = Signal()

    def __init__(self, work: MusicWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._engines = {one.name: one for one in music_engines(work)}
        self._needs: tuple[Missing, ...] | None = None
        self._looked: tuple[int, tuple[EngineOption, ...]] | None = None
        """For what it was looked up last what is missing."""
        self._fetching = Fetching(work.desk, self)
        self._options: tuple[EngineOption, ...] = ()
        self.box = ChoiceBox(self.tr("Engine"), self)
        for name, engine in self._engines.items():
            self.box.addItem(QCoreApplication.translate("Engines", engine.title), name)
        self.sale = Badge("", "plain", self)
        self.state = QLabel(self)
        self.state.setProperty("role", "small")
        self.state.setWordWrap(True)
        self.install = Button(self.tr("Install…"), "secondary", "download", self, small=True)
        self.install.hide()
        self.panel = OptionsPanel(self)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.box, 1)
        head.addWidget(self.sale)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.install)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addLayout(foot)
        column.addWidget(self.panel)
        self.box.activated.connect(lambda _index: self.chosen.emit(self.box.currentData()))
        self.panel.changed.connect(self._option)
        self.install.clicked.connect(self._install)
        work.desk.jobs.changed.connect(self._job_changed)

    @property
    def engine(self) -> "EngineManifest | None":
        """None where there is none at all."""
        return self._engines.get(self.box.currentData())

    @property
    def usable(self) -> bool:
        """Whether nothing is known to be missing."""
        return self.engine is not None and not self._needs

    def show_engine(self, name: str, options: tuple[EngineOption, ...]) -> None:
        index = max(0, self.box.findData(name))
        anew = (index, options) != self._looked
        self._looked = index, options
        self.box.setCurrentIndex(index)
        self._options = options
        engine = self.engine
        if engine is None:
            self.state.setText(self.tr("No engine here makes music."))
            return
        words, tone = sale_words(engine.rights)
        self.sale.setText(words)
        self.sale.setProperty("tone", tone)
        self.sale.style().polish(self.sale)
        self.sale.setToolTip(filled(self.tr("Licence: {licence}"), licence=engine.rights.licence))
        self.panel.show_options(engine.capabilities.options, dict(options))
        self.panel.setVisible(bool(engine.capabilities.options))
        if anew:
            self.look()

    def look(self) -> None:
        """See anew what the engine needs."""
        engine, options, studio = self.engine, dict(self._options), self._work.desk.studio
        if engine is not None:
            self._work.clerk.ask(lambda: _needs(studio, engine, options), self._show_needs, "music needs")

    def close(self) -> bool:
        self._work.desk.jobs.changed.disconnect(self._job_changed)
        return super().close()

    def _show_needs(self, found: "tuple[Missing, ...]") -> None:
        self._needs = found
        engine = self.engine
        assert engine is not None
        if found:
            size = sum(one.size for one in found)
            words = self.tr("Needs: {what} · {size}") if size else self.tr("Needs: {what}")
            told = filled(words, what=", ".join(one.title for one in found), size=megabytes(size))
        elif engine.capabilities.score:
            told = self.tr("Ready. Makes a score that you can edit, and stems.")
        else:
            told = self.tr("Ready on this computer.")
        self.state.setText(told)
        self.install.setVisible(bool(found))
        self.needs_known.emit()

    def _install(self) -> None:
        from audiostudio.ui.cloning.engines_dialog import open_engines

        engine, found = self.engine, self._needs or ()
        if engine is None:
            return
        models = [one.name for one in found if one.kind == "model"]
        if len(models) < len(found) or set(models) & set(engine.models):
            open_engines(self._work.desk, engine.name)
        else:  # only a model that was chosen is missing
            self._fetching.ask([self._work.desk.studio.models.manifest(name) for name in models])

    def _option(self, name: str, value: str | None) -> None:
        kept = without_default(self._options, name, value)
        self._options = tuple([EngineOption(one, other) for one, other in kept.items()])
        self.options_chosen.emit(self._options)

    def _job_changed(self, watcher: "JobWatcher") -> None:
        if watcher.job.operation in _READY and watcher.state is JobState.DONE:
            self.look()


def _needs(studio: "Studio", engine: "EngineManifest", options: Mapping[str, str]) -> tuple[Missing, ...]:
    """With the models that are chosen among the engine's options. Looks at the disk: beside the window."""
    models = [name for name in engine.models if not studio.models.present(name)]
    rest = [Missing(one.kind, "", one.title, one.size) for one in needs(studio, engine) if one.kind != "model"]
    known = set(studio.models.names())
    for option in engine.capabilities.options:
        value = options.get(option.name, option.default)
        if option.kind == "choice" and value in known and value not in models and not studio.models.present(value):
            models.append(value)
    manifests = [studio.models.manifest(name) for name in models]
    return (*rest, *[Missing("model", one.name, one.title, one.download) for one in manifests])
