"""The Song page of the Music tab: lyrics and singers, the melody, karaoke, words for a song that exists already."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.music.song import Song
from audiostudio.ui.music.assets import Shelf
from audiostudio.ui.music.song.deck import SongDeck
from audiostudio.ui.music.song.exporting import SongExports
from audiostudio.ui.music.song.held import Held
from audiostudio.ui.music.song.karaoke_page import KaraokePage
from audiostudio.ui.music.song.making import SongMaking
from audiostudio.ui.music.song.melody_page import MelodyPage
from audiostudio.ui.music.song.track_picker import TrackPicker
from audiostudio.ui.music.song.voice_dialog import SingerVoices
from audiostudio.ui.music.song.words_page import WordsPage
from audiostudio.ui.music.song.write_page import WritePage
from audiostudio.ui.speech.fetching import Fetching
from audiostudio.ui.speech.voices import unfetched
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import SegmentedControl, Separator

if TYPE_CHECKING:
    from audiostudio.library.model import Asset
    from audiostudio.ui.desk import Desk, OpenProject
    from audiostudio.ui.music.work import MusicWork

WRITE, MELODY, KARAOKE, WORDS = "write", "melody", "karaoke", "words"


class SongPage(QWidget):
    """Four views of one song. `show_piece` follows the tab; `close` ends them."""

    def __init__(self, desk: "Desk", project: "OpenProject", work: "MusicWork") -> None:
        super().__init__()
        self.desk, self.work = desk, work
        self.shelf = Shelf(work, self)
        self.held = Held(work, self)
        self.voices = SingerVoices(desk.studio)
        self.fetching = Fetching(desk, self)
        self._shown: Song | None = None
        self._versions: tuple[str, ...] = ()
        self.strip = SegmentedControl(
            (
                (WRITE, self.tr("Lyrics")),
                (MELODY, self.tr("Melody")),
                (KARAOKE, self.tr("Karaoke")),
                (WORDS, self.tr("Words for a track")),
            ),
            self,
            self.tr("What is shown of the song"),
        )
        self.write = WritePage(work, self.voices, self)
        self.melody = MelodyPage(work, self.held, self)
        self.karaoke = KaraokePage(self.held, self)
        self.words = WordsPage(work, self.held, self)
        self.exports = SongExports(work, self.held, self)
        self.making = SongMaking(work, self.write.strip, self)
        self.deck = SongDeck(self.held, self.shelf, self)
        self._stack = QStackedWidget(self)
        self.pages: dict[str, QWidget] = {
            WRITE: self.write,
            MELODY: self.melody,
            KARAOKE: self.karaoke,
            WORDS: self.words,
        }
        for page in self.pages.values():
            self._stack.addWidget(page)
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        head.addWidget(self.strip)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Separator(parent=self))
        column.addWidget(self._stack, 1)
        column.addWidget(self.deck)
        self._connect()
        self.go(str(work.recall("song.view", WRITE)))
        self.show_piece()

    def show_piece(self) -> None:
        """As the piece that is shown is now."""
        song = self.work.piece
        self.write.show_song(song)
        self.melody.show_song(song)
        before, self._shown = self._shown, song
        versions = song.versions if song is not None else ()
        if versions != self._versions or (before.id if before else "") != (song.id if song else ""):
            self._versions = versions
            self._look_for_versions(versions, newest=True)

    def go(self, view: str) -> None:
        self.strip.choose(view if view in self.pages else WRITE)
        self._show(self.strip.value())

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.pages.get(self.strip.value(), self.write).setFocus(reason)

    def generate(self) -> None:
        self.write.flush()
        song = self.work.piece
        if song is not None and self._require(song):
            self.making.make(song)

    def _require(self, song: Song) -> bool:
        """Whether all that it needs is on this computer; if not, the user is asked to fetch it."""
        studio, chosen = self.desk.studio, [one.voice for one in song.voices]
        self.voices.look_for_models()
        engine = next((name for name in map(self.voices.uninstalled, chosen) if name), "")
        engines = {one.name: one for one in studio.engines.manifests()}
        needed = engines[song.engine].models if song.engine in engines else ()
        missing = {name: studio.models.manifest(name) for name in needed if not studio.models.present(name)}
        missing |= {one.name: one for one in unfetched(self.voices, chosen)}
        if engine:
            from audiostudio.ui.cloning.engines_dialog import open_engines

            open_engines(self.desk, engine)
        elif missing:
            self.fetching.ask(tuple(missing.values()))
        return not engine and not missing

    def choose_track(self) -> None:
        """Any track of the library, to be sung along with or given words."""
        picker = TrackPicker(self.work, self)
        picker.accepted.connect(lambda: self.held.hold(picker.track))
        picker.finished.connect(picker.deleteLater)
        picker.open()

    def close(self) -> bool:
        for page in self.pages.values():
            page.close()
        self.making.close()
        self.held.close()
        self.shelf.close()
        return super().close()

    def _connect(self) -> None:
        self.strip.changed.connect(self._show)
        self.write.generate_wanted.connect(self.generate)
        self.melody.write_wanted.connect(lambda: self.go(WRITE))
        self.making.made.connect(self.held.hold)
        self.deck.version_wanted.connect(self.held.hold)
        self.deck.track_wanted.connect(self.choose_track)
        self.deck.export_wanted.connect(self.exports.export)
        self.karaoke.track_wanted.connect(self.choose_track)
        self.karaoke.words_wanted.connect(lambda: self.go(WORDS))
        self.words.track_wanted.connect(self.choose_track)
        self.words.dropped.connect(self.held.hold)
        self.deck.timeline_wanted.connect(self.desk.errands.timeline_wanted)
        self.deck.library_wanted.connect(self.desk.errands.asset_wanted)

    def _show(self, view: str) -> None:
        page = self.pages.get(view)
        if page is not None:
            self._stack.setCurrentWidget(page)
            self.work.keep("song.view", view)

    def _look_for_versions(self, versions: tuple[str, ...], newest: bool) -> None:
        def found(assets: "list[Asset]") -> None:
            if newest:
                self.held.hold(assets[-1].id if assets else "")
            self.deck.show_versions(assets)

        self.shelf.look(versions, found, "song.versions")
