"""How far an operation is, told by its parts."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

from audiostudio.jobs import Partial, Progress

T = TypeVar("T")
Event = TypeVar("Event", Progress, Progress | Partial)


def part_of(work: Generator[Event, None, T], start: float, share: float) -> Generator[Event, None, T]:
    """`work` with its progress as `share` of a whole, from `start`; while nobody knows how far it is, it stays where
    it was. Partials pass as they are."""
    done = start
    with closing(work):
        while True:
            try:
                event = next(work)
            except StopIteration as end:
                result: T = end.value
                return result
            if isinstance(event, Progress):
                done = done if event.fraction is None else min(1.0, start + share * event.fraction)
                event = replace(event, fraction=done)
            yield event


def told(work: Generator[float, None, T], message: str) -> Generator[Progress, None, T]:
    """`work`, which gives its progress as a number, 0…1, with a message."""
    with closing(work):
        while True:
            try:
                done = next(work)
            except StopIteration as end:
                result: T = end.value
                return result
            yield Progress(done, message)
