"""Recording to a track: count-in, the timeline plays along, and what was said becomes a clip where it was said."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from enum import Enum, auto
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, JsonObject, Outcome
from audiostudio.operations.arranging import media_of
from audiostudio.operations.takes import Recording as Left
from audiostudio.operations.takes import left_recordings
from audiostudio.sound.click import clicks
from audiostudio.sound.recording_input import Input, PortAudioInput
from audiostudio.timeline.editing import placing
from audiostudio.timeline.project import Media, Project, new_id
from audiostudio.timeline.time import TICKS, ticks, to_samples
from audiostudio.timeline.tracks import Clip, Content, Track
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.speech.takes.recorder import Recorder
from audiostudio.ui.timeline.playing import Playing
from audiostudio.ui.timeline.work import TimelineWork

SETTINGS = "timeline.recording"
BEATS = 4
"""Of a bar."""
PRE_ROLL = 2.0
"""Seconds that are heard before the range that is recorded."""
_LOOK_LATER = 3_000
"""Milliseconds after the project was opened until it is looked for what a crash left."""
_TICK = 16
_SETTLED = 3.0
"""Seconds of a recording after which it is known well when it began; later, clocks have run apart."""
_OBSERVED = 400
"""Looks from which is told when playing began."""


@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """How the user records."""

    device: str = ""
    """A microphone's name; empty: the usual one."""
    seconds: float = 3.0
    """Counted in, one click each, where no bars are; 0: not."""
    bars: int = 0
    tempo: float = 120.0
    """Beats a minute."""
    latency: float = 0.0
    """Milliseconds by which recordings are moved to the front, besides what the devices tell themselves."""
    punch: bool = False
    """Whether only the range is recorded."""

    @classmethod
    def of(cls, kept: object) -> "RecordingSettings":
        """From what was remembered, whatever that is."""
        found: dict[str, Any] = kept if isinstance(kept, dict) else {}
        usual = cls()
        known = {
            one.name: found[one.name] for one in fields(cls) if _fits(found.get(one.name), getattr(usual, one.name))
        }
        return cls(**known)

    @property
    def beats(self) -> tuple[int, float]:
        """Clicks of the count-in, and seconds from one to the next."""
        if self.bars > 0:
            return BEATS * self.bars, 60.0 / max(20.0, self.tempo)
        return round(self.seconds), 1.0


def _fits(value: object, usual: object) -> bool:
    if isinstance(usual, float):
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return type(value) is type(usual)


class State(Enum):
    OFF = auto()
    OPENING = auto()
    COUNTING = auto()
    ROLLING = auto()


@dataclass(slots=True)
class _Session:
    """One recording, from the count-in on."""

    track: str | None
    """Its id; None: a track is made for it."""
    rolls_at: int
    """Ticks: where playing begins."""
    first: int
    last: int | None
    """Ticks: what is kept lies between; None: until it is stopped."""
    counted: float = 0.0
    """Seconds of the count-in."""
    rolled: float = 0.0
    """`time.monotonic()` when playing was asked for, …"""
    observed: tuple[float, ...] = ()
    """… and when it began to be heard, as seen each time."""
    since: float | None = None
    """`time.monotonic()` when the first sample was said."""

    def observe(self, heard: int, rate: int) -> None:
        """`heard` samples have been heard by now."""
        if heard > 0 and len(self.observed) < _OBSERVED:
            self.observed = (*self.observed, time.monotonic() - heard / rate)

    def begins(self, since: float, latency: float) -> int:
        """The tick at which a recording begins whose first sample was said at `since`; it may be before 0."""
        heard = median(self.observed) if self.observed else self.rolled
        return self.rolls_at + ticks(since - heard - latency / 1000)


def clip_between(media: Media, begins: int, first: int, last: int | None, name: str) -> Clip | None:
    """What of a recording that begins at a tick lies between two; None: nothing."""
    start = max(0, begins, first)
    end = begins + media.samples * TICKS // media.sample_rate
    end = end if last is None else min(end, last)
    if end <= start:
        return None
    skipped = to_samples(start - begins, media.sample_rate)
    used = min(media.samples - skipped, to_samples(end - start, media.sample_rate))
    return placing.clip_of(media, start, first=skipped, last=skipped + used, name=name) if used > 0 else None


class Recording(QObject):
    """At most one at a time."""

    changed = Signal()
    """Its state."""
    counted = Signal(int)
    """The beat of the count-in that is heard: of the bar, or how many seconds are left; 0: none."""
    level = Signal(float)
    """The highest sample of the last moment, 0…1."""
    devices = Signal(object)
    """The names of the microphones, the usual one first."""

    def __init__(
        self,
        work: TimelineWork,
        playing: Playing,
        make_input: Callable[[], Input] = PortAudioInput,
    ) -> None:
        super().__init__(work)
        self.make_input = make_input
        self.state = State.OFF
        self._work, self._desk, self._playing = work, work.desk, playing
        self._clerk = Clerk(self)
        self._clerk.failed.connect(self._desk.messages.error)
        self._recorder: Recorder | None = None
        self._session: _Session | None = None
        self._clicks = 0
        """The number of the count-in's sound."""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.look_for_left)
        self._later.start(_LOOK_LATER)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)

    @property
    def settings(self) -> RecordingSettings:
        return RecordingSettings.of(self._desk.settings.get(SETTINGS))

    def set_settings(self, settings: RecordingSettings) -> None:
        try:
            self._desk.settings[SETTINGS] = asdict(settings)
        except StudioError as error:
            self._desk.messages.error(error)
        self.changed.emit()

    @property
    def seconds(self) -> float:
        """Recorded so far, with the count-in."""
        return self._recorder.seconds if self._recorder is not None else 0.0

    def toggle(self) -> None:
        if self.state is State.OFF:
            self.start()
        else:
            self.stop()

    def start(self) -> None:
        """Onto the armed track, else the chosen one, else a new one: from the playhead on, or in the range."""
        work = self._work
        if self.state is not State.OFF:
            return
        if work.session.read_only:
            self._desk.messages.say(self.tr("This project can only be read."), tone="warning")
            return
        armed = next((one for one in work.document.tracks if one.id == work.armed), work.track)
        if armed is not None and armed.locked:
            words = self.tr("“{name}” is locked, so nothing can be recorded there.").replace("{name}", armed.name)
            self._desk.messages.say(words, self.tr("Unlock it, or arm another track."), tone="warning")
            return
        self._playing.pause()
        span = work.document.range if self.settings.punch else None
        if span is None:
            place = work.playhead
            session = _Session(None, place, place, None)
        else:
            session = _Session(None, max(0, span.start - ticks(PRE_ROLL)), span.start, span.end)
        session.track = armed.id if armed is not None else None
        self._session = session
        recorder = Recorder(self._desk.studio, self, self.make_input)
        recorder.ready.connect(self._opened)
        recorder.trouble.connect(self._trouble)
        recorder.level.connect(self.level)
        recorder.devices.connect(self.devices)
        self._recorder = recorder
        self._set_state(State.OPENING)
        recorder.open(self.settings.device or None)

    def stop(self) -> None:
        """What was said becomes a clip; during the count-in nothing does."""
        recorder, session, state = self._recorder, self._session, self.state
        self._recorder = self._session = None
        self._timer.stop()
        if recorder is None or session is None:
            return
        self._set_state(State.OFF)
        if state is State.COUNTING and self._desk.player.sound == self._clicks:
            self._desk.player.pause()
        if state is State.ROLLING:
            self._playing.pause()
        since = session.since or recorder.since
        if state is not State.ROLLING:
            recorder.discard()
        else:
            path = recorder.stop()
            if path is not None:
                counted = session.rolled - session.counted
                self._keep(path, session, session.begins(since or counted, self.settings.latency))
        recorder.close()
        recorder.deleteLater()
        self._work.seek(session.first)

    def look_for_left(self) -> None:
        """Offer what a crash kept from becoming a clip."""
        studio, here = self._desk.studio, self._work.project.id

        def left() -> list[Left]:
            return [
                one
                for one in left_recordings(studio)
                if one.about.get("project") == here and isinstance(one.about.get("rolls_at"), int)
            ]

        self._clerk.ask(left, self._offer)

    def close(self) -> None:
        """A recording that nobody stopped stays on the disk."""
        self._later.stop()
        self._timer.stop()
        if self._recorder is not None:
            self._recorder.close()
            self._recorder = None
        self._clerk.close()

    # How it goes

    def _opened(self) -> None:
        """The microphone listens."""
        session, recorder = self._session, self._recorder
        if session is None or recorder is None or self.state is not State.OPENING:
            return
        count, apart = self.settings.beats
        session.counted = count * apart
        about: JsonObject = {
            "project": self._work.project.id,
            "name": self._name(session.track),
            "timeline": self._work.document.id,
            "track": session.track,
            "rolls_at": session.rolls_at,
            "first": session.first,
            "last": session.last,
            "counted": session.counted,
        }
        try:
            recorder.begin(about)
        except StudioError as error:
            self._desk.messages.error(error)
            self._give_up()
            return
        if count > 0:
            self._clicks = self._desk.player.load(clicks(count, apart, BEATS if self.settings.bars else count), 48_000)
            self._desk.player.play()
            self._set_state(State.COUNTING)
        else:
            self._roll(session)
        self._timer.start()

    def _roll(self, session: _Session) -> None:
        self._work.show_playhead(session.rolls_at)
        session.rolled = time.monotonic()
        self._playing.play(endless=True)
        self._set_state(State.ROLLING)

    def _look(self) -> None:
        session, recorder = self._session, self._recorder
        if session is None or recorder is None:
            return
        player = self._desk.player
        if session.since is None and recorder.seconds > _SETTLED:
            session.since = recorder.since
        if self.state is State.COUNTING:
            if player.sound != self._clicks or player.state != "playing":
                self._roll(session)
            else:
                self._count(player.position)
            return
        rate = self._work.document.sample_rate
        if self._playing.playing:
            session.observe(player.position - to_samples(session.rolls_at, rate), rate)
        elif player.state == "unavailable":  # nothing is heard, and all the same something can be said
            self._work.show_playhead(session.rolls_at + ticks(time.monotonic() - session.rolled))
        else:
            self.stop()
            return
        if session.last is not None and self._work.playhead >= session.last:
            self.stop()

    def _count(self, heard: int) -> None:
        """So many samples of the clicks."""
        count, apart = self.settings.beats
        beat = min(count - 1, int(heard / 48_000 / apart))
        self.counted.emit(beat % BEATS + 1 if self.settings.bars else count - beat)

    def _trouble(self, sentence: str, hint: str) -> None:
        if self.state is State.ROLLING:
            self._desk.messages.say(sentence, self.tr("What was said until then is kept."), tone="warning")
            self.stop()
        else:
            self._desk.messages.say(sentence, hint, tone="warning")
            self._give_up()

    def _give_up(self) -> None:
        recorder, self._recorder, self._session = self._recorder, None, None
        self._timer.stop()
        if recorder is not None:
            recorder.discard()
            recorder.close()
            recorder.deleteLater()
        self._set_state(State.OFF)

    def _set_state(self, state: State) -> None:
        self.state = state
        if state is not State.COUNTING:
            self.counted.emit(0)
        if state is State.OFF:
            self.level.emit(0.0)
        self.changed.emit()

    # What becomes of it

    def _name(self, track_id: str | None) -> str:
        return next((one.name for one in self._work.document.tracks if one.id == track_id), self.tr("Recording"))

    def _keep(self, path: Path, session: _Session, begins: int) -> None:
        """The sound into the library, then onto the track."""
        job = Job("takes.keep", {"recording": str(path)}, self.tr("Keep the recording"), priority=5)

        def finished(outcome: Outcome) -> None:
            if outcome.state is JobState.DONE and outcome.result is not None:
                asset = outcome.result["asset"]
                studio = self._desk.studio
                self._clerk.ask(lambda: media_of(studio, studio.library.get(asset)), lambda media: put(media))

        def put(media: Media) -> None:
            self._put(media, session, begins)

        self._desk.jobs.submit(job, finished)

    def _put(self, media: Media, session: _Session, begins: int) -> None:
        clip = clip_between(media, begins, session.first, session.last, media.name)
        if clip is None:
            self._desk.messages.say(self.tr("The recording ended before its place began; it is in the library."))
            return

        def record(project: Project, timeline: str) -> Project:
            there = any(one.id == session.track for one in project.timeline(timeline).tracks)
            new = [] if there else [Track(session.track or new_id(), self.tr("Recording"), content=Content.SPEECH)]
            track = session.track if there and session.track is not None else new[0].id
            return placing.place(project, timeline, [(track, clip)], media=[media], tracks=new)

        if self._work.edit(self.tr("Record"), record):
            self._work.select([clip.id])

    def _offer(self, found: list[Left]) -> None:
        if not found:
            return
        bring = (self.tr("Bring in"), lambda: [self._bring(one) for one in found])
        words = self.tr("A recording on the timeline was not finished the last time.")
        self._desk.messages.say(words, self.tr("What was said is kept."), action=bring)

    def _bring(self, left: Left) -> None:
        about = left.about
        rolls_at = int(about["rolls_at"])
        session = _Session(about.get("track"), rolls_at, int(about.get("first", rolls_at)), about.get("last"))
        self._keep(left.path, session, rolls_at - ticks(float(about.get("counted", 0.0))))
