"""Writing the words of the track in hand, or its notes, to a file."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from audiostudio.errors import StudioError
from audiostudio.files import replace_file, storage_errors
from audiostudio.ui.music.song import timed
from audiostudio.ui.music.song.held import Held
from audiostudio.ui.music.song.timed import Lines

if TYPE_CHECKING:
    from audiostudio.ui.music.work import MusicWork

_FOLDER = "music.export_folder"


class SongExports(QObject):
    """`lrc`, `ass` and `srt` are made of the words as they are now; `midi` is the one that came with the song."""

    def __init__(self, work: "MusicWork", held: Held, parent: QWidget) -> None:
        super().__init__(parent)
        self._work, self._held, self._window = work, held, parent

    def export(self, kind: str) -> None:
        """Ask where to, and write it."""
        asset = self._held.asset
        if asset is None:
            return
        ending = {"midi": "mid"}.get(kind, kind)
        folder = str(self._work.desk.settings.get(_FOLDER) or Path.home())
        names = {
            "lrc": self.tr("Lyrics with times (*.lrc)"),
            "ass": self.tr("Subtitles (*.ass)"),
            "srt": self.tr("Subtitles (*.srt)"),
            "midi": self.tr("MIDI (*.mid)"),
        }
        suggested = str(Path(folder) / f"{asset.path.stem}.{ending}")
        path, _ = QFileDialog.getSaveFileName(self._window, self.tr("Export"), suggested, names[kind])
        if path:
            self.write(kind, Path(path))

    def write(self, kind: str, path: Path) -> None:
        asset, lines, studio = self._held.asset, self._held.lines, self._work.desk.studio
        if asset is None:
            return
        midi = str(asset.detail.get("midi") or "")

        def store() -> None:
            if kind == "midi":
                source = studio.library.get(midi).path
                with storage_errors(source):
                    notes = source.read_bytes()
                replace_file(path, notes)
            else:
                replace_file(path, written(kind, lines).encode())

        def done(_result: object) -> None:
            words = self.tr("“{name}” was written.").replace("{name}", path.name)
            self._work.desk.messages.say(words, str(path.parent), tone="success")

        try:
            self._work.desk.settings[_FOLDER] = str(path.parent)
        except StudioError as error:
            self._work.desk.messages.error(error)
        self._work.clerk.ask(store, done)


def written(kind: str, lines: Lines) -> str:
    """Lyrics with times as the text of a file."""
    from audiostudio.operations.music.karaoke import ass_of, cues_of, lrc_of
    from audiostudio.script.captions import srt

    lyrics = timed.write(lines)
    return {"lrc": lrc_of, "ass": ass_of, "srt": lambda one: srt(cues_of(one))}[kind](lyrics)
