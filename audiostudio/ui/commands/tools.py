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

    def origin() -> None:
        from audiostudio.ui.library.origin_dialog import check_origin

        check_origin(window.desk)

    group = tr("Tools")
    window.commands.add(
        Command("tools.engines", tr("Manage engines…"), engines, group, icon="cpu"),
        Command("tools.origin", tr("Check a file’s origin…"), origin, group, icon="search"),
    )
