"""Undo and redo: one stack for everything in the project."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.commands import Command

if TYPE_CHECKING:
    from audiostudio.ui.main_window import MainWindow


def _tr(text: str) -> str:
    return QCoreApplication.translate("Commands", text)


def register(window: "MainWindow") -> None:
    group, project = _tr("Edit"), window.project_desk
    window.commands.add(
        Command("edit.undo", _tr("Undo"), project.undo, group, "Ctrl+Z", "undo-2"),
        Command("edit.redo", _tr("Redo"), project.redo, group, "Ctrl+Shift+Z; Ctrl+Y", "redo-2"),
    )
    project.changed.connect(lambda _project: follow(window))
    follow(window)


def follow(window: "MainWindow") -> None:
    """Name what would be undone and redone."""
    history = window.project_desk.session.history
    for name, label, text in (
        ("edit.undo", history.undo_label, _tr("Undo: {step}")),
        ("edit.redo", history.redo_label, _tr("Redo: {step}")),
    ):
        action = window.commands.action(name)
        action.setEnabled(label is not None and not window.project_desk.session.read_only)
        plain = _tr("Undo") if name == "edit.undo" else _tr("Redo")
        action.setText(plain if label is None else text.replace("{step}", label))
