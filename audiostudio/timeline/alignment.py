"""Which lines of an edited script are which lines of the one before. Linear in the size of the script."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiostudio.timeline.difference import common_prefix, common_suffix, shared_ends

ALIKE = 0.5
"""Two lines this much alike are one line that was changed, where several could be meant."""
COMPARED = 1024
"""The most pairs of lines that are compared letter by letter in one place."""


@dataclass(slots=True)
class Source:
    """Where a line of the new script comes from: at most one of the two."""

    line: int | None = None
    """The old line that it is, changed or not."""
    piece_of: int | None = None
    """The old line that it was cut from."""


@dataclass(frozen=True, slots=True)
class Alignment:
    start: int
    """Lines at the beginning that both scripts share."""
    end: int
    """Lines at the end, after those."""
    sources: list[Source]
    """For each new line in between."""
    removed: list[int]
    """Old lines that are no more."""


def align(old: Sequence[str], new: Sequence[str]) -> Alignment | None:
    """How `new` came from `old`; None when they are the same.

    Lines that are the same wherever both scripts have them once are one line, moved or not; then the same lines
    next to those; then the same lines in order. What is left between two found neighbours was changed: one line
    for one line always, of several those that are most alike. What follows a changed line and ends it is a piece of it.
    """
    start, end = shared_ends(old, new)
    if start == len(old) == len(new):
        return None
    matching = _Matching(old[start : len(old) - end], new[start : len(new) - end])
    matching.same_lines()
    for gap in matching.gaps():
        matching.changed_lines(*gap)
    found = set(matching.of_new)
    for source in matching.sources:
        source.line = None if source.line is None else source.line + start
        source.piece_of = None if source.piece_of is None else source.piece_of + start
    removed = [start + i for i in range(len(matching.old)) if i not in found]
    return Alignment(start, end, matching.sources, removed)


class _Matching:
    """Pairs of indices into two scripts that begin and end differently."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old = old
        self.new = new
        self.sources = [Source() for _ in new]
        self._taken = [False] * len(old)

    @property
    def of_new(self) -> Iterator[int]:
        """The old lines that were found."""
        return (source.line for source in self.sources if source.line is not None)

    def same_lines(self) -> None:
        olds, news = _places(self.old), _places(self.new)
        for text, where in news.items():
            if len(where) == 1 and len(olds.get(text, ())) == 1 and text.strip():
                self._match(olds[text][0], where[0])
        for step in (1, -1):
            for j in range(len(self.new))[::step]:
                i = self._partner(j - step)
                if i is not None:
                    self._match_same(i + step, j)
        for text, where in news.items():
            free = [i for i in olds.get(text, ()) if not self._taken[i]]
            for i, j in zip(free, [j for j in where if self.sources[j].line is None], strict=False):
                self._match(i, j)

    def gaps(self) -> Iterator[tuple[range, range]]:
        """Runs of old and of new lines that have no partner and stand between the same neighbours."""
        j = 0
        while j < len(self.new):
            if self.sources[j].line is not None:
                j += 1
                continue
            first = j
            while j < len(self.new) and self.sources[j].line is None:
                j += 1
            olds = self._free_after(self._partner(first - 1)) or self._free_before(self._partner(j))
            if olds:
                yield olds, range(first, j)

    def changed_lines(self, olds: range, news: range) -> None:
        if len(olds) == len(news) == 1:
            self._match(olds[0], news[0])
            return
        old, new = [_Compared(self.old[i]) for i in olds], [_Compared(self.new[j]) for j in news]
        if len(old) * len(new) > COMPARED:
            pairs = [(n, n) for n, (a, b) in enumerate(zip(old, new, strict=False)) if a.like(b) >= ALIKE]
        else:
            pairs = _best_pairs(old, new)
        for a, b in pairs:
            self._match(olds[a], news[b])
        for a, b in pairs:
            self._pieces(olds[a], news[b], news)

    def _pieces(self, i: int, j: int, news: range) -> None:
        whole, rest = self.old[i], self.new[j]
        for beside in (range(j + 1, news.stop), range(j - 1, news.start - 1, -1)):
            for k in beside:
                piece = self.new[k].strip()
                if self.sources[k].line is not None or not piece or piece in rest or piece not in whole:
                    break
                self.sources[k].piece_of = i

    def _match(self, i: int, j: int) -> None:
        self.sources[j].line = i
        self._taken[i] = True

    def _match_same(self, i: int, j: int) -> None:
        inside = 0 <= i < len(self.old) and not self._taken[i] and self.sources[j].line is None
        if inside and self.old[i] == self.new[j]:
            self._match(i, j)

    def _partner(self, j: int) -> int | None:
        """The old line that is new line `j`; before the first and after the last stand the ends of the old script."""
        if j < 0:
            return -1
        return self.sources[j].line if j < len(self.new) else len(self.old)

    def _free_after(self, i: int | None) -> range:
        first = stop = 0 if i is None else i + 1
        while i is not None and stop < len(self.old) and not self._taken[stop]:
            stop += 1
        return range(first, stop)

    def _free_before(self, i: int | None) -> range:
        first = stop = 0 if i is None else i
        while first > 0 and not self._taken[first - 1]:
            first -= 1
        return range(first, stop)


class _Compared:
    """A line and its words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = frozenset(text.split())

    def like(self, other: "_Compared") -> float:
        """0…1: by what both begin and end with, or by the words they share."""
        one, two = self.text, other.text
        if not self.words or not other.words:
            return 0.0
        start = common_prefix(one, two)
        ends = (start + common_suffix(one[start:], two[start:])) / max(len(one), len(two))
        short, long = sorted((one, two), key=len)
        if long.startswith(short) or long.endswith(short):
            return 0.5 + ends / 2
        return max(ends, 2 * len(self.words & other.words) / (len(self.words) + len(other.words)))


def _best_pairs(old: list[_Compared], new: list[_Compared]) -> list[tuple[int, int]]:
    """Pairs in the order of both lists, each at least `ALIKE`, with the greatest likeness in all."""
    likeness = [[a.like(b) for b in new] for a in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a in reversed(range(len(old))):
        for b in reversed(range(len(new))):
            pair = likeness[a][b] + best[a + 1][b + 1] if likeness[a][b] >= ALIKE else 0.0
            best[a][b] = max(pair, best[a + 1][b], best[a][b + 1])
    pairs: list[tuple[int, int]] = []
    a = b = 0
    while a < len(old) and b < len(new):
        if best[a][b] == best[a + 1][b]:
            a += 1
        elif best[a][b] == best[a][b + 1]:
            b += 1
        else:
            pairs.append((a, b))
            a, b = a + 1, b + 1
    return pairs


def _places(lines: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(lines):
        places[text].append(i)
    return places
