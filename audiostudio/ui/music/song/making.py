"""A song that is being made, and what comes of it: a version of the song, kept with the plan it was made by."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from audiostudio.jobs import Job, JobState, JsonObject, Outcome
from audiostudio.music.plan import Plan
from audiostudio.music.song import Song, Writing
from audiostudio.timeline import songs
from audiostudio.timeline.schema import SchemaError, decode, encode

if TYPE_CHECKING:
    from audiostudio.ui.music.making import MakingStrip
    from audiostudio.ui.music.work import MusicWork


class SongMaking(QObject):
    made = Signal(str)
    """The id of the asset of a song that is ready."""

    def __init__(self, work: "MusicWork", strip: "MakingStrip", parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._strip = work, strip
        self._song = ""
        strip.ended.connect(self._ended)

    def make(self, song: Song) -> None:
        if self._strip.busy:  # what is made now belongs to another song
            return
        self._song = song.id
        name = song.title or self.tr("Song")
        engines = self._work.desk.studio.engines.manifests()
        scores = any(one.name == song.engine and one.capabilities.score for one in engines)
        request = {**request_of(song, scores), "name": name, "project": self._work.project.id}
        operation = "music.make" if song.writing == Writing.INSTRUMENTAL else "song.make"
        title = self.tr("Make “{name}”").replace("{name}", name)
        self._strip.run(Job(operation, request, title, project=self._work.project.id))

    def close(self) -> None:
        self._strip.ended.disconnect(self._ended)

    def _ended(self, outcome: Outcome) -> None:
        if outcome.state is not JobState.DONE or not outcome.result:
            return
        pieces = outcome.result.get("pieces")
        made = pieces[0] if pieces else outcome.result
        asset, plan = str(made["asset"]), plan_of(made)
        if any(one.id == self._song for one in self._work.pieces):
            self._work.edit(self.tr("Make the song"), lambda project: songs.made(project, self._song, plan, [asset]))
        self.made.emit(asset)


def request_of(song: Song, scores: bool) -> JsonObject:
    """What `song.make` is asked for; without words `music.make`. `scores`: whether the engine knows plans and stems."""
    if song.writing != Writing.INSTRUMENTAL:
        return {"song": encode(song), "stems": True}
    return {
        "song": song.id,
        "engine": song.engine,
        "prompt": song.prompt,
        "brief": encode(song.brief),
        "plan": encode(song.plan) if scores and song.plan is not None else None,
        "options": dict(song.options),
        "stems": scores,
        "midi": scores,
    }


def plan_of(made: JsonObject) -> Plan | None:
    """The plan that a piece or a song was made by; None: it says none."""
    stored = made.get("plan") or (made.get("detail") or {}).get("song", {}).get("plan")
    try:
        return decode(Plan, stored) if stored else None
    except SchemaError:
        return None
