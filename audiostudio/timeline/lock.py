"""One writer for each project."""

import contextlib
import json
import os
import socket

from audiostudio.lock import FileLock


class ProjectLock(FileLock):
    """The lock of one project. Its file tells others who holds it."""

    def acquire(self) -> bool:
        """False when another window holds it. Raises `OSError` when the folder cannot be written."""
        if not super().acquire():
            return False
        with contextlib.suppress(OSError):  # a courtesy; a full disk may forbid it
            self.path.write_text(json.dumps({"process": os.getpid(), "machine": socket.gethostname()}))
        return True

    def holder(self) -> str:
        """Who holds it, for people; empty when that cannot be read."""
        try:
            data = json.loads(self.path.read_bytes())
            return f"process {int(data['process'])} on {data['machine']}"
        except (OSError, ValueError, KeyError, TypeError):
            return ""
