"""What every panel of the window works with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from audiostudio.timeline.session import ProjectSession
from audiostudio.ui.bridge import Jobs, ProjectSignals
from audiostudio.ui.commands import Commands
from audiostudio.ui.messages import Messages

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio
    from audiostudio.sound.player import Player


@dataclass(frozen=True, slots=True)
class Desk:
    """Built once by the window and given to every panel."""

    studio: "Studio"
    jobs: Jobs
    player: "Player"
    messages: Messages
    commands: Commands


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


@dataclass(frozen=True, slots=True)
class Panels:
    """What the window is filled with. Only what works is listed."""

    tabs: tuple[Tab, ...]
    library: Callable[[Desk], QWidget] | None = None
