"""What could be cut out of speech: long silences, fillers, words said twice. Nothing here cuts."""

import functools
import itertools
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from audiostudio.resource import resource
from audiostudio.timeline.project import Media
from audiostudio.timeline.tracks import Clip
from audiostudio.timeline.transcript import Cut, Said, What

LEAST = 0.8
"""Seconds: a silence that lasts longer is shortened."""
KEEP = 0.2
"""Seconds of it that are left on each side that something is said on."""
_WORTH = 0.05
"""Seconds: cutting less is not worth a cut."""
_MARKS = ".,;:!?¿¡…\"'“”‘’„«»()[]—–-。、，！？"
_OFF = ".,;:!?…—–"
"""Marks that set a phrase off from what it stands in."""
_ENDS = ".?!…。！？"
_PAUSE = 0.25
"""Seconds that set a phrase off as a comma does."""
_LONGEST = 3
"""Words of a phrase that may be said twice."""
_APART = 1.5
"""Seconds between the two: further apart it is meant."""


def silences(
    clip: Clip, media: Media, quiet: Sequence[tuple[int, int]], least: float = LEAST, keep: float = KEEP
) -> list[Cut]:
    """The inner part of every silence of the clip that lasts `least` seconds or longer, so that `keep` seconds are
    left where sound is next to it. `quiet`: where the medium is silent, in its samples and in order
    (`sound.silence.Levels.quiet`)."""
    rate = media.sample_rate
    begin, end = clip.source_start, clip.source_start + clip.source_length
    left, shortest = round(keep * rate), max(round(least * rate), 2 * round(keep * rate))
    found: list[Cut] = []
    here = slice(bisect_right(quiet, begin, key=itemgetter(1)), bisect_left(quiet, end, key=itemgetter(0)))
    for first, last in quiet[here]:
        first, last = max(first, begin), min(last, end)
        if last - first < shortest or last <= first:
            continue
        first += left if first > begin else 0
        last -= left if last < end else 0
        if last - first >= _WORTH * rate:
            found.append(Cut(clip.id, first, last, What.SILENCE))
    return found


def fillers(said: Said) -> list[Cut]:
    """Sounds such as “um” wherever they are, phrases such as “you know” where commas or pauses set them off, by the
    language of the clip."""
    sounds, phrases = known_fillers(said.language)
    plain = [bare(word.text) for word in said.words]
    found: list[Cut] = []
    at = 0
    while at < len(plain):
        length = 1 if _drawn(plain[at]) in sounds or plain[at] in sounds else 0
        for phrase in phrases:
            size = len(phrase)
            if size > length and tuple(plain[at : at + size]) == phrase and _set_off(said, at, at + size):
                length = size
        if length:
            found.append(said.cut(at, at + length, What.FILLER))
        at += length or 1
    return found


def repeats(said: Said) -> list[Cut]:
    """One to three words that are said twice in a row: the first time goes, with the pause after it."""
    plain = [bare(word.text) for word in said.words]
    rate = said.media.sample_rate
    found: list[Cut] = []
    at = 0
    while at < len(plain):
        size = next((size for size in range(_LONGEST, 0, -1) if _twice(plain, at, size)), 0)
        again = at + size
        if size and said.words[again].start - said.words[again - 1].end < _APART * rate and not _ended(said, at, again):
            cut = said.cut(at, again, What.REPEATED)
            found.append(cut._replace(last=max(cut.last, said.words[again].start - (said.words[at].start - cut.first))))
        at += size or 1
    return found


def slips(said: Said) -> list[Cut]:
    """Fillers, and words said twice, in order; those that the clip plays, as words in the wrong place, or such as take
    no time, may not be heard."""
    begin, end = said.clip.source_start, said.clip.source_start + said.clip.source_length
    return apart([cut for cut in (*fillers(said), *repeats(said)) if max(cut.first, begin) < min(cut.last, end)])


def apart(cuts: Iterable[Cut]) -> list[Cut]:
    """Of one clip, in order; of those that lie on each other the first."""
    found: list[Cut] = []
    for cut in sorted(cuts, key=lambda one: one.first):
        if not found or cut.first >= found[-1].last:
            found.append(cut)
    return found


def languages() -> list[str]:
    """Those whose fillers are known."""
    return sorted(_lists())


@functools.cache
def known_fillers(language: str) -> tuple[frozenset[str], tuple[tuple[str, ...], ...]]:
    """Sounds, and phrases as their words, of a language (a BCP 47 tag); none where it is not known."""
    known = _known(language)
    phrases = tuple([tuple(map(bare, phrase.split())) for phrase in known.get("phrases", ())])
    return frozenset(map(bare, known.get("sounds", ()))), phrases


def prompt(language: str) -> str:
    """A sentence full of fillers: a recogniser that read it writes them down, which it does not by itself."""
    return str(_known(language).get("prompt", ""))


def bare(word: str) -> str:
    """A word without the marks around it, in small letters."""
    return word.strip().strip(_MARKS).replace("’", "'").casefold()


def _known(language: str) -> dict[str, Any]:
    return _lists().get(language.lower().replace("_", "-").split("-")[0], {})


@functools.cache
def _lists() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(resource("script/fillers.json").read_text(encoding="utf-8"))
    return found


def _drawn(word: str) -> str:
    """`ummm` → `um`: sounds are drawn out as one likes."""
    return "".join(letter for letter, _ in itertools.groupby(word)) if len(word) > 2 else word


def _set_off(said: Said, first: int, last: int) -> bool:
    """Whether a comma or a pause stands before and after words first…last (half-open), or nothing."""
    return all(edge == 0 or edge == len(said.words) or _border(said, edge) for edge in (first, last))


def _border(said: Said, edge: int) -> bool:
    left, right = said.words[edge - 1], said.words[edge]
    return left.text.rstrip()[-1:] in tuple(_OFF) or right.start - left.end >= _PAUSE * said.media.sample_rate


def _twice(plain: Sequence[str], at: int, size: int) -> bool:
    words = plain[at : at + size]
    return len(words) == size and words == plain[at + size : at + 2 * size] and all(map(_spoken, words))


def _spoken(word: str) -> bool:
    return any(map(str.isalpha, word))


def _ended(said: Said, first: int, last: int) -> bool:
    """Whether a sentence ends within: then it begins the next with the same words on purpose."""
    return any(mark in _ENDS for mark in _last_marks(said, first, last))


def _last_marks(said: Said, first: int, last: int) -> Iterator[str]:
    return (word.text.rstrip()[-1:] for word in said.words[first:last] if word.text.strip())
