"""Looking after the library: commands by name, the menu of the panel, backup and checks; and what details ask for."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu

from audiostudio.errors import NotFound
from audiostudio.jobs import Job
from audiostudio.library.model import Asset, FilesReport
from audiostudio.ui import icons
from audiostudio.ui.commands import Command
from audiostudio.ui.library.shelf import Place

if TYPE_CHECKING:
    from audiostudio.library.library import Library
    from audiostudio.ui.library.panel import LibraryPanel

_WRITING = ("library.import", "library.folder", "library.check", "library.empty_bin")


@dataclass(frozen=True, slots=True)
class Known:
    """What details show of an asset."""

    asset: Asset
    made_of: tuple[tuple[str, str], ...]
    project: str


def look_up(library: "Library", asset_id: str) -> Known:
    """Raises `NotFound`."""
    asset = library.get(asset_id)
    asset = replace(asset, missing=not asset.path.is_file())
    sources: list[tuple[str, str]] = []
    for source in asset.made_of[:50]:
        try:
            sources.append((source, library.get(source).name))
        except NotFound:  # deleted for good since
            continue
    projects = {project.id: project.name for project in library.recent_projects(200)} if asset.project else {}
    return Known(asset, tuple(sources), projects.get(asset.project or "", ""))


def register(panel: "LibraryPanel") -> None:
    group = _tr("Library")
    commands = panel.desk.commands
    commands.add(
        Command("library.import", _tr("Import media…"), panel.choose_files, group, "Ctrl+Shift+I", "import"),
        Command("library.find", _tr("Search the library"), lambda: find(panel), group, "Ctrl+Shift+F", "search"),
        Command("library.folder", _tr("New library folder…"), panel.folders.create, group, icon="folder-plus"),
        Command("library.check", _tr("Look for missing files"), lambda: check(panel), group, icon="refresh-cw"),
        Command("library.backup", _tr("Back up the library…"), lambda: back_up(panel), group, icon="archive"),
        Command("library.empty_bin", _tr("Empty the bin…"), panel.actions.empty_bin, group, icon="trash-2"),
    )
    for name in _WRITING:
        commands.action(name).setEnabled(panel.model.writable)


def rail_actions(panel: "LibraryPanel") -> tuple[QAction, ...]:
    made = []
    for groups, words, icon in (
        ((), _tr("Search the library"), "search"),
        (("voice", "music", "sound"), _tr("Sounds"), "music"),
        (("picture",), _tr("Pictures"), "image"),
        (("film",), _tr("Films"), "film"),
    ):
        action = QAction(words, panel)
        action.setData(icon)
        action.triggered.connect(lambda _=False, groups=groups: panel.show_groups(groups) if groups else panel.find())
        made.append(action)
    return tuple(made)


def fill_menu(panel: "LibraryPanel", menu: QMenu) -> None:
    if panel.shelf.place is Place.BIN:
        names = (("library.empty_bin",), ("library.check", "library.backup"), ("view.library",))
    else:
        names = (("library.import", "library.folder"), ("library.check", "library.backup"), ("view.library",))
    panel.desk.commands.fill(menu, *names)
    menu.addSeparator()
    details = menu.addAction(icons.icon("info"), _tr("Details"))
    details.setCheckable(True)
    details.setChecked(panel.details.isVisibleTo(panel))
    details.triggered.connect(panel.show_details)


def find(panel: "LibraryPanel") -> None:
    if not panel.isVisible():
        panel.desk.commands.run("view.library")
    panel.find()


def check(panel: "LibraryPanel") -> None:
    """Look at every file of the library and say what was found."""

    def done(report: FilesReport) -> None:
        panel.look_again()
        found = [
            (len(report.missing), _tr("{n} missing")),
            (len(report.returned), _tr("{n} back again")),
            (len(report.moved), _tr("{n} found under another name")),
        ]
        words = ", ".join(text.replace("{n}", str(count)) for count, text in found if count)
        if report.strangers:
            bring = (_tr("Import them"), lambda: panel.import_files([str(path) for path in report.strangers]))
            sentence = _tr("{n} files in the library's folder are not listed.").replace(
                "{n}", str(len(report.strangers))
            )
            panel.desk.messages.say(sentence, words, bring, "warning")
        elif report.missing:
            panel.desk.messages.say(_tr("Files: {found}.").replace("{found}", words), tone="warning")
        else:
            sentence = _tr("Files: {found}.").replace("{found}", words) if words else _tr("Every file is in its place.")
            panel.desk.messages.say(sentence, tone="success")

    panel.writes.ask(panel.library.check_files, done)


def back_up(panel: "LibraryPanel") -> None:
    name = f"Audio Studio library {date.today():%Y-%m-%d}.zip"
    path, _ = QFileDialog.getSaveFileName(panel, _tr("Back up the library"), name, _tr("Archive (*.zip)"))
    if path:
        path = path if path.lower().endswith(".zip") else f"{path}.zip"
        panel.desk.jobs.submit(Job("library.backup", {"archive": path}, _tr("Back up the library")))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Library", text)
