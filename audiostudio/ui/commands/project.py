"""Commands on projects."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.commands import Command

if TYPE_CHECKING:
    from audiostudio.ui.main_window import MainWindow


def register(window: "MainWindow") -> None:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Commands", text)

    group, project = tr("Project"), window.project_desk
    window.commands.add(
        Command("project.new", tr("New project"), project.create, group, "Ctrl+N", "file-plus"),
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
