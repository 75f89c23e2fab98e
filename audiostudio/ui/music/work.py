"""What the pages of the Music tab work on: the pieces of the open project, the one that is shown, and what is heard."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.music.song import Song, Writing
from audiostudio.timeline import songs
from audiostudio.timeline.history import Edit
from audiostudio.timeline.project import Project, new_id
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.music.sounds import Sounds

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk, OpenProject

_KEY = "music.projects"
_PROJECTS = 60
"""Of which it is remembered how they were left."""


class MusicWork(QObject):
    """For the window's thread."""

    pieces_changed = Signal()
    piece_changed = Signal()
    """Another piece is shown, or the one that is shown was edited."""

    def __init__(self, desk: "Desk", opened: "OpenProject", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk, self.session, self._signals = desk, opened.session, opened.signals
        self.sounds = Sounds(desk, self)
        self.clerk = Clerk(self)
        self._memory = Clerk(self)
        """Writes what is remembered, as a disk may be busy."""
        for clerk in (self.clerk, self._memory):
            clerk.failed.connect(desk.messages.error)
        self._kept: dict[str, Any] = self._all().get(self.project.id, {})
        self._current = str(self.recall("piece", ""))
        if self.piece is None and self.pieces:
            self._current = self.pieces[-1].id
        self._signals.changed.connect(self._project_changed)

    @property
    def project(self) -> Project:
        return self.session.project

    @property
    def pieces(self) -> tuple[Song, ...]:
        return self.project.songs

    @property
    def piece(self) -> Song | None:
        """The one that is shown; None: none was begun yet, the first edit begins one."""
        return next((one for one in self.project.songs if one.id == self._current), None)

    def choose(self, piece: str) -> None:
        """Show another piece, by its id."""
        if piece != self._current and any(one.id == piece for one in self.pieces):
            self._current = piece
            self.keep("piece", piece)
            self.piece_changed.emit()

    # Edits: each is an undo step of the project

    def edit(self, label: str, function: Edit, merge: str | None = None, *, slow: bool = False) -> bool:
        """What cannot be done is told, and False."""
        try:
            self.session.edit(label, function, merge, slow=slow)
        except StudioError as error:
            self.desk.messages.error(error)
            return False
        return True

    def begin(self, writing: str = Writing.INSTRUMENTAL, merge: str = "", **fields: Any) -> str:
        """A new piece, which is shown; its id. `merge`: as of `change`."""
        identity = new_id()
        piece = Song(identity, writing=writing, **fields)
        key = f"{merge} {identity}" if merge else None
        if self.edit(self.tr("New piece"), lambda project: songs.add(project, piece), key, slow=bool(merge)):
            self.choose(identity)
        return identity

    def change(self, label: str, merge: str = "", **fields: Any) -> bool:
        """Something else about the piece that is shown. `merge`: one undo step with those before it of that key."""
        if self.piece is None:
            self.begin(merge=merge, **fields)
            return self.piece is not None
        identity = self._current
        key = f"{merge} {identity}" if merge else None
        return self.edit(label, lambda project: songs.change(project, identity, **fields), key, slow=bool(merge))

    # What is remembered of each project

    def recall(self, name: str, default: Any = None) -> Any:
        return self._kept.get(name, default)

    def keep(self, name: str, value: Any) -> None:
        if self._kept.get(name) == value:
            return
        self._kept = {**self._kept, name: value}
        project, kept = self.project.id, self._kept

        def write() -> None:
            others = {key: one for key, one in self._all().items() if key != project}
            self.desk.settings[_KEY] = dict([*others.items(), (project, kept)][-_PROJECTS:])

        self._memory.ask(write, key="kept")

    def close(self) -> None:
        self._signals.changed.disconnect(self._project_changed)
        self.sounds.close()
        self.clerk.close()
        self._memory.close(finish=True)

    def _all(self) -> dict[str, Any]:
        kept = self.desk.settings.get(_KEY)
        return {key: one for key, one in kept.items() if isinstance(one, dict)} if isinstance(kept, dict) else {}

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.songs is after.songs:
            return
        known = {one.id: one for one in before.songs}
        there = {one.id for one in after.songs}
        if self._current not in there:
            self._current = self._neighbour(before, there)
        self.pieces_changed.emit()
        if known.get(self._current) != self.piece or self._current not in known:
            self.piece_changed.emit()

    def _neighbour(self, before: Project, there: set[str]) -> str:
        """What is shown when a piece went: the one that stood next to it."""
        ids = [one.id for one in before.songs]
        at = ids.index(self._current) if self._current in ids else 0
        near = [*ids[at:], *reversed(ids[:at]), *there]
        return next((one for one in near if one in there), "")
