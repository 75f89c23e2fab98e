"""Where a hand-off's files lie, and how the timeline file names them."""

import os
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote


class Places(NamedTuple):
    timeline: Path
    """The timeline file; of a format with one file for each track, what their names begin with."""
    media: Path
    """The folder of the media, beside it."""
    absolute: bool = False

    def url(self, name: str) -> str:
        """Of a file of the media, as a timeline names it: relative to the timeline file unless `absolute`."""
        if self.absolute:
            return "file://" + quote(os.fsencode((self.media / name).as_posix().removeprefix("//")), safe="/:")
        return quote(f"{self.media.name}/{name}", safe="/")
