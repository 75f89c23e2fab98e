"""Keys as in other editors: a preset says which keys the timeline's commands have."""

import json
from dataclasses import dataclass

from audiostudio.errors import StudioError
from audiostudio.resource import resource
from audiostudio.settings import Settings
from audiostudio.ui.commands import Commands
from audiostudio.ui.messages import Messages

USUAL = "studio"
_CHOSEN = "shortcuts.preset"


@dataclass(frozen=True, slots=True)
class Preset:
    name: str
    """Stable: `premiere`."""
    title: str
    keys: dict[str, str]
    """Of commands by their name, in portable text: `Ctrl+K; S`."""


def load(name: str) -> Preset:
    """The preset in `resources/shortcuts/`."""
    stored = json.loads(resource(f"shortcuts/{name}.json").read_text(encoding="utf-8"))
    return Preset(name, stored["title"], stored["keys"])


class KeyPresets:
    """Which one is chosen; the commands have its keys."""

    NAMES = (USUAL, "premiere", "resolve")

    def __init__(self, commands: Commands, settings: Settings, messages: Messages) -> None:
        self._commands, self._settings, self._messages = commands, settings, messages
        self._commands.assign(load(self.chosen).keys)

    @property
    def chosen(self) -> str:
        name = self._settings.get(_CHOSEN, USUAL)
        return name if name in self.NAMES else USUAL

    def all(self) -> list[Preset]:
        return [load(name) for name in self.NAMES]

    def choose(self, name: str) -> None:
        self._commands.assign(load(name).keys)
        try:
            self._settings[_CHOSEN] = name
        except StudioError as error:
            self._messages.error(error)
