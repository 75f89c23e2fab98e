"""Consents and voices as bad luck, or an enemy, would hand them in."""

import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from audiostudio.cli.voice import _consent
from audiostudio.errors import RequestError, StudioError, UnreadableMedia
from audiostudio.jobs import JsonObject
from audiostudio.library.moves import content_hash
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices.characteristics import SPEAKER, speaker_of
from audiostudio.operations.voices.consent import require_form
from audiostudio.operations.voices.create import require_name
from audiostudio.operations.voices.sharing import import_voice
from audiostudio.rights import Rights
from tests.voices.making import record
from tests.voices.test_sharing import signed_again, written, written_in

PERMISSION = {
    "whose": "permission", "person": "Nina Berg", "date": "2025-11-02", "scope": "Audiobooks",
    "statement": "I agree that you make a voice of my recordings.",
}  # fmt: skip
OWN = {"whose": "own", "person": "Nina Berg", "phrase": "6bfcc48318ff", "recording": "phrase.wav"}
NO_TEXTS: tuple[Any, ...] = (None, 7, [], {}, "", "\0", "\ud800", "x" * 30_000)
NO_DAYS = ("0001-01-01", "9999-12-31", "2025-11-02garbage", "2025-02-30", "٢٠٢٥-٠١-٠١")
NO_NAMES = ("Nina\nBerg", "Nina\x1b[31m", "\u202egreB aniN")
WRONG: list[dict[str, Any]] = [
    *[form | {name: value} for form in (PERMISSION, OWN) for name in form for value in NO_TEXTS],
    *[PERMISSION | {"date": day} for day in NO_DAYS],
    *[PERMISSION | {"person": name} for name in NO_NAMES],
    PERMISSION | {"commercial": "yes"},
    PERMISSION | {"document": "\0"},
]


@pytest.mark.parametrize("form", WRONG, ids=range(len(WRONG)))
def test_a_consent_of_another_form_is_refused(form: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(RequestError):
        require_form(form)
    path = tmp_path / "consent.json"
    path.write_text(json.dumps(form))
    with pytest.raises(StudioError):
        _consent(path)


def test_a_consent_file_that_is_none_is_not_read(tmp_path: Path) -> None:
    large, pipe = tmp_path / "large.json", tmp_path / "pipe.json"
    large.write_bytes(json.dumps(PERMISSION).encode() + bytes(10 << 20))
    os.mkfifo(pipe)
    for path in (large, pipe, tmp_path, Path("/dev/zero")):
        with pytest.raises(UnreadableMedia, match="no consent file"):
            _consent(path)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(UnreadableMedia, match="not a file"):
            content_hash(path)


@pytest.mark.parametrize("name", ["", " \n", "\x1b[31mred", "\udcff", "a" * 1000, "mine/abcdefgh", "a:1", "a+b"])
def test_names_that_no_voice_can_have(studio: Studio, name: str) -> None:
    with pytest.raises(RequestError):
        require_name(studio, name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "👩🏽‍🚀 Nina", "Nina\nBerg", "ნინო", "CON"])
def test_names_that_a_voice_can_have(studio: Studio, name: str) -> None:
    assert require_name(studio, name) == " ".join(name.split())


def test_what_may_not_be_sold_here_may_not_be_sold_because_a_file_says_so(studio: Studio, tmp_path: Path) -> None:
    """Whoever has a key of his own can sign any terms."""
    archive = written(tmp_path / "here", voice=record(engine="xtts", rights=Rights("CPML-1.0", False)))
    free = Rights("MIT", True).to_json()
    forged = signed_again(
        archive,
        tmp_path / "Free.asvoice",
        lambda place: written_in(place, "voice.json", lambda data: data.update(rights=free)),
    )
    result = to_end(import_voice(studio, {"path": str(forged)}))
    assert result["rights"]["commercial"] is False
    assert studio.voices.voices()[0].voice.rights.commercial is False


def to_end(work: Generator[Any, None, JsonObject]) -> JsonObject:
    while True:
        try:
            next(work)
        except StopIteration as end:
            found: JsonObject = end.value
            return found


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        "[1]",
        f"[{', '.join(['1' + '0' * 400] * 256)}]",
        f"[{', '.join(['1e999'] * 256)}]",
        "[" * 100_000,
    ],
    ids=["empty", "an object", "none", "one", "too large for a float", "endless", "too deep"],
)
def test_a_speaker_that_came_in_a_file_and_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / SPEAKER).write_text(content)
    assert speaker_of(tmp_path) is None
