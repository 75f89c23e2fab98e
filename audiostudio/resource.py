"""The one way to the data that ships with the program."""

import sys
from pathlib import Path

from audiostudio.errors import StorageError


def resource(name: str) -> Path:
    """The path of a file or folder in `resources/`, e.g. `resource("icons/play.svg")`.

    Works in a checkout, an editable install, a wheel (where the folder lies inside the package) and a frozen
    program. Raises `StorageError` when the installation lacks it.
    """
    here = Path(__file__).resolve().parent
    roots = (
        [Path(sys._MEIPASS) / "resources"]
        if hasattr(sys, "_MEIPASS")
        else [here / "resources", here.parent / "resources"]
    )
    for root in roots:
        path = root / name
        if path.exists():
            return path
    raise StorageError(f"The installation lacks its file resources/{name}.", "Install Audio Studio again.")
