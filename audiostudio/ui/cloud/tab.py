"""The AI Voices tab: the project's one script on the left, as in Text to Speech; services on the right."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.ui.cloud.connect import ConnectPage
from audiostudio.ui.cloud.head import AccountHead
from audiostudio.ui.cloud.services import Services
from audiostudio.ui.speech import SpeechTab
from audiostudio.ui.speech.gallery import Gallery
from audiostudio.ui.speech.voices import Filter
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import SegmentedControl, Separator, steady

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk, OpenProject

ACCOUNT = "account"
VOICES = "voices"
_SHARE = 0.6
"""How much of the column the settings of a voice may take from the gallery."""


class Settings(QScrollArea):
    """As high as what is in it, up to a share of the room; beyond it scrolls."""

    def __init__(self, inner: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        steady(self)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, GRID, 0)
        column.addWidget(inner)
        column.addStretch(1)
        self.setWidget(holder)
        holder.installEventFilter(self)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.widget().sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        room = self.parentWidget().height() if self.parentWidget() else 0
        self.setFixedHeight(min(self.sizeHint().height(), max(160, round(room * _SHARE))))


class VoicesPage(QWidget):
    """The chosen voice and how it speaks, above the gallery."""

    def __init__(self, tab: "CloudTab", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Settings(tab.voice, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addWidget(self._settings)
        column.addWidget(Separator(parent=self))
        column.addWidget(tab.gallery, 1)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        self._settings.fit()


class CloudTab(SpeechTab):
    """Everything of one project and the services. `close()` ends it."""

    def __init__(self, desk: "Desk", project: "OpenProject") -> None:
        super().__init__(desk, project)
        self.services.look()

    def make_gallery(self) -> Gallery:
        return Gallery(self.voices, self, Filter(remote=True))

    def side(self, parent: QWidget) -> QWidget:
        right = QWidget(parent)
        self.services = Services(self.desk, self)
        self.head = AccountHead(self.desk, self.services, right)
        self.strip = SegmentedControl(
            (
                (VOICES, self.tr("Voices")),
                ("design", self.tr("Design")),
                ("effects", self.tr("Effects")),
                ("history", self.tr("History")),
            ),
            right,
            self.tr("Show"),
        )
        self._stack = QStackedWidget(right)
        self.pages: dict[str, QWidget] = {}
        """Those that were shown."""
        for waiting in (self.voice, self.gallery):
            waiting.hide()
        column = QVBoxLayout(right)
        column.setContentsMargins(2 * GRID, 2 * GRID, GRID, 0)
        column.setSpacing(GRID + GRID // 2)
        column.addWidget(self.head)
        column.addWidget(self.strip, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._stack, 1)
        self.strip.changed.connect(self.go)
        self.head.account.toggled.connect(lambda on: self.go(ACCOUNT if on else self.strip.value()))
        self.services.changed.connect(self._services_changed)
        self._arrange()
        return right

    @property
    def shown(self) -> str:
        """The key of the page that is shown."""
        return next((name for name, page in self.pages.items() if page is self._stack.currentWidget()), "")

    @property
    def connect_page(self) -> ConnectPage:
        page = self._page(ACCOUNT)
        assert isinstance(page, ConnectPage)
        return page

    def go(self, name: str) -> None:
        """Show a page."""
        page = self._page(name)
        if name != ACCOUNT:
            self.strip.choose(name)
        self.head.account.blockSignals(True)
        self.head.account.setChecked(name == ACCOUNT)
        self.head.account.blockSignals(False)
        self._stack.setCurrentWidget(page)
        self._show_strip()

    def show_voice(self, voice: str) -> None:
        """Show it among the others."""
        self.look_for_voices()
        self.go(VOICES)
        self.gallery.show_all()
        card = self.gallery.reveal(voice)
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> bool:
        if self._signals is not None:
            for page in self.pages.values():
                page.close()
            self.head.task.close()
            self.services.close()
        return super().close()

    # Inner

    def _page(self, name: str) -> QWidget:
        """Made when it is first asked for."""
        if name not in self.pages:
            self.pages[name] = self._creators()[name]()
            self._stack.addWidget(self.pages[name])
        return self.pages[name]

    def _creators(self) -> dict[str, Callable[[], QWidget]]:
        def connect() -> QWidget:
            needing = next(one for one in self.desk.studio.engines.manifests() if one.needs_key)
            made = ConnectPage(self.desk, self.services, needing.name, self._stack)
            made.connected.connect(lambda: self.go(VOICES))
            made.show_states()
            return made

        def voices() -> QWidget:
            made = VoicesPage(self, self._stack)
            self.voice.show()
            self.gallery.show()
            return made

        def design() -> QWidget:
            from audiostudio.ui.cloud.design import DesignPage

            return DesignPage(self)

        def effects() -> QWidget:
            from audiostudio.ui.cloud.effects import EffectsPage

            return EffectsPage(self)

        def history() -> QWidget:
            from audiostudio.ui.cloud.history import HistoryPage

            return HistoryPage(self)

        return {ACCOUNT: connect, VOICES: voices, "design": design, "effects": effects, "history": history}

    def _services_changed(self) -> None:
        self.look_for_voices()
        self.paying.look()
        self._arrange()

    def _arrange(self) -> None:
        """Without a voice there is only the page that gets some."""
        usable = self.services.usable
        able = {"design": "designs_voices", "effects": "sound_effects", "history": "history"}
        for name, what in able.items():
            self.strip.button(name).setVisible(self.services.able(what) is not None)
        self.head.setVisible(usable)
        self._show_strip()
        if not usable:
            self.go(ACCOUNT)
        elif not self._was_usable:
            self.go(VOICES)
        self._was_usable = usable

    def _show_strip(self) -> None:
        """Where there is more to show than voices."""
        more = any(not self.strip.button(name).isHidden() for name in ("design", "effects", "history"))
        self.strip.setVisible(self.services.usable and more and self.shown != ACCOUNT)

    _was_usable = False
