"""What every panel of the window works with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal, SignalInstance
from PySide6.QtWidgets import QWidget

from audiostudio.settings import Settings
from audiostudio.timeline.session import ProjectSession
from audiostudio.ui.bridge import Jobs, ProjectSignals
from audiostudio.ui.commands import Commands
from audiostudio.ui.messages import Messages

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio
    from audiostudio.sound.player import Player


class Errands(QObject):
    """What one panel asks of another, through the window."""

    timeline_wanted = Signal(list)
    """Ids of assets that are to be heard at the playhead together, each on a new track."""
    asset_wanted = Signal(str)
    """The id of an asset that is to be shown in the library."""
    tools_wanted = Signal(str)
    """The id of an asset that the music tools are to work on."""


class Desk:
    """Built once by the window and given to every panel. For the window's thread."""

    def __init__(
        self,
        settings: Settings,
        jobs: Jobs,
        messages: Messages,
        commands: Commands,
        studio: "Callable[[], Studio]",
        player: "Callable[[], Player]",
    ) -> None:
        self.settings, self.jobs, self.messages, self.commands = settings, jobs, messages, commands
        self._studio, self._player = studio, player
        self.errands = Errands()

    @property
    def studio(self) -> "Studio":
        """Made when first asked for, as the window opens before it."""
        return self._studio()

    @property
    def player(self) -> "Player":
        """As `studio`."""
        return self._player()


@dataclass(frozen=True, slots=True)
class OpenProject:
    """The project that is open. Another project: other panels."""

    session: ProjectSession
    signals: ProjectSignals


@dataclass(frozen=True, slots=True)
class Tab:
    """A studio tab: Text to Speech and, later, its siblings."""

    name: str
    """Stable: `speech`."""
    title: str
    icon: str
    create: Callable[[Desk, OpenProject], QWidget]
    """A tab may have `close()`: called before it is let go of, when another project is opened."""


@runtime_checkable
class HasLines(Protocol):
    """A tab with the script."""

    def show_line(self, line: str) -> None:
        """Bring a line into sight, by its id."""
        ...

    def light_word(self, word: tuple[str, int, str] | None) -> None:
        """What is heard elsewhere of the script: (line id, where the word begins there, the word); None: nothing."""
        ...


@runtime_checkable
class ShowsLines(Protocol):
    """A panel from which one goes to a line of the script, and that plays what was made of it."""

    line_wanted: SignalInstance
    """The line's id."""
    word_said: SignalInstance
    """As `HasLines.light_word`."""


@runtime_checkable
class ShowsAssets(Protocol):
    """The library."""

    def show_asset(self, asset_id: str) -> None: ...


@runtime_checkable
class HasTools(Protocol):
    """A tab with tools for sounds."""

    def use_tool(self, asset: str) -> None:
        """As `Errands.tools_wanted`."""
        ...


@runtime_checkable
class TakesAssets(Protocol):
    """The timeline."""

    def put_together(self, assets: Sequence[str]) -> None:
        """As `Errands.timeline_wanted`."""
        ...


@dataclass(frozen=True, slots=True)
class Panels:
    """What the window is filled with. Only what works is listed."""

    tabs: tuple[Tab, ...]
    library: Callable[[Desk], QWidget] | None = None
    timeline: Callable[[Desk, OpenProject], QWidget] | None = None
    modules: tuple[str, ...] = ()
    """What tabs and panels are made of: imported beside the window, so that opening one does not wait for it."""
