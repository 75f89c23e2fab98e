"""A track edited by what is said on it: words that are deleted are cut out of all linked tracks, long silences and
fillers are proposed to be cut one by one or all."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, Outcome, Partial
from audiostudio.operations.transcribing import listening, transcript_of
from audiostudio.sound.peaks import Peaks
from audiostudio.sound.silence import Levels, levels
from audiostudio.timeline import tidying
from audiostudio.timeline.editing import cutting, removing
from audiostudio.timeline.editing.source import sample_near
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Track
from audiostudio.timeline.transcript import Cut, Said, Speech, is_spoken
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.theme import GRID
from audiostudio.ui.timeline.sources import Sources
from audiostudio.ui.timeline.transcript_proposals import Proposal, Proposals
from audiostudio.ui.timeline.transcript_text import TranscriptText
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Button, Spinner

_PARAGRAPH = 1.5
"""Seconds of silence between two paragraphs."""


class Piece(NamedTuple):
    """Of the text: a word, or a silence that is proposed to go."""

    clip: Clip
    first: int
    """Samples of the medium."""
    last: int
    text: str
    said: Said | None
    number: int
    """Of the word in `said`."""
    cut: Cut | None
    """Of the silence."""


class _Quiet(NamedTuple):
    """Where a medium is silent."""

    outline: Peaks
    levels: Levels
    own: float
    """dBFS: its own threshold."""
    asked: float | None
    """dBFS that was asked for; None: its own."""
    spans: list[tuple[int, int]]


class TranscriptDialog(QDialog):
    """Of one track. Stays open beside the timeline and follows it."""

    def __init__(self, work: TimelineWork, sources: Sources, track: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = work.document.track(track).name
        self.setWindowTitle(self.tr("Edit by text: {name}").replace("{name}", name))
        self._work, self._sources, self._track = work, sources, track
        self._pieces: list[Piece] = []
        self._where: dict[tuple[str, int], int] = {}
        """Number of a piece, by clip and number of the word."""
        self._said: list[Said] = []
        self._quiet: dict[str, _Quiet] = {}
        """Of media, by their ids: a recording that was cut into hundreds of clips is looked at once."""
        self._asked: set[str] = set()
        """Media that were listened to, or are."""
        self._wanted = False
        """Whether somebody asked for words where none are expected."""
        self._watcher: JobWatcher | None = None
        self._build()
        self.resize(920, 560)
        work.changed.connect(self.follow)
        work.playhead_moved.connect(self._light)
        sources.changed.connect(self.follow)
        self.finished.connect(self._leave)
        self.follow()

    @property
    def track(self) -> str:
        """Its id."""
        return self._track

    # What the user does

    def cut_chosen(self) -> None:
        """What is selected in the text, as one undo step."""
        cuts: list[Cut] = []
        chosen = [self._pieces[number] for number in self.text.chosen()]
        for _, run in groupby(chosen, key=lambda piece: piece.clip.id):
            pieces = list(run)
            words = [piece for piece in pieces if piece.said is not None]
            if words and words[0].said is not None:
                cuts.append(words[0].said.cut(words[0].number, words[-1].number + 1))
            cuts += [piece.cut for piece in pieces if piece.cut is not None]
        self._make(self.tr("Cut words"), cuts)

    def cancel(self) -> None:
        """Listen no further."""
        if self._watcher is not None:
            self._watcher.cancel()

    def _leave(self) -> None:
        """It was closed."""
        self._work.changed.disconnect(self.follow)
        self._work.playhead_moved.disconnect(self._light)
        self._sources.changed.disconnect(self.follow)
        self.cancel()

    # Listening

    def listen_anyway(self) -> None:
        """To what is music or effects."""
        self._wanted = True
        self.follow()

    def _listen(self, speech: Speech, track: Track) -> None:
        """To media that nobody listened to yet."""
        wanted = [media for media in speech.unheard(track) if media.id not in self._asked]
        found = [(media, path) for media in wanted if (path := self._sources.path(media)) is not None]
        if self._watcher is not None:
            return
        unasked = bool(found) and not is_spoken(track) and not self._wanted
        self.ask.setVisible(unasked)
        nothing = self.tr("Nobody has listened to this music or these effects for words yet.")
        self.text.setPlaceholderText(nothing if unasked else self.tr("Nothing is said here."))
        if unasked or not found:
            return
        self._asked |= {media.id for media, _ in found}
        title = self.tr("Listen to “{name}”").replace("{name}", track.name)
        try:
            self._watcher = self._work.desk.jobs.submit(Job("media.transcribe", listening(found), title))
        except StudioError as error:
            self._work.desk.messages.error(error)
            return
        self._show_busy(self.tr("Listening for words…"))
        self._watcher.partial.connect(self._came)
        self._watcher.finished.connect(self._listened)

    def _came(self, came: Partial) -> None:
        if came.kind == "refused":
            self._work.desk.messages.error(StudioError(came.data["sentence"], came.data["hint"]))
        elif came.kind == "transcript":
            try:
                self._work.session.set_transcripts(transcript_of(came.data))
            except StudioError as error:
                self._work.desk.messages.error(error)
            self.follow()

    def _listened(self, outcome: Outcome) -> None:
        watcher, self._watcher = self._watcher, None
        self._show_busy("")
        if isinstance(outcome.error, StudioError):
            if watcher is not None:
                watcher.told = True
            self.state.setText(f"{outcome.error.sentence} {outcome.error.hint}")
        else:
            self.follow()

    def _show_busy(self, words: str) -> None:
        self.busy.setVisible(bool(words))
        self.stop.setVisible(bool(words))
        self.state.setText(words)

    # Showing

    def follow(self, _media: str = "") -> None:
        """The timeline, or what is known of its media, became another."""
        track = next((one for one in self._work.document.tracks if one.id == self._track), None)
        if track is None:
            self.close()
            return
        speech = Speech(self._work.project)
        self._listen(speech, track)
        self._said = speech.of_track(track)
        if self.proposals.silences:
            cuts = [cut for clip in track.clips for cut in self._silences(clip)]
        else:
            cuts = [cut for one in self._said for cut in tidying.slips(one)]
        self._show_text(track, cuts)
        self.proposals.show_proposals([one for cut in cuts for one in self._placed(cut)])
        self._light()

    def _show_text(self, track: Track, cuts: list[Cut]) -> None:
        said = {one.clip.id: one for one in self._said}
        by_clip = {clip: list(run) for clip, run in groupby(cuts, key=lambda cut: cut.clip)}
        silences = by_clip if self.proposals.silences else {}
        self._pieces = [
            piece for clip in track.clips for piece in _pieces(clip, said.get(clip.id), silences.get(clip.id, []))
        ]
        words = enumerate(self._pieces)
        self._where = {(piece.clip.id, piece.number): at for at, piece in words if piece.said is not None}
        self.text.show_pieces(_paragraphs(self._pieces, {one.clip.id: one for one in self._said}))
        self.cut_button.setEnabled(bool(self._pieces))

    def _strike(self) -> None:
        """Through what is ticked."""
        ticked: dict[str, list[Cut]] = {}
        for cut in sorted(self.proposals.ticked(), key=_first):
            ticked.setdefault(cut.clip, []).append(cut)

        def goes(piece: Piece) -> bool:
            cuts = ticked.get(piece.clip.id, [])
            before = bisect_right(cuts, piece.first, key=_first)
            return before > 0 and piece.last <= cuts[before - 1].last

        self.text.strike(number for number, piece in enumerate(self._pieces) if goes(piece))

    def _light(self) -> None:
        """The word that sounds at the playhead."""
        at = self._work.playhead
        said = next((one for one in self._said if one.clip.start <= at < one.clip.end), None)
        if said is None:
            self.text.light(None)
            return
        sample = said.clip.source_start + sample_near(said.clip, said.media, at - said.clip.start)
        number = said.at(sample)
        self.text.light(None if number is None else self._where.get((said.clip.id, number)))

    def _seek(self, number: int) -> None:
        """The playhead to a piece."""
        piece = self._pieces[number]
        media = self._work.project.medium(piece.clip.media)
        spans = removing.heard(piece.clip, media, [(piece.first, piece.last)])
        if spans:
            self._work.seek(spans[0].start)

    def _silences(self, clip: Clip) -> list[Cut]:
        shown = self._sources.shown(clip)
        outline = shown.outline()
        if shown.media is None or not isinstance(outline, Peaks):
            return []
        known, asked = self._quiet.get(clip.media), self.proposals.chosen_threshold()
        if known is None or known.outline is not outline or known.asked != asked:
            found = levels(outline) if known is None or known.outline is not outline else known.levels
            own = known.own if known is not None and known.levels is found else found.threshold
            known = _Quiet(outline, found, own, asked, found.quiet(own if asked is None else asked))
            self._quiet[clip.media] = known
            self.proposals.show_threshold(own)
        return tidying.silences(
            clip, shown.media, known.spans, self.proposals.least.value(), self.proposals.keep.value()
        )

    def _placed(self, cut: Cut) -> list[Proposal]:
        clip = self._work.document.clip(cut.clip)
        spans = removing.heard(clip, self._work.project.medium(clip.media), [(cut.first, cut.last)])
        return [Proposal(cut, span.start, span.end - span.start) for span in spans]

    def _show_proposal(self, one: Proposal) -> None:
        self._work.seek(one.start)
        near = [
            n for n, piece in enumerate(self._pieces) if piece.clip.id == one.cut.clip and piece.last > one.cut.first
        ]
        if near:
            self.text.reveal(near[0])

    def _make(self, label: str, cuts: list[Cut]) -> None:
        if cuts:
            self._work.edit(label, lambda project, timeline: cutting.make(project, timeline, cuts))

    def _play(self) -> None:
        if self._work.transport is not None:
            self._work.transport.toggle()

    # Building

    def _build(self) -> None:
        self.text = TranscriptText(self)
        self.text.setAccessibleName(self.tr("What is said"))
        self.text.clicked.connect(self._seek)
        self.text.cut_wanted.connect(self.cut_chosen)
        self.text.play_wanted.connect(self._play)
        self.cut_button = Button(self.tr("Cut these words"), "secondary", "scissors", self)
        self.cut_button.clicked.connect(self.cut_chosen)
        self.busy = Spinner(16, self)
        self.state = QLabel(self)
        self.state.setProperty("role", "small")
        self.state.setWordWrap(True)
        self.ask = Button(self.tr("Listen for words"), "secondary", "mic", self)
        self.ask.setToolTip(self.tr("Music and effects are listened to only when you ask for it"))
        self.ask.clicked.connect(self.listen_anyway)
        self.stop = Button(self.tr("Cancel"), "secondary", parent=self)
        self.stop.clicked.connect(self.cancel)
        self.proposals = Proposals(self)
        self.proposals.asked.connect(self.follow)
        self.proposals.changed.connect(self._strike)
        self.proposals.chosen.connect(self._show_proposal)
        self.proposals.accepted.connect(lambda cuts: self._make(self.proposals.label, cuts))
        self._show_busy("")
        said = QLabel(self.tr("What is said"), self)
        said.setProperty("role", "heading")
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.busy)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.ask)
        foot.addWidget(self.stop)
        foot.addWidget(self.cut_button)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(said)
        left.addWidget(self.text, 1)
        left.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        row.setSpacing(3 * GRID)
        row.addLayout(left, 3)
        row.addWidget(self.proposals, 2)


def _first(cut: Cut) -> int:
    return cut.first


def _pieces(clip: Clip, said: Said | None, silences: list[Cut]) -> list[Piece]:
    """Words and silences of a clip, in order."""
    words = [] if said is None else list(enumerate(said.words))
    found = [Piece(clip, word.start, word.end, word.text.strip(), said, number, None) for number, word in words]
    rate = said.media.sample_rate if said is not None else 0
    if rate:
        found += [
            Piece(clip, cut.first, cut.last, f"[{(cut.last - cut.first) / rate:.1f} s]", None, -1, cut)
            for cut in silences
        ]
    return sorted(found, key=lambda piece: (piece.first, piece.last))


def _paragraphs(pieces: list[Piece], said: dict[str, Said]) -> Iterator[list[str]]:
    """A new one after a long silence on the timeline."""
    paragraph: list[str] = []
    before: Piece | None = None
    for piece in pieces:
        if before is not None and _apart(before, piece, said):
            yield paragraph
            paragraph = []
        paragraph.append(piece.text)
        before = piece
    if paragraph:
        yield paragraph


def _apart(before: Piece, piece: Piece, said: dict[str, Said]) -> bool:
    if before.clip.id == piece.clip.id:
        return (piece.first - before.last) / said[piece.clip.id].media.sample_rate >= _PARAGRAPH
    return piece.clip.start - before.clip.end >= _PARAGRAPH * TICKS
