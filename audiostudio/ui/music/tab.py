"""The Music tab: pieces of music, songs, and tools for any music.

The Song page is `song.page.SongPage(desk, project, work)`, a widget with `show_piece()` (called whenever
`work.piece` may be another one or was edited while the page is shown) and `close()`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.music.song import Writing
from audiostudio.ui.commands import Command
from audiostudio.ui.music.pieces import PieceList
from audiostudio.ui.music.work import MusicWork
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import SegmentedControl, Separator

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk, OpenProject

MUSIC, SONG, TOOLS = "music", "song", "tools"


class MusicTab(QWidget):
    """Pages are made when they are first shown. `close()` ends them."""

    def __init__(self, desk: "Desk", project: "OpenProject") -> None:
        super().__init__()
        self._desk, self._opened = desk, project
        self.work = MusicWork(desk, project, self)
        self._closed = False
        self.strip = SegmentedControl(
            ((MUSIC, self.tr("Music")), (SONG, self.tr("Song")), (TOOLS, self.tr("Tools"))), self, self.tr("Show")
        )
        self.pieces = PieceList(self.work, self)
        self._line = Separator(True, self)
        self._stack = QStackedWidget(self)
        self.pages: dict[str, QWidget] = {}
        """Those that were shown."""
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        head.addWidget(self.strip)
        head.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.pieces)
        row.addWidget(self._line)
        row.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Separator(parent=self))
        column.addLayout(row, 1)
        self.strip.changed.connect(self._show)
        self.pieces.chosen.connect(self.open_piece)
        self.work.piece_changed.connect(self._show_piece)
        piece = self.work.piece
        usual = SONG if piece is not None and piece.writing != Writing.INSTRUMENTAL else MUSIC
        self.go(str(self.work.recall("page", usual)))
        self._show(self.strip.value())
        desk.commands.add(*self._commands())

    @property
    def shown(self) -> str:
        """The key of the page that is shown."""
        return self.strip.value()

    def go(self, name: str) -> None:
        """Show a page."""
        if name in (MUSIC, SONG, TOOLS):
            self.strip.choose(name)

    def open_piece(self, piece: str) -> None:
        """Show a piece, on the page that is for what it is."""
        self.work.choose(piece)
        shown = self.work.piece
        if shown is not None:
            self.go(MUSIC if shown.writing == Writing.INSTRUMENTAL else SONG)

    def use_tool(self, asset: str) -> None:
        """The tools, for an asset of the library."""
        self.go(TOOLS)
        self.pages[TOOLS].take_asset(asset)

    def add_lyrics(self, asset: str) -> None:
        """Words for an asset of the library, on the Song page."""
        from audiostudio.ui.music.song.page import WORDS

        self.go(SONG)
        page = self.pages[SONG]
        page.go(WORDS)
        page.held.hold(asset)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.pages[self.shown].setFocus(reason)

    def close(self) -> bool:
        if not self._closed:
            self._closed = True
            self._desk.commands.remove(*(command.name for command in self._commands()))
            for page in self.pages.values():
                page.close()
            self.work.close()
        return super().close()

    def _show(self, name: str) -> None:
        if name not in self.pages:
            self.pages[name] = self._creators()[name]()
            self._stack.addWidget(self.pages[name])
        self._stack.setCurrentWidget(self.pages[name])
        for part in (self.pieces, self._line):
            part.setVisible(name != TOOLS)
        self.work.keep("page", name)
        self._show_piece()

    def _show_piece(self) -> None:
        page = self.pages.get(self.shown)
        if page is not None:
            page.show_piece()

    def _creators(self) -> dict[str, Callable[[], QWidget]]:
        def music() -> QWidget:
            from audiostudio.ui.music.page import MusicPage

            return MusicPage(self.work)

        def song() -> QWidget:
            from audiostudio.ui.music.song.page import SongPage

            return SongPage(self._desk, self._opened, self.work)

        def tools() -> QWidget:
            from audiostudio.ui.music.tools.page import ToolsPage

            return ToolsPage(self.work)

        return {MUSIC: music, SONG: song, TOOLS: tools}

    def _commands(self) -> tuple[Command, ...]:
        def here(do: Callable[[], object]) -> Callable[[], None]:
            def run() -> None:
                self._desk.commands.run("view.tab.music")
                do()

            return run

        def begin(writing: str) -> Callable[[], None]:
            return here(lambda: self.open_piece(self.work.begin(writing)))

        group = self.tr("Music")
        return (
            Command("music.new", self.tr("New piece of music"), begin(Writing.INSTRUMENTAL), group, icon="music"),
            Command("music.song", self.tr("New song with words"), begin(Writing.CUSTOM), group, icon="music-4"),
            Command(
                "music.tools", self.tr("Tools for any music"), here(lambda: self.go(TOOLS)), group, icon="scissors"
            ),
            Command("music.rename", self.tr("Rename the piece"), here(self.pieces.rename), group, icon="pencil"),
            Command("music.duplicate", self.tr("Duplicate the piece"), here(self.pieces.duplicate), group, icon="copy"),
            Command("music.remove", self.tr("Remove the piece"), here(self.pieces.remove), group, icon="trash-2"),
        )
