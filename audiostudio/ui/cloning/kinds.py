"""Step 1: which kind of voice, with what may be done with it said before anything is recorded."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.errors import UnknownLanguage
from audiostudio.script.language import FURTHER, LANGUAGES, language
from audiostudio.ui import icons
from audiostudio.ui.cloning.making import Making, makers
from audiostudio.ui.cloning.needs import Need, needs
from audiostudio.ui.cloning.words import kind_name, kind_words, sell_words
from audiostudio.ui.speech.fetching import Fetching
from audiostudio.ui.speech.words import filled, language_name, megabytes
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Badge, Button, Card, ChoiceBox, EmptyState

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest

_READY = ("models.pull", "engines.install", "engines.remove", "cloud.check_key")
"""Jobs after which an engine may be ready."""


class KindCard(Card):
    """An engine: what it makes, whether it may be sold, and what it still needs."""

    mend_wanted = Signal(str)
    """Its name: the user wants what it needs."""

    def __init__(self, engine: "EngineManifest", parent: QWidget | None = None) -> None:
        super().__init__(parent, f"{kind_name(engine)}: {engine.title}")
        self.engine = engine
        self.needs: tuple[Need, ...] = ()
        self.title = QLabel(kind_name(engine), self)
        self.title.setProperty("role", "subheading")
        self.by = QLabel(engine.title, self)
        self.by.setProperty("role", "secondary")
        words, tone = sell_words(engine.rights, engine.capabilities.remote)
        self.sell = Badge(words, tone, self)
        self.sell.setToolTip(filled(self.tr("Licence: {licence}"), licence=engine.rights.licence))
        self.about = QLabel(kind_words(engine), self)
        self.about.setProperty("role", "secondary")
        self.about.setWordWrap(True)
        self._picture = QLabel(self)
        self._picture.setFixedWidth(16)
        self.state = QLabel(self)
        self.state.setProperty("role", "small")
        self.state.setWordWrap(True)
        self.mend = Button(self.tr("Install…"), "secondary", "download", self, small=True)
        self.mend.hide()
        self.mend.clicked.connect(lambda: self.mend_wanted.emit(engine.name))
        for label in (self.title, self.by, self.about, self.state):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lay_out()
        self.show_needs(())

    def show_needs(self, found: tuple[Need, ...]) -> None:
        self.needs = found
        if not found:
            self.state.setText(
                self.tr("Ready. Your account is connected.")
                if self.engine.capabilities.remote
                else self.tr("Ready on this computer.")
            )
        elif found[0].kind == "key":
            self.state.setText(self.tr("Needs an account and its key."))
            self.mend.setText(self.tr("Connect…"))
            self.mend.set_icon("link-2")
        else:
            size = sum(one.size for one in found)
            names = ", ".join(one.title for one in found)
            words = self.tr("Needs: {what} · {size}") if size else self.tr("Needs: {what}")
            self.state.setText(filled(words, what=names, size=megabytes(size)))
            self.mend.setText(self.tr("Install…"))
        self.mend.setVisible(bool(found))
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        name, token = ("info", "warning") if self.needs else ("circle-check", "success")
        self._picture.setPixmap(icons.pixmap(name, token, 14, self.devicePixelRatioF()))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title)
        head.addWidget(self.by, 0, Qt.AlignmentFlag.AlignBottom)
        head.addStretch(1)
        head.addWidget(self.sell)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self._picture)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.mend)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addLayout(foot)


class KindStep(QWidget):
    """Cards, and the language that will be spoken."""

    chosen_for_good = Signal()
    """A card was opened: on to the next step."""
    connect_wanted = Signal()
    """An account with a service."""

    def __init__(self, making: Making, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.making = making
        self.fetching = Fetching(making.desk, self)
        self.cards: dict[str, KindCard] = {}
        self._cards = QVBoxLayout()
        self._cards.setSpacing(GRID)
        self.empty = EmptyState("mic-vocal", self.tr("No engine here can make a voice."), parent=self)
        self.language = ChoiceBox(self.tr("Language of the recordings"), self)
        self.language.setMinimumWidth(220)
        self.language_note = QLabel(self)
        self.language_note.setProperty("role", "warning")
        self.language_note.setWordWrap(True)
        name = self._language_name = QLabel(self.language.accessibleName(), self)
        name.setProperty("role", "secondary")
        name.setBuddy(self.language)
        row = QHBoxLayout()
        row.setSpacing(GRID + HALF)
        row.addWidget(name)
        row.addWidget(self.language)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + HALF)
        column.addLayout(row)
        column.addWidget(self.language_note)
        column.addLayout(self._cards)
        column.addWidget(self.empty)
        column.addStretch(1)
        self.language.activated.connect(lambda _index: self._choose_language())
        making.desk.jobs.changed.connect(self._job_changed)
        making.changed.connect(self.show_draft)
        self.look()

    def look(self) -> None:
        """See anew which engines there are and what they need."""
        engines = makers(self.making.desk)
        if [one.name for one in engines] != list(self.cards):
            for card in self.cards.values():
                self._cards.removeWidget(card)
                card.deleteLater()
            self.cards = {one.name: self._card(one) for one in engines}
        self.empty.setVisible(not engines)
        studio = self.making.desk.studio
        self.making.background.run(lambda: {one.name: needs(studio, one) for one in engines}, self._show_needs)
        self.show_draft()

    def ready(self) -> bool:
        card = self.cards.get(self.making.draft.engine)
        return card is not None and not card.needs and not self.language_note.text()

    def summary(self) -> str:
        engine = self.making.engine
        if engine is None:
            return ""
        return f"{kind_name(engine)}, {engine.title} · {sell_words(engine.rights, engine.capabilities.remote)[0]}"

    def show_draft(self) -> None:
        draft, engine = self.making.draft, self.making.engine
        for name, card in self.cards.items():
            card.set_selected(name == draft.engine)
        known = _languages([engine] if engine is not None else [card.engine for card in self.cards.values()])
        tags = [self.language.itemData(row) for row in range(self.language.count())]
        if tags != known:
            self.language.clear()
            for tag in known:
                self.language.addItem(language_name(tag), tag)
        wanted = _nearest(draft.language or "en-us", known)
        self.language.setCurrentIndex(max(0, self.language.findData(wanted)))
        for widget in (self._language_name, self.language):
            widget.setVisible(bool(known))
        words = ""
        if engine is not None and draft.language and wanted is None:
            words = filled(
                self.tr("{engine} does not speak {language}. Choose another language or another kind of voice."),
                engine=engine.title,
                language=language_name(draft.language),
            )
        self.language_note.setText(words)
        self.language_note.setVisible(bool(words))

    def choose(self, name: str) -> None:
        """An engine."""
        draft = self.making.draft
        if name != draft.engine:
            self.making.reopen()
        draft.engine = name
        engine = self.making.engine
        known = _languages([engine] if engine is not None else [])
        draft.language = _nearest(draft.language or "en-us", known) or draft.language or (known[0] if known else "")
        self.making.touch()

    def mend(self, name: str) -> None:
        """Get what an engine needs."""
        card = self.cards[name]
        if not card.needs:
            return
        if card.needs[0].kind == "key":
            self.connect_wanted.emit()
        elif card.engine.environment:
            from audiostudio.ui.cloning.engines_dialog import open_engines

            open_engines(self.making.desk, name)
        else:
            studio = self.making.desk.studio
            self.fetching.ask([studio.models.manifest(model) for model in card.engine.models])

    def close(self) -> bool:
        self.making.desk.jobs.changed.disconnect(self._job_changed)
        return super().close()

    # Inner

    def _card(self, engine: "EngineManifest") -> KindCard:
        card = KindCard(engine, self)
        card.clicked.connect(lambda: self.choose(engine.name))
        card.opened.connect(lambda: self.chosen_for_good.emit() if self.ready() else None)
        card.mend_wanted.connect(self.mend)
        self._cards.addWidget(card)
        return card

    def _show_needs(self, found: dict[str, tuple[Need, ...]]) -> None:
        for name, card in self.cards.items():
            card.show_needs(found.get(name, ()))
        self.making.changed.emit()

    def _choose_language(self) -> None:
        self.making.draft.language = self.language.currentData()
        self.making.touch()
        if self.making.draft.samples:
            self.making.check()

    def _job_changed(self, watcher: object) -> None:
        if watcher.done and watcher.job.operation in _READY:
            self.look()


def _languages(engines: "list[EngineManifest]") -> list[str]:
    """Tags that any of them speaks and we know, in the order of `LANGUAGES` and `FURTHER`."""
    able = set()
    for tag in {tag for engine in engines for tag in engine.capabilities.languages}:
        try:
            able.add(language(tag).tag)
        except UnknownLanguage:
            continue
    return [one.tag for one in (*LANGUAGES, *FURTHER) if one.tag in able]


def _nearest(wanted: str, known: list[str]) -> str | None:
    """The tag itself, or another of the same language."""
    if wanted in known:
        return wanted
    return next((tag for tag in known if tag.split("-")[0] == wanted.split("-")[0]), None)
