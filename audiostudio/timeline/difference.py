"""What changed between two frozen documents, as JSON that can be applied forwards and backwards, exactly.

A patch is one of
- `["=", old, new]`: one value for another;
- `["text", at, old, new]`: characters of a text;
- `["fields", {name: patch}]`: fields of an object;
- `["items", [hunk…]]`: items of a tuple, in order; a hunk is `[old index, new index, [removed…], [inserted…]]` or
  `[old index, new index, patch]` for an item that stayed and changed inside, or
  `[old index, new index, count, {name: [sum, by]}]` for several in a row in which the same whole numbers, of that sum,
  changed by the same amount: what a ripple does to thousands of clips.

Patches apply to documents and to their JSON alike, so that a journal can be replayed before a file is upgraded.
"""

import dataclasses
from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby, repeat
from operator import attrgetter, sub
from typing import Any, TypeAlias

from audiostudio.timeline.schema import (
    completed,
    decode,
    defaults,
    encode,
    field_hint,
    item_hint,
    schema_of,
    with_values,
)

Patch: TypeAlias = list[Any]


class PatchMismatch(ValueError):
    """The patch was made for another document."""


def difference(before: Any, after: Any) -> Patch | None:
    """The patch from `before` to `after`; None when they are equal. What both share costs an identity check."""
    if before is after:
        return None
    if type(before) is not type(after):
        return ["=", encode(before), encode(after)]
    schema = schema_of(type(before))
    if schema is not None:
        return _object_difference(before, after, schema.fields)
    if type(before) is tuple:
        return _items_difference(before, after)
    if before == after:
        return None
    return _text_difference(before, after) if isinstance(before, str) else ["=", encode(before), encode(after)]


def apply(patch: Patch, document: Any, *, reverse: bool = False) -> Any:
    """The document after `patch`, or before it. `document` is a stored object or its JSON.

    Raises `PatchMismatch` when it is not the document that the patch was made from.
    """
    try:
        return _apply(patch, document, None if isinstance(document, dict) else type(document), reverse)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise PatchMismatch(str(error)) from error


def _object_difference(before: Any, after: Any, names: tuple[str, ...]) -> Patch | None:
    if before.extra != after.extra:
        return ["=", encode(before), encode(after)]
    pairs = zip(names, map(getattr, repeat(before), names), map(getattr, repeat(after), names), strict=False)
    changed = {name: difference(old, new) for name, old, new in pairs if old is not new}
    found = {name: patch for name, patch in changed.items() if patch is not None}
    return ["fields", found] if found else None


def _text_difference(before: str, after: str) -> Patch:
    start = common_prefix(before, after)
    end = common_suffix(before[start:], after[start:])
    return ["text", start, before[start : len(before) - end], after[start : len(after) - end]]


def common_prefix(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many characters or items two texts, lists or tuples begin with alike.

    By halving: each step compares slices, at the speed of memory where items are the same objects.
    """
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def common_suffix(one: Sequence[Any], other: Sequence[Any]) -> int:
    low, high = 0, min(len(one), len(other))
    if one[len(one) - high :] == other[len(other) - high :]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle
    return low


def shared_ends(old: Sequence[Any], new: Sequence[Any]) -> tuple[int, int]:
    """How many items at the beginning, and after those at the end, two sequences share."""
    start = common_prefix(old, new)
    return start, common_suffix(old[start:], new[start:])


def _items_difference(old: tuple[Any, ...], new: tuple[Any, ...]) -> Patch | None:
    start, end = shared_ends(old, new)
    if start == len(old) == len(new):
        return None
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    hunks: list[list[Any]] = []
    at, to = 0, 0
    for i, j, count in [*_blocks(old, new), (len(old), len(new), 0)]:
        if i > at or j > to:
            hunks.append([start + at, start + to, encode(old[at:i]), encode(new[to:j])])
        hunks += _block_difference(old[i : i + count], new[j : j + count], start + i, start + j)
        at, to = i + count, j + count
    return ["items", hunks]


def _blocks(old: tuple[Any, ...], new: tuple[Any, ...]) -> list[tuple[int, int, int]]:
    """The longest run of items, by id, that are in both and in one order, as (old index, new index, count)."""
    one, other = ([getattr(item, "id", None) for item in items] for items in (old, new))
    start, end = (0, 0) if None in one or None in other else shared_ends(one, other)
    blocks = [(0, 0, start)]
    for i, j in _kept(one[start : len(one) - end], other[start : len(other) - end]):
        last = blocks[-1]
        if (last[0] + last[2], last[1] + last[2]) == (start + i, start + j):
            blocks[-1] = (last[0], last[1], last[2] + 1)
        else:
            blocks.append((start + i, start + j, 1))
    return [block for block in [*blocks, (len(old) - end, len(new) - end, end)] if block[2]]


def _kept(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int, int]]:
    """The longest run of ids that are in both and in one order, as pairs of indices."""
    where = {name: i for i, name in enumerate(old) if name is not None}
    pairs = [(where[name], j) for j, name in enumerate(new) if name in where]
    lasts: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for n, (i, _) in enumerate(pairs):
        length = bisect_left(lasts, i)
        previous.append(ends[length - 1] if length else -1)
        lasts[length : length + 1] = [i]
        ends[length : length + 1] = [n]
    kept: list[tuple[int, int]] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        kept.append(pairs[n])
        n = previous[n]
    return kept[::-1]


def _block_difference(old: tuple[Any, ...], new: tuple[Any, ...], i: int, j: int) -> list[list[Any]]:
    """Hunks for items that stayed; `i` and `j` are the indices of the first."""
    steps = _number_changes(old, new)
    if steps is None:
        patches = map(difference, old, new)
        return [[i + n, j + n, patch] for n, patch in enumerate(patches) if patch is not None]
    hunks: list[list[Any]] = []
    n = 0
    for by, run in groupby(zip(*(changes for _, changes in steps.values()), strict=True)):
        count = len(list(run))
        moved = {name: delta for name, delta in zip(steps, by, strict=True) if delta}
        if moved and count > 1:
            sums = {name: [sum(steps[name][0][n : n + count]), delta] for name, delta in moved.items()}
            hunks.append([i + n, j + n, count, sums])
        elif moved:
            values = {name: ["=", steps[name][0][n], steps[name][0][n] + delta] for name, delta in moved.items()}
            hunks.append([i + n, j + n, ["fields", values]])
        n += count
    return hunks


def _number_changes(old: tuple[Any, ...], new: tuple[Any, ...]) -> dict[str, tuple[list[int], list[int]]] | None:
    """Fields of stored objects that changed, with their old values and by how much each changed; None when anything
    else than whole numbers changed. Goes field by field, so that thousands of clips that moved cost little."""
    schema = schema_of(type(old[0])) if old else None
    if schema is None or len({*map(type, old), *map(type, new)}) > 1:
        return None
    steps: dict[str, tuple[list[int], list[int]]] = {}
    for name in (*schema.fields, "extra"):
        get = attrgetter(name)
        before, after = list(map(get, old)), list(map(get, new))
        if before != after:
            if {*map(type, before), *map(type, after)} != {int}:
                return None
            steps[name] = (before, list(map(sub, after, before)))
    return steps


def _apply(patch: Patch, value: Any, hint: Any, reverse: bool) -> Any:
    """`hint` is the type of `value` in a document, None in its JSON."""
    kind = patch[0]
    if kind == "fields":
        if hint is None:
            whole = {**defaults(value), **value}
            return {**value, **{name: _apply(inner, whole[name], None, reverse) for name, inner in patch[1].items()}}
        own: type = type(value)
        hints = {name: field_hint(own, name) for name in patch[1]}
        changes = {name: _apply(inner, getattr(value, name), hints[name], reverse) for name, inner in patch[1].items()}
        return dataclasses.replace(value, **changes)
    if kind == "items":
        return _apply_items(patch[1], value, hint, reverse)
    *place, old, new = patch[1:]
    if reverse:
        old, new = new, old
    if kind == "text":
        (at,) = place
        _expect(0 <= at <= len(value) and value[at : at + len(old)], old)
        return value[:at] + new + value[at + len(old) :]
    if kind == "=":
        _expect(value if hint is None else encode(value), old)
        return new if hint is None else decode(hint, new)
    raise PatchMismatch(f"unknown patch {kind!r}")


def _apply_items(hunks: list[list[Any]], items: Any, hint: Any, reverse: bool) -> Any:
    inner = None if hint is None else item_hint(hint)
    result: list[Any] = []
    done = 0
    for hunk in hunks:
        at = hunk[1] if reverse else hunk[0]
        _expect(done <= at <= len(items), True)
        result.extend(items[done:at])
        if len(hunk) == 3:
            result.append(_apply(hunk[2], items[at], inner, reverse))
            done = at + 1
            continue
        if isinstance(hunk[2], int):
            done = at + hunk[2]
            result.extend(_stepped(hunk[3], items[at:done], hunk[2], reverse))
            continue
        removed, inserted = (hunk[3], hunk[2]) if reverse else (hunk[2], hunk[3])
        done = at + len(removed)
        _expect(items[at:done] if hint is None else encode(items[at:done]), removed)
        result.extend(inserted if hint is None else [decode(inner, item) for item in inserted])
    result.extend(items[done:])
    return result if hint is None else tuple(result)


def _stepped(steps: dict[str, list[int]], items: Any, count: int, reverse: bool) -> list[Any]:
    """A run of items, stored objects or their JSON, in which whole numbers changed by the same amounts."""
    json = bool(items) and isinstance(items[0], dict)
    columns: dict[str, list[int]] = {}
    for name, (before, by) in steps.items():
        values = [{**defaults(item), **item}[name] if json else getattr(item, name) for item in items]
        _expect((len(values), sum(values)), (count, before + by * count if reverse else before))
        columns[name] = [value - by if reverse else value + by for value in values]
    if not json:
        return with_values(items, **columns)
    rows = zip(*columns.values(), strict=True)
    return [{**item, **dict(zip(columns, row, strict=True))} for item, row in zip(items, rows, strict=True)]


def _expect(found: Any, expected: Any) -> None:
    """A patch of an earlier program lacks the fields that came since."""
    if found != expected and completed(found) != completed(expected):
        raise PatchMismatch("the document is not the one that was changed")
