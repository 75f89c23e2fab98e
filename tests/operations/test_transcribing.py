"""Recordings are listened to once, whatever project they are in; one that is gone keeps no other out."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from audiostudio.errors import ModelMissing
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.operations.arranging import media_of
from audiostudio.operations.studio import Studio
from audiostudio.operations.transcribing import forget, listening, transcribe, transcript_of
from audiostudio.script.word_times import Span, heard_times
from audiostudio.sound.files import Sound, write_sound
from audiostudio.timeline.project import AssetReference, Media, TakeWord, Transcript
from audiostudio.timeline.schema import encode

RATE = 48_000


def run(work: Generator[Progress | Partial, None, JsonObject]) -> tuple[JsonObject, list[Partial]]:
    partials: list[Partial] = []
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            return end.value, partials
        if isinstance(event, Partial):
            partials.append(event)


def test_what_was_heard_before_is_known_and_what_is_gone_is_told(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    write_sound(path, Sound(np.zeros((1, RATE), np.float32), RATE))
    new = NewAsset(AssetKind.RECORDING, AssetSource.UPLOADED, "Talk", media=MediaInfo(1.0, RATE, 1))
    asset = studio.library.add(path, new)
    media = media_of(studio, asset)
    heard = Transcript(media.id, "en", "Um, sail.", (TakeWord("Um,", 0, 3, 0, 9_600),))
    studio.library.update_detail(asset.id, {"transcript": encode(heard)})
    gone = Media("gone", AssetReference("gone", "", "gone.wav"), RATE, RATE, 1, "Gone")
    found = [(gone, tmp_path / "gone.wav"), (media, asset.path)]
    result, (refused, told) = run(transcribe(studio, listening(found)))
    assert result["transcribed"] == 1
    assert (refused.data["media"], refused.data["error"]) == ("gone", "MissingMedia")
    assert transcript_of(told.data) == heard
    assert forget(studio, [media.id, "gone"]) == [media.id]
    assert forget(studio, [media.id]) == []
    unknown = (listening(found[1:]), listening(found[1:], "de"), listening(found[1:], again=True))
    for asked in unknown:  # these need ears, which are not here
        with pytest.raises(ModelMissing):
            run(transcribe(studio, asked))


def test_words_end_where_silence_begins() -> None:
    times = heard_times(["Um,", "sail."], [Span(0.05, 0.62), Span(0.95, 1.5)], [(0.5, 1.0)])
    assert [tuple(one) for one in times] == [(0.05, 0.5), (1.0, 1.5)]
