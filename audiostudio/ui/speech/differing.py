"""Where two texts differ. Plain Python."""

from collections.abc import Callable


def difference(old: str, new: str) -> tuple[int, int]:
    """How many characters are the same at the beginning and at the end."""
    limit = min(len(old), len(new))
    start = _same(limit, lambda n: old[:n] == new[:n])
    rest = limit - start
    end = _same(rest, lambda n: n == 0 or old[len(old) - n :] == new[len(new) - n :])
    return start, end


def _same(limit: int, holds: Callable[[int], bool]) -> int:
    """The greatest n ≤ limit for which `holds`, which is true up to some n and false beyond."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
