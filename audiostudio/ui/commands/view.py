"""Commands on the window itself."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.commands import Command

if TYPE_CHECKING:
    from audiostudio.ui.main_window import MainWindow


def places(window: "MainWindow") -> list[str]:
    """The commands that go to a tab or the library, in the order of their numbers."""
    tabs = [f"view.tab.{tab.name}" for tab in window.panels.tabs]
    return [*tabs, *(["view.library.go"] if window.panels.library is not None else [])]


def register(window: "MainWindow") -> None:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Commands", text)

    group = tr("View")
    for number, tab in enumerate(window.panels.tabs, 1):
        label = tr("Go to {tab}").replace("{tab}", tab.title)
        name = tab.name
        window.commands.add(
            Command(
                f"view.tab.{name}", label, lambda name=name: window.show_tab(name), group, f"Ctrl+{number}", tab.icon
            )
        )
    if window.panels.library is not None:
        number = len(window.panels.tabs) + 1
        window.commands.add(
            Command(
                "view.library.go", tr("Go to the library"), window.show_library, group, f"Ctrl+{number}", "panel-left"
            ),
            Command(
                "view.library", tr("Show or fold the library"), window.toggle_library, group, "Ctrl+B", "panel-left"
            ),
        )
    if window.panels.timeline is not None:
        window.commands.add(
            Command(
                "view.inspector", tr("Show or hide the inspector"), window.toggle_inspector, group, "F4", "panel-right"
            ),
        )
    window.commands.add(
        Command("view.jobs", tr("Show or hide the jobs"), window.toggle_jobs, group, "Ctrl+J", "panel-right"),
        Command("view.maximise", tr("Maximise the panel under the mouse"), window.maximise, group, "F6", "maximize-2"),
        Command("view.full_screen", tr("Full screen"), window.toggle_full_screen, group, "F11", "monitor"),
        Command(
            "view.theme", tr("Switch between light and dark"), window.toggle_theme, group, "Ctrl+Shift+L", "sun-moon"
        ),
        Command("view.theme.system", tr("Theme: as the system"), lambda: window.choose_theme("system"), group),
        Command("view.theme.light", tr("Theme: light"), lambda: window.choose_theme("light"), group, icon="sun"),
        Command("view.theme.dark", tr("Theme: dark"), lambda: window.choose_theme("dark"), group, icon="moon"),
    )
