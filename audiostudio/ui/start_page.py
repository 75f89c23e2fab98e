"""The first thing a newcomer sees: what can be made, and what was made lately."""

import math
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QEvent, QLineF, QLocale, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from audiostudio.ui import icons
from audiostudio.ui.projects import RecentProject
from audiostudio.ui.theme import GRID, HALF, RADIUS_LARGE, tokens
from audiostudio.ui.widgets import Card, FlowLayout, IconButton, SectionHeader

WIDTH = 880


class _Emblem(QWidget):
    """An icon on a tile in a kind's colour."""

    def __init__(self, icon: str, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._kind = icon, kind
        self.setFixedSize(40, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = tokens().kind(self._kind)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(colour)
        ground.setAlpha(36)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect(), RADIUS_LARGE, RADIUS_LARGE)
        painter.drawPixmap(10, 10, icons.coloured(self._icon, colour.name(), 20, self.devicePixelRatioF()))


class StartCard(Card):
    """Something that can be begun."""

    def __init__(self, icon: str, title: str, text: str, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, title)
        self.setAccessibleDescription(text)
        heading = QLabel(title, self)
        heading.setProperty("role", "subheading")
        words = QLabel(text, self)
        words.setProperty("role", "secondary")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(_Emblem(icon, kind, self))
        column.addSpacing(GRID)
        column.addWidget(heading)
        column.addWidget(words, 1)
        self.setMinimumWidth(200)
        self.setMinimumHeight(184)


class RecentRow(Card):
    """A project that was open lately."""

    forgotten = Signal()

    def __init__(self, project: RecentProject, parent: QWidget | None = None) -> None:
        super().__init__(parent, project.name)
        name = QLabel(project.name, self)
        name.setProperty("role", "strong")
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        when = QLabel(when_opened(project.opened, QDate.currentDate()), self)
        when.setProperty("role", "small")
        self.setToolTip(str(project.path))
        self._picture = QLabel(self)
        forget = IconButton("x", self.tr("Remove from this list"), self, size=24, icon_size=14)
        forget.clicked.connect(self.forgotten)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + HALF, GRID, GRID, GRID)
        row.setSpacing(GRID + HALF)
        row.addWidget(self._picture)
        row.addWidget(name, 1)
        row.addWidget(when)
        row.addWidget(forget)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._tint()
        super().changeEvent(event)

    def _tint(self) -> None:
        self._picture.setPixmap(icons.pixmap("file-audio", "text_muted", 16, self.devicePixelRatioF()))


def when_opened(moment: datetime, today: QDate) -> str:
    """`Today 08:17`, `Yesterday`, `Monday`, or the day, in the user's own manner."""
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    days = local.date().daysTo(today)
    if days == 0:
        clock = QLocale().toString(local.time(), QLocale.FormatType.ShortFormat)
        return QCoreApplication.translate("StartPage", "Today {time}").replace("{time}", clock)
    if days == 1:
        return QCoreApplication.translate("StartPage", "Yesterday")
    if 1 < days < 7:
        return QLocale().dayName(local.date().dayOfWeek())
    return QLocale().toString(local.date(), "d MMM yyyy")


class Ornament(QWidget):
    """A voice, drawn: the same one every time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(296, 72)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QLinearGradient(0, 0, self.width(), 0)
        for place, token, alpha in (
            (0.0, "accent", 0),
            (0.45, "accent", 190),
            (0.8, "kind_song", 220),
            (1.0, "kind_song", 60),
        ):
            colour = tokens().colour(token)
            colour.setAlpha(alpha)
            ink.setColorAt(place, colour)
        painter.setPen(QPen(QBrush(ink), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        middle = self.height() / 2
        for index in range(50):
            swell = math.sin(index / 49 * math.pi) ** 0.7
            height = swell * (0.28 + 0.72 * abs(math.sin(index * 1.31) * math.cos(index * 0.43))) * (middle - 3)
            painter.drawLine(QLineF(3 + index * 6, middle - height, 3 + index * 6, middle + height))


def _titles(title: str, subtitle: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(HALF)
    column.addStretch(1)
    for text, role in ((title, "display"), (subtitle, "muted")):
        label = QLabel(text)
        label.setProperty("role", role)
        column.addWidget(label)
    column.addStretch(1)
    return column


class StartPage(QScrollArea):
    """Cards for what can be made now, then the recent projects."""

    new_wanted = Signal()
    song_wanted = Signal()
    sample_wanted = Signal()
    open_wanted = Signal()
    recent_wanted = Signal(Path)
    forget_wanted = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("Start"))
        head = QHBoxLayout()
        head.addLayout(
            _titles(self.tr("What will you make?"), self.tr("Everything is made on this computer. Nothing leaves it.")),
            1,
        )
        head.addWidget(Ornament())
        self.voiceover = StartCard(
            "mic-vocal",
            self.tr("Voiceover"),
            self.tr("Write a script, choose a voice, and export speech with captions."),
            "voiceover",
        )
        self.song = StartCard(
            "music-4",
            self.tr("Song"),
            self.tr("Write the words, or have them written; voices sing them to music that is composed here."),
            "song",
        )
        self.sample = StartCard(
            "circle-play",
            self.tr("Open the sample"),
            self.tr("A short script that is ready to be spoken: the quickest way to look around."),
            "music",
        )
        self.open = StartCard(
            "folder-open",
            self.tr("Open a project"),
            self.tr("Carry on with a project from any folder or disk."),
            "sound_effect",
        )
        self.voiceover.clicked.connect(self.new_wanted)
        self.song.clicked.connect(self.song_wanted)
        self.sample.clicked.connect(self.sample_wanted)
        self.open.clicked.connect(self.open_wanted)
        cards = QWidget()
        flow = FlowLayout(cards, 2 * GRID, fill=True)
        for card in (self.voiceover, self.song, self.sample, self.open):
            flow.addWidget(card)
        self._recent_title = SectionHeader(self.tr("Recent projects"))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(HALF)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)
        column.addLayout(head)
        column.addSpacing(4 * GRID)
        column.addWidget(cards)
        column.addSpacing(4 * GRID)
        column.addWidget(self._recent_title)
        column.addSpacing(GRID)
        column.addLayout(self._recent)
        column.addStretch(2)
        body = QWidget()
        body.setMaximumWidth(WIDTH)
        body.setLayout(column)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(4 * GRID, 4 * GRID, 4 * GRID, 4 * GRID)
        row.addStretch(1)
        row.addWidget(body, 1000)
        row.addStretch(1)
        self.setWidget(page)
        self.show_recent([])

    def show_recent(self, projects: list[RecentProject]) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            item.widget().deleteLater()
        for project in projects[:6]:
            row = RecentRow(project)
            row.clicked.connect(lambda path=project.path: self.recent_wanted.emit(path))
            row.forgotten.connect(lambda path=project.path: self.forget_wanted.emit(path))
            self._recent.addWidget(row)
        self._recent_title.setVisible(bool(projects))

    def rows(self) -> list[RecentRow]:
        return [self._recent.itemAt(index).widget() for index in range(self._recent.count())]
