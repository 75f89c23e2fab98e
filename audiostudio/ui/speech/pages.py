"""The pages of the deck below the script, each imported when it is first shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from audiostudio.ui.speech.deck import Page

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab


def _tr(text: str) -> str:
    return QCoreApplication.translate("Pages", text)


def pages(tab: "SpeechTab") -> dict[str, Page]:
    """Key → page; the voiceover first."""
    return {
        "voiceover": Page(_tr("Voiceover"), lambda: tab.result),
        "performance": Page(_tr("Performance"), lambda: _performance(tab)),
        "takes": Page(_tr("Takes"), lambda: _takes(tab)),
        "cast": Page(_tr("Cast"), lambda: _cast(tab)),
    }


def _performance(tab: "SpeechTab") -> QWidget:
    from audiostudio.ui.speech.performance.page import PerformancePage

    return PerformancePage(tab)


def _takes(tab: "SpeechTab") -> QWidget:
    from audiostudio.ui.speech.takes.page import TakesPage

    return TakesPage(tab)


def _cast(tab: "SpeechTab") -> QWidget:
    from audiostudio.ui.speech.cast_panel import CastPanel

    panel = CastPanel(tab.session, tab.voices, tab.writing, tab.edit, tab)
    panel.hear_wanted.connect(tab.aloud.hear)
    panel.back_wanted.connect(tab.own.bring_back)
    tab.previews.changed.connect(panel.show_state)
    return panel
