"""Which projects there are, and how one is opened. Plain Python."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audiostudio.errors import StudioError
from audiostudio.profile import Profile
from audiostudio.resource import resource
from audiostudio.settings import Settings
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Project, new_project
from audiostudio.timeline.session import ProjectSession

REMEMBERED = 12
_RECENT = "ui.recent_projects"
_SAMPLE = "ui.sample"


@dataclass(frozen=True, slots=True)
class RecentProject:
    name: str
    path: Path
    opened: datetime


def untouched(project: Project) -> bool:
    """Nothing was ever made in it."""
    return not project.text and not project.takes and not project.songs


class Projects:
    """Makes and opens projects, and remembers the latest in the settings."""

    def __init__(
        self, profile: Profile, settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._folder, self._settings, self._now = profile.projects, settings, now

    @property
    def folder(self) -> Path:
        """Where new projects are made."""
        return self._folder

    def recent(self) -> list[RecentProject]:
        """The projects opened lately that are still there, newest first."""
        found = []
        for entry in self._remembered():
            path = Path(entry["path"])
            if path.exists():
                found.append(RecentProject(entry["name"], path, datetime.fromisoformat(entry["opened"])))
        return found

    def create(self, name: str) -> ProjectSession:
        """A new one called `name`, or that and the number its folder has. Raises `StorageError`."""
        session = ProjectFile.create(self._folder, self._free(name))
        return self._remember(session)

    def open(self, path: Path, *, recover: bool = True) -> ProjectSession:
        """As it was last, or not `recover`: as it was saved. Raises `StorageError`."""
        opening = ProjectFile.open if recover else ProjectFile.open_without_recovering
        return self._remember(opening(path))

    def sample(self) -> ProjectSession:
        """A small project that can be played at once; the user's own copy where there is one. Raises `StorageError`."""
        copy = self._settings.get(_SAMPLE)
        if isinstance(copy, str) and Path(copy).exists():
            return self.open(Path(copy))
        text = resource("demo/script.md").read_text(encoding="utf-8").rstrip("\n")
        session = ProjectFile.store(self._folder, edits.set_text(new_project("Welcome"), text))
        self._settings[_SAMPLE] = str(session.path)
        return self._remember(session)

    def is_sample(self, path: Path) -> bool:
        return self._settings.get(_SAMPLE) == str(path)

    def last(self, unnamed: str, *, recover: bool = True) -> tuple[ProjectSession, StudioError | None]:
        """The project that was open last (see `open`), or a new one called `unnamed`; with the reason where it could
        not be opened. Raises `StorageError` when not even a new one can be made."""
        problem: StudioError | None = None
        recent = self.recent()
        if recent:
            try:
                return self.open(recent[0].path, recover=recover), None
            except StudioError as error:
                problem = error
        return self.create(unnamed), problem

    def renamed(self, session: ProjectSession) -> None:
        self._remember(session)

    def forget(self, path: Path) -> None:
        """Take it off the list; the project stays where it is."""
        self._settings[_RECENT] = [entry for entry in self._remembered() if entry["path"] != str(path)]

    def _free(self, name: str) -> str:
        numbered = (f"{name} {number}" for number in range(2, 10_000))
        return next((one for one in itertools.chain((name,), numbered) if not (self._folder / one).exists()), name)

    def _remembered(self) -> list[dict[str, Any]]:
        kept = self._settings.get(_RECENT, [])
        return [entry for entry in kept if isinstance(entry, dict) and {"name", "path", "opened"} <= entry.keys()]

    def _remember(self, session: ProjectSession) -> ProjectSession:
        path = str(session.path)
        entry = {"name": session.project.name, "path": path, "opened": self._now().isoformat()}
        others = [other for other in self._remembered() if other["path"] != path]
        self._settings[_RECENT] = [entry, *others][:REMEMBERED]
        return session
