"""Where everything of one user lies."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from audiostudio.files import absolute, storage_errors


@dataclass(frozen=True, slots=True)
class Profile:
    """One folder with a user's library, projects, models, settings and logs."""

    root: Path

    @classmethod
    def default(cls) -> "Profile":
        """The folder named by AUDIOSTUDIO_PROFILE, else the one the system keeps for user data."""
        named = os.environ.get("AUDIOSTUDIO_PROFILE")
        return cls(absolute(named) if named else platformdirs.user_data_path("AudioStudio", False))

    def require_usable(self) -> None:
        """Raises a `StorageError` where no profile can be: in a file, or in a folder that cannot be looked into."""
        with storage_errors(self.root), contextlib.suppress(FileNotFoundError), os.scandir(self.root / ""):
            pass

    @property
    def library(self) -> Path:
        """`library.db` and `media/`: the one folder worth backing up."""
        return self.root / "library"

    @property
    def voices(self) -> Path:
        """The user's own voices."""
        return self.library / "voices"

    @property
    def projects(self) -> Path:
        return self.root / "projects"

    @property
    def models(self) -> Path:
        return self.root / "models"

    @property
    def engines(self) -> Path:
        """Engine environments and manifests that the user added."""
        return self.root / "engines"

    @property
    def cache(self) -> Path:
        """What can be made again at any time."""
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def settings(self) -> Path:
        return self.root / "settings.json"
