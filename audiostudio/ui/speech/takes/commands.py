"""The commands about takes, beside those of the tab."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.commands import Command

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab
    from audiostudio.ui.speech.takes.page import TakesPage

NAMES = (
    "takes.show",
    "takes.compare",
    "takes.check",
    "takes.check_all",
    "takes.fix",
    "takes.file",
    "takes.ears",
    "takes.record",
    "takes.batch",
    "takes.captions",
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Commands", text)


def take_commands(tab: "SpeechTab", group: str) -> tuple[Command, ...]:
    def on_page(do: "Callable[[TakesPage], object]") -> Callable[[], None]:
        def run() -> None:
            tab.deck.go("takes")
            do(tab.deck.page("takes"))

        return run

    return (
        Command(
            "takes.show", _tr("Takes of this line"), lambda: tab.deck.go("takes"), group, "Ctrl+Shift+T", "history"
        ),
        Command("takes.compare", _tr("Compare takes, or change over"), on_page(_compare), group, "F9", "arrow-up-down"),
        Command("takes.check", _tr("Check this line"), on_page(_check), group, "Ctrl+K", "audio-lines"),
        Command("takes.check_all", _tr("Check all lines"), on_page(_check_all), group, "Ctrl+Shift+K", "audio-lines"),
        Command(
            "takes.ears",
            _tr("Lines that need ears…"),
            lambda: tab.attention.show_ears(tab.bar.ears),
            group,
            "Shift+F8",
            "audio-lines",
        ),
        Command("takes.fix", _tr("Fix this line"), on_page(_fix), group, "", "sparkles"),
        Command("takes.record", _tr("Record this line…"), on_page(_record), group, "Ctrl+R", "mic"),
        Command("takes.batch", _tr("Batch and dubbing…"), lambda: _batch(tab), group, "Ctrl+Shift+B", "layout-grid"),
        Command("takes.captions", _tr("Captions…"), lambda: _captions(tab), group, "Ctrl+Shift+C", "captions"),
        Command("takes.file", _tr("A take from a file…"), on_page(_file), group, "", "import"),
    )


def _compare(page: "TakesPage") -> None:
    page.compare()


def _check(page: "TakesPage") -> None:
    page.check_line()


def _check_all(page: "TakesPage") -> None:
    page.check_all()


def _fix(page: "TakesPage") -> None:
    page.fix()


def _file(page: "TakesPage") -> None:
    page.choose_file()


def _record(page: "TakesPage") -> None:
    page.record_line()


def _batch(tab: "SpeechTab") -> None:
    from audiostudio.ui.speech.takes.batch_dialog import BatchDialog

    BatchDialog(tab).show()


def _captions(tab: "SpeechTab") -> None:
    from audiostudio.ui.speech.takes.captions_dialog import CaptionsDialog

    CaptionsDialog(tab).show()
