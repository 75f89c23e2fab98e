"""Commands on the studio's machinery and on files from anywhere."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.commands import Command

if TYPE_CHECKING:
    from audiostudio.ui.main_window import MainWindow


def register(window: "MainWindow") -> None:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Commands", text)

    def engines() -> None:
        from audiostudio.ui.cloning.engines_dialog import open_engines

        open_engines(window.desk)

    window.commands.add(Command("tools.engines", tr("Manage engines…"), engines, tr("Tools"), icon="cpu"))
