"""Commands on projects."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.music.song import Song, Writing
from audiostudio.timeline import songs
from audiostudio.timeline.project import new_id
from audiostudio.ui.commands import Command
from audiostudio.ui.projects import untouched

if TYPE_CHECKING:
    from audiostudio.ui.main_window import MainWindow


def register(window: "MainWindow") -> None:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Commands", text)

    def begin_song() -> None:
        """In a project of its own, while nothing was made in the one that is open: there."""
        project.create()
        if untouched(project.session.project) and not project.session.read_only:
            song = Song(new_id(), writing=Writing.CUSTOM)
            project.session.edit(tr("New song"), lambda one: songs.add(one, song))
        window.show_tab("music")

    group, project = tr("Project"), window.project_desk
    window.commands.add(
        Command("project.new", tr("New project"), project.create, group, "Ctrl+N", "file-plus"),
        Command("project.song", tr("New song"), begin_song, group, icon="music-4"),
        Command("project.open", tr("Open a project…"), window.choose_project, group, "Ctrl+O", "folder-open"),
        Command("project.sample", tr("Open the sample"), project.open_sample, group, icon="circle-play"),
        Command("project.start", tr("Start page"), window.show_start, group, "Ctrl+Shift+H", "layout-grid"),
        Command("project.rename", tr("Rename the project"), window.rename_project, group, "F2", "pencil"),
        Command("project.save", tr("Save a version"), window.save_version, group, "Ctrl+S", "save"),
        Command(
            "project.without_recovering",
            tr("Open without recovering"),
            project.without_recovering,
            group,
            icon="rotate-ccw",
        ),
        Command("project.quit", tr("Quit"), window.close, group, "Ctrl+Q"),
    )
