"""Projects on the disk: making, opening, restoring."""

import contextlib
import re
import shutil
from functools import partial
from pathlib import Path

from audiostudio.errors import MissingMedia, NewerFormat, NotFound, ProjectDamaged, ReadOnly, StorageError
from audiostudio.files import make_folder, storage_errors
from audiostudio.timeline.folder import Loaded, ProjectFolder, Version
from audiostudio.timeline.lock import ProjectLock
from audiostudio.timeline.project import DEFAULT_VOICE, Project, VoiceChoice, new_project
from audiostudio.timeline.session import Problem, ProjectSession

__all__ = ["ProjectFile", "ProjectSession", "Version"]


class ProjectFile:
    """A project's folder; `timeline.folder` says what lies in it. A path may name the folder or its `project.json`."""

    @staticmethod
    def create(
        parent: Path, name: str, *, language: str = "en-us", voice: VoiceChoice = DEFAULT_VOICE
    ) -> ProjectSession:
        """A new project in a new folder of that name, or that name and a number, in `parent`.

        Raises `StorageError`.
        """
        return ProjectFile.store(parent, new_project(name, language, voice))

    @staticmethod
    def store(parent: Path, project: Project) -> ProjectSession:
        """`project` in a new folder in `parent`, opened."""
        folder = ProjectFolder(_new_folder(parent, project.name))
        try:
            folder.write_version(None, project, (), ())
        except StorageError:
            shutil.rmtree(folder.path, ignore_errors=True)  # new, and nothing but what was just made
            raise
        return ProjectFile.open(folder.path)

    @staticmethod
    def open(path: Path) -> ProjectSession:
        """The project as it was last, whatever ended the program that had it open.

        A project that another window has open, that lies where nothing can be written, or that a newer program made
        is opened to be read: `session.read_only`, with the reason in `session.problem`.
        Raises `NotFound`, `ProjectDamaged`, `NewerFormat` (when it cannot even be read), `StorageError`.
        """
        return _open(ProjectFolder(path), recover=True)

    @staticmethod
    def open_without_recovering(path: Path) -> ProjectSession:
        """The project as it was saved. What the journal has stays on the disk, and moves to the backups with the
        first change."""
        return _open(ProjectFolder(path), recover=False)

    @staticmethod
    def read_unrecovered(session: ProjectSession) -> Project:
        """The project as it was saved before `session` recovered the rest, for an edit that can be undone.

        Raises `NotFound` when so much was saved since that this version is kept no more, `ProjectDamaged`,
        `StorageError`.
        """
        session.flush()
        for version in ProjectFile.versions(session.path):
            if version.generation == session.unrecovered:
                return ProjectFile.read_version(session.path, version)
        raise NotFound(
            "The version from before the recovery is not kept any more.", "Undo goes back through what was recovered."
        )

    @staticmethod
    def read(path: Path) -> Project:
        """The project as it is now, without opening it."""
        return ProjectFolder(path).load().project

    @staticmethod
    def versions(path: Path) -> list[Version]:
        """Earlier versions, newest first."""
        with storage_errors(path):
            return ProjectFolder(path).versions()

    @staticmethod
    def read_version(path: Path, version: Version) -> Project:
        """An earlier version, e.g. to go back to it by an edit that can be undone. Raises `ProjectDamaged`."""
        return ProjectFolder(path).load_version(version, follow=False).project

    @staticmethod
    def restore(path: Path) -> ProjectSession:
        """Mend a damaged project: the newest version that is whole, with every later change that the journals have.

        The damaged file stays among the backups. Raises `ProjectDamaged` when no version is whole, `ReadOnly` when
        a window has the project open, `StorageError`.
        """
        folder = ProjectFolder(path)
        lock, problem = _locked(folder)
        if problem is not None:
            raise problem
        try:
            loaded = _newest_whole(folder)
            folder.put_aside()
            folder.write_version(None, loaded.project, tuple(loaded.steps.undo), tuple(loaded.steps.redo))
        finally:
            lock.release()
        return ProjectFile.open(path)


def _newest_whole(folder: ProjectFolder) -> Loaded:
    """With every later change; where those lead to nothing whole, without."""
    versions = folder.versions()
    ways = (
        *[partial(folder.load_version, version, follow=True) for version in versions],
        partial(folder.load, recover=False),
        *[partial(folder.load_version, version, follow=False) for version in versions],
    )
    for load in ways:
        with contextlib.suppress(ProjectDamaged, MissingMedia):
            return load()
    raise ProjectDamaged(f"No version of {folder.path.name} is whole.", "Put back a copy from a backup of yours.")


def _open(folder: ProjectFolder, *, recover: bool) -> ProjectSession:
    if not folder.path.is_dir():
        raise NotFound(f"There is no project at {folder.path}.", "Check the name, or whether its disk is connected.")
    lock, problem = _locked(folder)
    try:
        loaded = folder.load(recover=recover)
    except StorageError:
        lock.release()
        raise
    if loaded.newer:
        problem = NewerFormat(
            f"{folder.path.name} was made with a newer Audio Studio and can only be looked at.", "Update Audio Studio."
        )
        lock.release()
    journal = folder.journal(loaded.generation).exists()
    return ProjectSession(folder, loaded, lock, problem, fresh=journal or not loaded.same_format)


def _locked(folder: ProjectFolder) -> tuple[ProjectLock, Problem | None]:
    """The project's lock, and why it could not be taken."""
    lock = ProjectLock(folder.lock)
    name = folder.path.name
    try:
        with storage_errors(folder.path):
            if not folder.project.exists() and not folder.recovery.is_dir():
                raise NotFound(f"There is no project at {folder.path}.", "Choose the folder that holds project.json.")
            folder.recovery.mkdir(exist_ok=True)
            taken = lock.acquire()
    except NotFound:
        raise
    except (StorageError, MissingMedia) as error:
        return lock, error
    if taken:
        return lock, None
    who = lock.holder()
    return lock, ReadOnly(
        f"“{name}” is open in another window{f' ({who})' if who else ''} and can only be looked at here.",
        "Close it there, then open it again.",
    )


def _new_folder(parent: Path, name: str) -> Path:
    safe = _file_name(name)
    with storage_errors(parent):
        make_folder(parent)
        for number in range(1, 10_000):
            folder = parent / (safe if number == 1 else f"{safe} {number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            (folder / "recovery").mkdir()
            return folder
    raise StorageError(f"{parent} holds too many projects called {name}.", "Choose another name.")


def _file_name(name: str) -> str:
    """`name` as every system allows it for a folder."""
    clean = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]+', " ", name)
    clean = " ".join(clean.split())
    clean = clean.encode()[:120].decode(errors="ignore").strip(". ")
    reserved = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", clean)
    return clean if clean and not reserved else f"Project {clean}".strip()
