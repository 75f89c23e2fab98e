"""What the process that mixes a timeline while it plays gets of the studio."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiostudio.profile import Profile

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio
    from audiostudio.render.media import PreparedMedia


def prepared_media(studio: "Studio", project: Path) -> "PreparedMedia":
    """The media of the project in a folder."""
    from audiostudio.operations.arranging import media_path
    from audiostudio.operations.preparing import conformed
    from audiostudio.render.media import PreparedMedia

    return PreparedMedia(media_path(studio, project), conformed(studio))


def media_there(studio: "Studio", project: Path) -> "Callable[[], PreparedMedia]":
    """`prepared_media`, made in another process."""
    return partial(_media_there, studio.profile.root, project)


def _media_there(profile: Path, project: Path) -> "PreparedMedia":
    from audiostudio.operations.studio import Studio

    return prepared_media(Studio(Profile(profile)), project)
