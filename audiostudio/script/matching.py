"""Two lists of words laid beside each other with the fewest errors."""

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from audiostudio.script.folding import ANY, indistinguishable, is_number

_MOST_CELLS = 250_000
"""Pairs of words that are weighed at once; longer texts are parted at what they have in common first."""
_ANCHOR = 3
"""Words in a row that are found once in each text: there they are parted."""
_TOGETHER = 5
"""Words on each side that may be one thing in two spellings."""
_EAR = 60
"""Words of a stretch that is weighed by ear; a longer one without a right word is no matter of spelling."""


class Step(NamedTuple):
    """Words [first, last) of the text beside words [heard_first, heard_last); one side may be empty."""

    first: int
    last: int
    heard_first: int
    heard_last: int
    right: bool


def steps(said: Sequence[str], heard: Sequence[str], tag: str) -> list[Step]:
    """All words of both sides in order; what is wrong side by side comes as one step."""
    rough = _widened(list(_rough(said, heard)), said, tag)
    fine = (one for step in rough for one in ([step] if step.right else _by_ear(step, said, heard, tag)))
    return list(_joined(fine))


def _rough(said: Sequence[str], heard: Sequence[str]) -> Iterator[Step]:
    """Right words one by one, and the stretches between them."""
    i = j = 0
    for a, b in [*_equal_pairs(said, heard), (len(said), len(heard))]:
        if a > i or b > j:
            yield Step(i, a, j, b, False)
        if a < len(said):
            yield Step(a, a + 1, b, b + 1, True)
        i, j = a + 1, b + 1


def _equal_pairs(said: Sequence[str], heard: Sequence[str]) -> Iterator[tuple[int, int]]:
    if len(said) * len(heard) <= _MOST_CELLS:
        yield from _fewest_errors(said, heard, 0, 0)
        return
    i = j = 0
    for a, b in [*_anchors(said, heard), (len(said), len(heard))]:
        if a < i or b < j:
            continue
        if (a - i) * (b - j) <= _MOST_CELLS:
            yield from _fewest_errors(said[i:a], heard[j:b], i, j)
        else:
            matcher = SequenceMatcher(None, said[i:a], heard[j:b], autojunk=True)
            for block in matcher.get_matching_blocks():
                yield from ((i + block.a + k, j + block.b + k) for k in range(block.size))
        i, j = a, b


def _anchors(said: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Where runs begin that each side has once, in the order of both: the longest such chain."""
    own, other = _runs(said), _runs(heard)
    pairs = sorted((at, other[run]) for run, at in own.items() if run in other)
    ends: list[int] = []
    chain: list[int] = []
    before: list[int | None] = []
    for number, (_, b) in enumerate(pairs):
        place = bisect_left(ends, b)
        before.append(chain[place - 1] if place else None)
        ends[place : place + 1] = [b]
        chain[place : place + 1] = [number]
    found: list[tuple[int, int]] = []
    at = chain[-1] if chain else None
    while at is not None:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _runs(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    runs = list(zip(*(words[at:] for at in range(_ANCHOR)), strict=False))
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}


def _fewest_errors(said: Sequence[str], heard: Sequence[str], i0: int, j0: int) -> Iterator[tuple[int, int]]:
    """The pairs of equal words in a way from one list to the other with the fewest changes."""
    rows = [list(range(len(heard) + 1))]
    for i, word in enumerate(said, 1):
        before, row = rows[-1], [i]
        for j, other in enumerate(heard, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (word != other)))
        rows.append(row)
    found: list[tuple[int, int]] = []
    i, j = len(said), len(heard)
    while i and j:
        if said[i - 1] == heard[j - 1] and rows[i][j] == rows[i - 1][j - 1]:
            i, j = i - 1, j - 1
            found.append((i0 + i, j0 + j))
        elif rows[i][j] == rows[i - 1][j - 1] + 1:
            i, j = i - 1, j - 1
        elif rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
        else:
            j -= 1
    yield from reversed(found)


def _widened(rough: Sequence[Step], said: Sequence[str], tag: str) -> Iterator[Step]:
    """Wrong stretches with the right words beside them that they cannot be judged without."""
    bound = [step.right and _is_bound(rough, at, said, tag) for at, step in enumerate(rough)]
    for together, group in itertools.groupby(enumerate(rough), key=lambda one: not one[1].right or bound[one[0]]):
        run = [step for _, step in group]
        if not together or all(step.right for step in run):
            yield from run
        else:
            yield Step(run[0].first, run[-1].last, run[0].heard_first, run[-1].heard_last, False)


def _is_bound(rough: Sequence[Step], at: int, said: Sequence[str], tag: str) -> bool:
    """Half a number says nothing, and a Chinese character in Japanese is read by the kana behind it."""
    if tag == "ja":
        return any(not step.right for step in rough[max(at - 2, 0) : at + 3])
    return tag.startswith("en") and is_number(said[rough[at].first])


def _by_ear(step: Step, said: Sequence[str], heard: Sequence[str], tag: str) -> Iterator[Step]:
    """A wrong stretch, weighed again with everything that cannot be told apart by ear as right."""
    own, other = said[step.first : step.last], heard[step.heard_first : step.heard_last]
    if not own or not other or len(own) > _EAR or len(other) > _EAR:
        yield step
        return
    cost = [[float("inf")] * (len(other) + 1) for _ in range(len(own) + 1)]
    came: dict[tuple[int, int], tuple[int, int, bool]] = {}
    cost[0][0] = 0
    for i, j in itertools.product(range(len(own) + 1), range(len(other) + 1)):
        for a, b, price in _moves(own, other, i, j, tag):
            if cost[i][j] + price < cost[a][b]:
                cost[a][b] = cost[i][j] + price
                came[a, b] = (i, j, price < 1)
    found: list[Step] = []
    i, j = len(own), len(other)
    while i or j:
        a, b, right = came[i, j]
        found.append(Step(step.first + a, step.first + i, step.heard_first + b, step.heard_first + j, right))
        i, j = a, b
    yield from reversed(found)


def _moves(own: Sequence[str], other: Sequence[str], i: int, j: int, tag: str) -> Iterator[tuple[int, int, float]]:
    """Where one can go from a place, and what it costs. Many words as one cost a little: fewer are better."""
    if i < len(own):
        yield i + 1, j, 1
    if j < len(other):
        yield i, j + 1, 1
    if i < len(own) and j < len(other):
        yield i + 1, j + 1, 1
    for a in range(i + 1, min(i + _TOGETHER, len(own)) + 1):
        for b in range(j + 1, min(j + _TOGETHER, len(other)) + 1):
            if indistinguishable(own[i:a], other[j:b], tag):
                spread = abs((a - i) - (b - j)) if ANY in own[i:a] else 0
                yield a, b, 0.001 * (a - i + b - j) + 0.1 * min(spread, 4)


def _joined(fine: Iterator[Step]) -> Iterator[Step]:
    """Wrong steps side by side as one."""
    for right, group in itertools.groupby(fine, key=lambda step: step.right):
        if right:
            yield from group
            continue
        run = list(group)
        yield Step(run[0].first, run[-1].last, run[0].heard_first, run[-1].heard_last, False)
