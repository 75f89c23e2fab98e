"""What the clips of a timeline say, word by word."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from audiostudio.timeline.project import Media, Project, TakeWord
from audiostudio.timeline.tracks import Clip, Content, Track

_PAD = 0.05
"""Seconds around words that go with them, as far as nobody speaks there."""


class What(StrEnum):
    """Why something is cut."""

    SILENCE = "silence"
    FILLER = "filler"
    REPEATED = "repeated"
    WORDS = "words"


class Cut(NamedTuple):
    """A part of what a clip plays that is to go, with all that is linked to it."""

    clip: str
    """Its id."""
    first: int
    """Samples of the medium, half-open."""
    last: int
    what: What
    text: str = ""
    """The words that go."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one clip says."""

    clip: Clip
    media: Media
    language: str
    """A BCP 47 tag; may be empty."""
    words: tuple[TakeWord, ...]
    """In order; samples of the medium. The first and the last may reach out of the clip."""

    def cut(self, first: int, last: int, what: What = What.WORDS) -> Cut:
        """Of words first…last (half-open): with a little around them, but nothing of other words."""
        start, end = self.words[first].start, self.words[last - 1].end
        pad = round(_PAD * self.media.sample_rate)
        before = self.words[first - 1].end if first else self.clip.source_start
        after = self.words[last].start if last < len(self.words) else self.clip.source_start + self.clip.source_length
        text = " ".join(word.text for word in self.words[first:last])
        begin = start - max(0, min(pad, (start - before) // 2))
        return Cut(self.clip.id, begin, end + max(0, min(pad, (after - end) // 2)), what, text)

    def at(self, sample: int) -> int | None:
        """The number of the word that sounds there."""
        number = bisect_left(self.words, sample + 1, key=_start) - 1
        return number if number >= 0 and sample < self.words[number].end else None


def is_spoken(track: Track) -> bool:
    """Whether somebody may speak on a track: music and effects are listened to only when asked, and never captioned,
    as recognition hears words where there are none."""
    return track.content not in (Content.MUSIC, Content.EFFECTS)


class Speech:
    """What the media of a project say: takes know their words, other media have a transcript once one was made."""

    def __init__(self, project: Project) -> None:
        self._media = {media.id: media for media in project.media}
        self._takes = {take.id: take for take in project.takes}
        self._of_asset = {take.asset.id: take for take in project.takes if take.words}
        self._transcripts = {one.id: one for one in project.transcripts}
        self._language = project.language

    def of(self, clip: Clip) -> Said | None:
        """None: nobody listened to it yet, or it has no sound."""
        media = self._media.get(clip.media)
        if media is None or not media.sample_rate or not media.channels:
            return None
        take = self._takes.get(clip.take) if clip.take else None
        if take is None or not take.words:
            take = self._of_asset.get(media.asset.id)
        if take is not None:
            words = _at_rate(take.words, take.sample_rate, media.sample_rate)
            return Said(clip, media, take.voice.language or self._language, _within(words, clip))
        transcript = self._transcripts.get(media.id)
        if transcript is None:
            return None
        return Said(clip, media, transcript.language, _within(transcript.words, clip))

    def of_track(self, track: Track) -> list[Said]:
        """Of those clips that somebody listened to, in order."""
        return [said for clip in track.clips if (said := self.of(clip)) is not None]

    def unheard(self, track: Track) -> list[Media]:
        """Media of a track that nobody listened to yet, each once."""
        found = {clip.media: self._media[clip.media] for clip in track.clips if clip.media in self._media}
        clips = {clip.media: clip for clip in track.clips}
        return [media for media in found.values() if _audible(media) and self.of(clips[media.id]) is None]


def _audible(media: Media) -> bool:
    return bool(media.sample_rate and media.channels)


def _within(words: Sequence[TakeWord], clip: Clip) -> tuple[TakeWord, ...]:
    """Those of which the clip plays the middle."""
    first = bisect_left(words, 2 * clip.source_start, key=_doubled_middle)
    last = bisect_left(words, 2 * (clip.source_start + clip.source_length), key=_doubled_middle)
    return tuple(words[first:last])


def _at_rate(words: tuple[TakeWord, ...], rate: int, wanted: int) -> tuple[TakeWord, ...]:
    if rate == wanted:
        return words
    return tuple([one._replace(start=one.start * wanted // rate, end=one.end * wanted // rate) for one in words])


def _start(word: TakeWord) -> int:
    return word.start


def _doubled_middle(word: TakeWord) -> int:
    return word.start + word.end
