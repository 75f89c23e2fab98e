"""The pages of the deck below the script, each imported when it is first shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.speech.deck import Page

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab


def _tr(text: str) -> str:
    return QCoreApplication.translate("Pages", text)


def pages(tab: "SpeechTab") -> dict[str, Page]:
    """Key → page; the voiceover first."""
    return {"voiceover": Page(_tr("Voiceover"), lambda: tab.result)}
