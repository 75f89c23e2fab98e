"""The timeline on the window's one player: play, shuttle, loop, scrub. The playhead follows what is heard."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import attrgetter

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, Partial
from audiostudio.operations.playing import media_there, prepared_media
from audiostudio.operations.preparing import preparing
from audiostudio.render.media import Preparation
from audiostudio.render.mix import Problem
from audiostudio.render.playback import LiveMix, Meters
from audiostudio.sound.live_loudness import LoudnessNow
from audiostudio.timeline.project import Media, Take
from audiostudio.timeline.time import of_samples, to_samples
from audiostudio.timeline.tracks import Clip, Timeline
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.timeline.meters import Level, Levels, MeterFeed
from audiostudio.ui.timeline.work import TimelineWork

_TICK = 16
"""Milliseconds between two looks at the player."""
_WARM = 1_000
"""Milliseconds after there are clips until the processes are started: the window has other things to do first."""
_RATES = (1.0, 2.0, 4.0)
LOOPING = "timeline.looping"

_start = attrgetter("start")


class Playing(QObject):
    """A `work.Transport`. Processes are started once there are clips, so that Play need not wait for them."""

    word_said = Signal(object)
    """(line id, source start, the word there) of the script that sounds, or None."""
    _told = Signal(object)

    def __init__(self, work: TimelineWork, parent: QObject | None = None) -> None:
        super().__init__(parent or work)
        self._work, self._desk = work, work.desk
        self._clerk = Clerk(self)
        self._clerk.failed.connect(work.desk.messages.error)
        self._live: LiveMix | None = None
        self._shown: tuple[Timeline, object] | None = None
        self._sound = 0
        self._rate = 1.0
        self._playing = False
        self._dropouts = 0
        """Of the player, when playing began."""
        self._endless = False
        self._word: tuple[str, int, str] | None = None
        self._said: set[str] = set()
        """Sentences of problems that the user has seen."""
        self._problems: tuple[Problem, ...] = ()
        """What could not be heard when it was looked last."""
        self._preparing: set[str] = set()
        """Ids of media that are being made fit."""
        self._takes: dict[str, Take] = {}
        self._takes_of: tuple[Take, ...] = ()
        self._feeds: list[tuple[MeterFeed, Callable[[LoudnessNow], object] | None]] = []
        self._warm = QTimer(self)
        self._warm.setSingleShot(True)
        self._warm.setInterval(_WARM)
        self._warm.timeout.connect(self._make)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._look)
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        work.changed.connect(self._follow)
        work.sought.connect(self._sought)
        work.set_transport(self)
        self._follow()

    # What is asked of it

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def looping(self) -> bool:
        """Whether the range is played over and over."""
        return bool(self._desk.settings.get(LOOPING, False))

    @property
    def rate(self) -> float:
        return self._rate

    def toggle(self) -> None:
        if self._playing:
            self.pause()
        else:
            self.play()

    def play(self, *, rate: float = 1.0, endless: bool = False) -> None:
        """From the playhead. `endless`: on after the end, in silence."""
        if not endless and not any(track.clips for track in self._work.document.tracks):
            return
        live = self._live or self._make()
        at = self._begin_at(rate, endless)
        if at is None:
            return
        if not self._playing:
            self._dropouts = self._desk.player.dropouts
            self._look_again(live)
        self._rate, self._endless = rate, endless
        live.set_endless(endless)
        sample = self._sample(at)
        live.cue(sample, loop=self._loop(), rate=rate)
        self._load(live)
        self._desk.player.set_rate(rate)
        self._set_player_loop()
        self._desk.player.play(sample)
        self._set_playing(True)

    def pause(self) -> None:
        """Stop, and stay there."""
        if self._ours:
            self._desk.player.pause()
            self._show_place()
        self._stopped()

    def shuttle(self, direction: int) -> None:
        if direction == 0:
            self.pause()
            return
        rates = [rate * direction for rate in _RATES]
        faster = rates.index(self._rate) + 1 if self._playing and self._rate in rates else 0
        self.play(rate=rates[min(faster, len(rates) - 1)])

    def scrub(self, at: int) -> None:
        """The playhead is dragged by: let a moment of each place be heard."""
        if self._live is None or self._playing:
            return
        sample = self._sample(at)
        self._live.cue(sample)
        self._load(self._live)
        self._desk.player.scrub(sample)

    def set_looping(self, on: bool) -> None:
        try:
            self._desk.settings[LOOPING] = on
        except StudioError as error:
            self._desk.messages.error(error)
        self._renew_loop()
        self._work.settings_changed.emit()

    def feed(self, feed: MeterFeed, loudness: Callable[[LoudnessNow], object] | None = None) -> None:
        """Show levels there while something is heard, and tell the loudness."""
        self._feeds.append((feed, loudness))

    def close(self) -> None:
        self._warm.stop()
        self._tick.stop()
        if self._ours:
            self._desk.player.pause()
        self._work.set_transport(None)
        self._work.changed.disconnect(self._follow)
        self._clerk.close()
        if self._live is not None:
            self._live.close()
            self._live = None

    # The document

    def _follow(self) -> None:
        """Play the timeline as it is now."""
        document, media = self._work.document, self._work.project.media
        if self._shown is not None and self._shown[0] is document and self._shown[1] is media:
            return
        live = self._live
        if live is None:
            if any(track.clips for track in document.tracks) and not self._warm.isActive():
                self._warm.start()
            return
        before, known = self._shown or (None, None)
        self._shown = document, media
        live.show(self._work.project, document, heard=self._playing)
        if not self._playing:
            self._have_ready()
        elif before is not None and before.range != document.range:
            self._renew_loop()
        if before is None or known is not media or _read(before) != _read(document):  # a fader moves often
            self._prepare()

    def _make(self) -> LiveMix:
        self._warm.stop()
        self._live = LiveMix(media_there(self._desk.studio, self._work.session.path), self._told.emit)
        self._desk.player.warm()
        self._follow()
        return self._live

    def _prepare(self) -> None:
        """Have what cannot be read as it lies made fit."""
        project, timeline, studio = self._work.project, self._work.document, self._desk.studio
        place = self._work.session.path
        self._clerk.ask(
            lambda: prepared_media(studio, place).unprepared(project, timeline), self._prepare_these, "prepare"
        )

    def _prepare_these(self, found: list[Preparation]) -> None:
        new = [one for one in found if one.media.id not in self._preparing]
        if not new:
            return
        ids = {one.media.id for one in new}
        self._preparing |= ids
        watcher = self._desk.jobs.submit(Job("media.prepare", preparing(new), self.tr("Prepare sounds"), priority=1))
        watcher.partial.connect(self._prepared)
        watcher.finished.connect(lambda _outcome: self._preparing.difference_update(ids))

    def _prepared(self, news: Partial) -> None:
        if news.kind == "prepared":
            self._preparing.discard(news.data["media"])
            if self._live is not None:
                self._live.retry_media()
        elif news.kind == "refused":
            self._say(news.data["sentence"], news.data["hint"])

    def _look_again(self, live: LiveMix) -> None:
        """What was silent may be there by now: a drive that was connected."""
        if any(problem.media is not None for problem in self._problems):
            live.retry_media()
            self._prepare()

    def _tell(self, problems: tuple[Problem, ...]) -> None:
        """Of media only to whoever wants to hear them: most are made fit before that."""
        self._problems = problems
        for problem in problems:
            if problem.media is None or self._playing:
                self._say(problem.sentence, problem.hint)

    def _say(self, sentence: str, hint: str) -> None:
        """Once."""
        if sentence and sentence not in self._said:
            self._said.add(sentence)
            self._desk.messages.say(sentence, hint, tone="warning")

    # The player

    @property
    def _ours(self) -> bool:
        """Whether the player has what it was given here."""
        return self._sound != 0 and self._desk.player.sound == self._sound

    def _load(self, live: LiveMix) -> None:
        if not self._ours:
            self._sound = self._desk.player.load_source(live.source)
            self._set_player_loop()

    def _begin_at(self, rate: float, endless: bool) -> int | None:
        """Ticks; None: there is nothing to play."""
        at, document = self._work.playhead, self._work.document
        span = document.range if self.looping else None
        if self._playing:
            at = self._place()
        if endless:
            return at
        if rate < 0:
            return at if at > 0 else None
        if span is not None and not span.start <= at < span.end:
            return span.start
        return at if at < document.end else 0

    def _loop(self) -> tuple[int, int] | None:
        span = self._work.document.range
        if not self.looping or span is None or self._endless:
            return None
        return self._sample(span.start), self._sample(span.end)

    def _renew_loop(self) -> None:
        if self._live is not None and self._playing:
            self._live.cue(self._desk.player.position, loop=self._loop(), rate=self._rate)
            self._set_player_loop()
        elif self._live is not None:
            self._have_ready()

    def _have_ready(self) -> None:
        """What Play would begin with."""
        at = self._begin_at(1.0, endless=False)
        if self._live is not None and at is not None:
            self._live.cue(self._sample(at), loop=self._loop())

    def _set_player_loop(self) -> None:
        self._desk.player.set_loop(*(self._loop() or (None, None)))

    def _sought(self, at: int) -> None:
        """The user put the playhead there."""
        if self._live is None:
            return
        if not self._playing:
            self._have_ready()
            return
        sample = self._sample(at)
        self._live.cue(sample, loop=self._loop(), rate=self._rate)
        if self._ours:
            self._desk.player.seek(sample)

    def _look(self) -> None:
        if not self._ours:
            self._stopped()
            return
        player = self._desk.player
        state = player.state
        self._show_place()
        if state == "unavailable":
            self._say(player.problem or "", "")
            self._said.discard(player.problem or "")
        if state != "playing":
            self._stopped()

    def _show_place(self) -> None:
        at = self._place()
        self._work.show_playhead(at)
        self._light(at)

    def _place(self) -> int:
        rate = self._work.document.sample_rate
        return of_samples(self._desk.player.position, rate) if self._ours else self._work.playhead

    def _stopped(self) -> None:
        if not self._playing:
            return
        self._set_playing(False)
        if self._word is not None:
            self._word = None
            self.word_said.emit(None)
        missed = self._desk.player.dropouts - self._dropouts
        if missed:
            words = self.tr("The sound broke off while it played: the computer was too busy. Times: {count}")
            self._desk.messages.say(words.replace("{count}", str(missed)), tone="warning")
        if self._live is not None:
            self._live.set_endless(False)
            self._have_ready()

    def _set_playing(self, playing: bool) -> None:
        self._playing = playing
        if playing:
            self._tick.start()
        else:
            self._tick.stop()
        for feed, loudness in self._feeds:
            if playing and self._live is not None:
                feed.start(partial(self._levels, self._live.meters(), loudness))
            else:
                feed.stop()
        self._work.transport_changed.emit()

    def _levels(self, meters: Meters, loudness: Callable[[LoudnessNow], object] | None) -> Levels:
        """What came since `meters` was last asked."""
        if self._live is None or not self._ours:
            return {}
        found = meters.read(self._desk.player.position)
        if loudness is not None:
            loudness(meters.loudness)
        return {name: Level(level.left, level.right) for name, level in found.items()}

    def _sample(self, at: int) -> int:
        return to_samples(at, self._work.document.sample_rate)

    # The script

    def _light(self, at: int) -> None:
        project = self._work.project
        if project.takes is not self._takes_of:
            self._takes_of = project.takes
            self._takes = {take.id: take for take in project.takes}
        word = word_at(self._work.document, self._takes, project.media, at)
        if word != self._word:
            self._word = word
            self.word_said.emit(word)


def _read(timeline: Timeline) -> list[tuple[object, ...]]:
    """What says which media are read, and how they are treated."""
    return [(timeline.sample_rate,), *((id(one.clips), id(one.channel.effects)) for one in timeline.tracks)]


def word_at(
    timeline: Timeline, takes: Mapping[str, Take], media: Iterable[Media], at: int
) -> tuple[str, int, str] | None:
    """The word of the script that sounds at a tick: its line's id, where it begins there, itself."""
    for track in timeline.tracks:
        number = bisect_right(track.clips, at, key=_start) - 1
        if number >= 0 and not track.muted:
            clip = track.clips[number]
            take = takes.get(clip.take or "")
            played = next((one for one in media if one.id == clip.media), None)
            if at < clip.end and clip.line is not None and not clip.muted and take is not None and played is not None:
                found = _word(clip, clip.line, take, played, at)
                if found is not None:
                    return found
    return None


def _word(clip: Clip, line: str, take: Take, media: Media, at: int) -> tuple[str, int, str] | None:
    here = clip.source_start + (at - clip.start) * clip.source_length // clip.duration
    here = here * take.sample_rate // max(1, media.sample_rate)
    for word in take.words:
        if word.start <= here < word.end:
            return line, word.source_start, take.text[word.source_start : word.source_end]
    return None
