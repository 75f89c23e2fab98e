"""How a job ends badly, other than by a `StudioError`."""

import traceback

from audiostudio.errors import StudioError
from audiostudio.jobs.job import JsonObject


class Cancelled(Exception):
    """The job was cancelled, or the studio was closed, before it had a result."""


class Bug(Exception):
    """Our mistake. `traceback` is the text of where it happened, perhaps in another process."""

    def __init__(self, traceback: str) -> None:
        super().__init__(traceback)
        self.traceback = traceback

    @classmethod
    def of(cls, error: BaseException) -> "Bug":
        return error if isinstance(error, cls) else cls("".join(traceback.format_exception(error)))

    @property
    def sentence(self) -> str:
        """The last line of the traceback: the error's name and text."""
        return self.traceback.strip().rpartition("\n")[2]


def error_json(error: Exception) -> JsonObject:
    """A `StudioError` or `Bug` as it is stored and sent."""
    if isinstance(error, StudioError):
        return error.to_json()
    bug = Bug.of(error)
    return {"error": "Bug", "sentence": bug.sentence, "hint": "", "traceback": bug.traceback}


def error_from_json(data: JsonObject) -> StudioError | Bug:
    return Bug(data["traceback"]) if data["error"] == "Bug" else StudioError.from_json(data)
