"""The journal between two saves: one record for each change, each guarded by its length and checksum.

A record is a line `CRC LENGTH JSON`: eight hexadecimal digits, the bytes of the JSON, the JSON itself, which holds
no line feed. Reading ends at the first record that is not whole, so a torn tail costs that record alone.
"""

import json
import zlib
from collections.abc import Iterator
from typing import Any

from audiostudio.timeline.difference import PatchMismatch
from audiostudio.timeline.history import Record, Step, Steps, dump, walk


def to_bytes(text: str) -> bytes:
    """UTF-8, also for the lone surrogates that a text may hold."""
    return text.encode("utf-8", "surrogatepass")


def from_bytes(data: bytes) -> str:
    """Raises `UnicodeDecodeError`."""
    return data.decode("utf-8", "surrogatepass")


def frame(record: Record) -> bytes:
    body = to_bytes(f'{{"do":"{record.kind}","label":{dump(record.label)},"patches":[{",".join(record.patches)}]}}')
    return b"%08x %d %s\n" % (zlib.crc32(body), len(body), body)


def whole_records(data: bytes) -> Iterator[tuple[Record, int]]:
    """Each whole record from the beginning, with the offset of its end."""
    at = 0
    while (end := data.find(b"\n", at)) >= 0:
        head, _, rest = data[at:end].partition(b" ")
        length, _, body = rest.partition(b" ")
        if length != b"%d" % len(body) or head != b"%08x" % zlib.crc32(body):
            return
        try:
            content = json.loads(from_bytes(body))
            record = Record(content["do"], str(content["label"]), tuple([dump(patch) for patch in content["patches"]]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        at = end + 1
        yield record, at


def replay(data: bytes, document: Any, steps: Steps) -> tuple[Any, int, bool]:
    """Follow a journal from the JSON `document` and its `steps`, which are changed in place.

    Gives the document after it, how many records were followed, and whether that was all of `data`.
    """
    followed, end = 0, 0
    for record, offset in whole_records(data):
        try:
            document = _follow(record, document, steps)
        except PatchMismatch:
            return document, followed, False
        followed, end = followed + 1, offset
    return document, followed, end == len(data)


def _follow(record: Record, document: Any, steps: Steps) -> Any:
    """The document never depends on `steps`, whose file may have been lost."""
    step = Step(record.label, record.patches)
    document = walk(step, document, reverse=record.kind == "undo")
    if record.kind in ("undo", "redo"):
        steps.shift(step, reverse=record.kind == "undo")
    elif record.kind == "edit":
        steps.push(step)
    elif record.kind == "merge" and steps.undo:
        steps.revise((*steps.undo[-1].patches, *record.patches))
    elif record.kind == "merge":
        steps.push(step)
    elif record.kind == "drop" and steps.undo:
        steps.drop()
    return document


def steps_to_json(undo: tuple[Step, ...], redo: tuple[Step, ...]) -> str:
    """Two stacks of steps as JSON; patches are JSON already and are put in as they are."""

    def stack(steps: tuple[Step, ...]) -> str:
        return ",\n".join(f'{{"label":{dump(step.label)},"patches":[{",".join(step.patches)}]}}' for step in steps)

    return f'{{"schema":"History.1",\n"undo":[\n{stack(undo)}],\n"redo":[\n{stack(redo)}]}}\n'


def steps_from_json(data: Any) -> Steps:
    """Raises `KeyError`, `TypeError` where `data` is something else."""

    def stack(items: list[Any]) -> list[Step]:
        return [Step(str(item["label"]), tuple([dump(patch) for patch in item["patches"]])) for item in items]

    if data["schema"] != "History.1":
        raise KeyError(data["schema"])
    return Steps(stack(data["undo"]), stack(data["redo"]))
