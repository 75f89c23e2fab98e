"""The user's own voices where the script is cast: by slot and by name, and the way out when one is gone."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QMenu

from audiostudio.ui import icons
from audiostudio.ui.commands import Command
from audiostudio.ui.speech.voices import VoiceList, unfetched
from audiostudio.ui.speech.words import filled
from audiostudio.voices.voice import SLOTS

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab

NAMES = tuple(f"speech.slot.{slot}" for slot in SLOTS)


def _tr(text: str) -> str:
    return QCoreApplication.translate("OwnVoices", text)


def fill_own(menu: QMenu, voices: VoiceList, choose: Callable[[str], object]) -> None:
    """The voices in slots, then a menu of all own ones; nothing where there are none."""
    own = sorted(voices.own.values(), key=lambda kept: kept.card.name.casefold())
    if not own:
        return
    for kept in sorted(own, key=lambda kept: kept.card.slot):
        if kept.card.slot:
            words = filled(_tr("{slot} · {name}"), slot=kept.card.slot, name=kept.card.name)
            action = menu.addAction(icons.icon("bookmark"), words.replace("&", "&&"))
            action.triggered.connect(lambda _=False, voice=kept.voice.id: choose(voice))
    group = menu.addMenu(icons.icon("user-round"), _tr("My voices"))
    for kept in own:
        action = group.addAction(kept.card.name.replace("&", "&&"))
        action.triggered.connect(lambda _=False, voice=kept.voice.id: choose(voice))
    menu.addSeparator()


def slot_commands(tab: "SpeechTab", group: str) -> tuple[Command, ...]:
    """Keys that give the selected lines, or the caret's, the voice in a slot."""

    def command(number: int, slot: str) -> Command:
        label = _tr("Say it in the voice of slot {slot}").replace("{slot}", slot)
        return Command(
            f"speech.slot.{slot}", label, lambda: tab.own.cast_slot(slot), group, f"Alt+{number}", "bookmark"
        )

    return tuple(command(number, slot) for number, slot in enumerate(SLOTS, 1))


class OwnVoices(QObject):
    """Casting by slot in a tab with the script, and what it says of voices that are gone."""

    def __init__(self, tab: "SpeechTab") -> None:
        super().__init__(tab)
        self._tab = tab

    def cast_slot(self, slot: str) -> None:
        kept = self._tab.voices.in_slot(slot)
        if kept is not None:
            self._tab.editor.finish()
            self._tab.writing.set_voice(kept.voice.id)
            return
        words = self.tr("No voice is in slot {slot}.").replace("{slot}", slot)
        self._tab.desk.messages.say(words, self.tr("Put one of your voices there, under Voice Cloning."))

    def require(self, voices: Iterable[str]) -> bool:
        """Whether all these voices can speak; if not, the user is told why, or asked to fetch what they need."""
        spoken = list(dict.fromkeys(voices))
        if not self._require_here(spoken):
            return False
        engine = next((name for name in map(self._tab.voices.uninstalled, spoken) if name), "")
        missing = unfetched(self._tab.voices, spoken)
        if engine:
            from audiostudio.ui.cloning.engines_dialog import open_engines

            open_engines(self._tab.desk, engine)
        elif missing:
            self._tab.fetching.ask(missing)
        return not engine and not missing

    def _require_here(self, voices: Iterable[str]) -> bool:
        """Whether they all are; if not, it is said, with a way out."""
        lost = next((name for name in map(self._tab.voices.lost, dict.fromkeys(voices)) if name), "")
        if not lost:
            return True
        kept = self._tab.voices.binned(lost)
        if kept is not None:
            words = self.tr("The voice “{name}” is in the bin.").replace("{name}", kept.card.name)
            back = (self.tr("Bring back"), lambda: self.bring_back(lost))
            self._tab.desk.messages.say(words, self.tr("Bring it back, or choose another."), back, "warning")
        else:
            self._tab.desk.messages.say(
                self.tr("A voice that the script is cast with is not on this computer any more."),
                self.tr("Choose another one, or import it again from its .asvoice file."),
                (self.tr("Show the cast"), lambda: self._tab.deck.go("cast")),
                "warning",
            )
        return False

    def bring_back(self, voice: str) -> None:
        """Out of the bin."""
        kept, folder = self._tab.voices.binned(voice), self._tab.desk.studio.voices

        def back(_result: object) -> None:
            self._tab.look_for_voices()
            if kept is not None:
                words = self.tr("“{name}” is among your voices again.").replace("{name}", kept.card.name)
                self._tab.desk.messages.say(words, tone="success")

        self._tab.beside(lambda: folder.bring_back(voice), back)
