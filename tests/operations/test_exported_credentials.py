"""What leaves the studio says what it is made with, and is signed, on every way out."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio import credentials
from audiostudio.jobs import JsonObject, Partial
from audiostudio.library import AssetKind, AssetSource, NewAsset
from audiostudio.library.imports import import_media
from audiostudio.operations.arranging import Placement, add_asset, new_project
from audiostudio.operations.dragging import render_piece
from audiostudio.operations.export import export
from audiostudio.operations.generate import generate
from audiostudio.operations.handoff import export_timeline
from audiostudio.operations.mixing import mix_timeline
from audiostudio.operations.speak import speak_to_file
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import Sound, write_sound
from audiostudio.timeline.file import ProjectFile
from tests.voices.making import keep, record

CONSENT = {"whose": "permission", "person": "Nina Berg", "date": "2026-11-21", "scope": "Audiobooks"}
NINA = {"engine": "tone", "version": "1", "voice": "Nina", "method": "matched", "consent": CONSENT}


def run(body: Generator[Any, None, JsonObject]) -> tuple[JsonObject, list[Partial]]:
    told = []
    while True:
        try:
            event = next(body)
        except StopIteration as end:
            return end.value, told
        if isinstance(event, Partial):
            told.append(event)


@pytest.fixture
def nina(studio: Studio) -> str:
    """An own voice of the engine that is always there."""
    return keep(studio.voices, record(engine="tone", method="match")).voice.id


def lines(voice: str) -> list[JsonObject]:
    return [{"line": f"l{n}", "text": text, "voice": voice} for n, text in enumerate(("One sentence.", "And two."))]


def test_a_spoken_file(studio: Studio, nina: str, tmp_path: Path) -> None:
    output = tmp_path / "Hello.mp3"
    asked = {"text": "Hello there.", "voice": nina, "output": str(output), "format": "mp3", "captions": []}
    run(speak_to_file(studio, asked))
    found = studio.credentials.read(output)
    assert (found.state, found.signer, found.title) == ("valid", "this", "Hello")
    assert found.actions[0]["kind"] == "trainedAlgorithmicMedia"
    assert [one | {"version": "1"} for one in found.sources] == [NINA]
    assert "Made with Audio Studio." in found.rights


def test_takes_voiceovers_and_their_exports(studio: Studio, nina: str, tmp_path: Path) -> None:
    made, told = run(generate(studio, {"project": None, "name": "Intro", "lines": lines(nina)}))
    output = tmp_path / "Intro.m4a"
    run(export(studio, {"asset": made["asset"], "output": str(output), "format": "m4a", "captions": []}))
    voiceover = studio.library.get(made["asset"])
    takes = [studio.library.get(one.data["asset"]) for one in told if one.kind == "take"]
    assert len(takes) == 2
    for path in (output, voiceover.path, *(take.path for take in takes)):
        found = studio.credentials.read(path)
        assert (found.state, found.signer) == ("valid", "this")
        assert found.actions[0]["kind"] == "trainedAlgorithmicMedia"
        assert [one["voice"] for one in found.sources] == ["Nina"]


def test_everything_that_a_timeline_becomes(studio: Studio, nina: str, tmp_path: Path) -> None:
    made, _ = run(generate(studio, {"project": None, "name": "Intro", "lines": lines(nina)}))
    noise = np.random.default_rng(1).normal(0, 0.05, (1, 48_000)).astype(np.float32)
    write_sound(tmp_path / "rain.wav", Sound(noise, 48_000))
    place = new_project(tmp_path / "Film")
    add_asset(studio, place, studio.library.get(made["asset"]), Placement("Narration", 0.0))
    add_asset(studio, place, import_media(studio.library, tmp_path / "rain.wav").asset, Placement("Rain", 0.0))
    usual = {"timeline": None, "lufs": None, "duck": [], "first": None, "last": None, "tags": {}, "cover": None}
    mix = {"project": str(place), "output": str(tmp_path / "mix.wav"), "format": "wav", "stems": str(tmp_path / "s")}
    run(mix_timeline(studio, usual | mix))
    project = ProjectFile.read(place)
    piece = {"project": str(place), "timeline": project.timelines[0].id, "clips": None}
    dragged, _ = run(render_piece(studio, piece))
    for path in (tmp_path / "mix.wav", Path(dragged["path"])):
        found = studio.credentials.read(path)
        assert (found.state, found.actions[0]["kind"]) == ("valid", "compositeWithTrainedAlgorithmicMedia")
        assert [one["voice"] for one in found.sources] == ["Nina"]
    stems = {path.stem: studio.credentials.read(path) for path in (tmp_path / "s").iterdir()}
    assert {name: [one["voice"] for one in found.sources] for name, found in stems.items()} == {
        "Narration": ["Nina"],
        "Rain": [],
    }
    how = {"format": "otio", "editor": "other", "version": "", "handles": 2.0, "whole": False, "absolute": False}
    run(export_timeline(studio, {"project": str(place), "timeline": None, "folder": str(tmp_path / "out"), **how}))
    kinds = {studio.credentials.read(path).actions[0]["kind"] for path in (tmp_path / "out").rglob("*.wav")}
    assert kinds == {"trainedAlgorithmicMedia", "composite"}


def test_what_cannot_be_signed_is_exported_and_told(
    studio: Studio, nina: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "LARGEST", 1_000)
    output = tmp_path / "Hello.wav"
    asked = {"text": "Hello there.", "voice": nina, "output": str(output), "format": "wav", "captions": []}
    _, told = run(speak_to_file(studio, asked))
    assert output.stat().st_size > 1_000
    assert studio.credentials.read(output).state == "none"
    assert "has no Content Credentials" in told[-1].data["message"]
    asked |= {"output": str(tmp_path / "Hello.opus"), "format": "opus"}
    _, told = run(speak_to_file(studio, asked))
    assert not told, "no container for them"


def test_what_was_said_again_in_a_voice(studio: Studio, nina: str, tmp_path: Path) -> None:
    """Its voice is told, not only the recording that it is made of."""
    noise = np.random.default_rng(1).normal(0, 0.05, (1, 24_000)).astype(np.float32)
    write_sound(tmp_path / "mine.wav", Sound(noise, 48_000))
    recording = import_media(studio.library, tmp_path / "mine.wav").asset
    write_sound(tmp_path / "said.wav", Sound(noise[:, ::-1].copy(), 48_000))
    recipe = {"operation": "conversion", "engine": "tone", "engine_version": "1", "voice": nina}
    again = NewAsset(AssetKind.VOICEOVER, AssetSource.CLONED, "Again", recipe=recipe, made_of=(recording.id,))
    asset = studio.library.add(tmp_path / "said.wav", again)
    output = tmp_path / "Again.wav"
    run(export(studio, {"asset": asset.id, "output": str(output), "format": "wav", "captions": []}))
    found = studio.credentials.read(output)
    assert found.actions[0]["kind"] == "trainedAlgorithmicMedia"
    assert found.sources == (NINA,)


def test_a_mix_or_voiceover_that_cannot_be_signed_is_told_with_its_result(
    studio: Studio, nina: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = run(generate(studio, {"project": None, "name": "Intro", "lines": lines(nina)}))
    place = new_project(tmp_path / "Film")
    add_asset(studio, place, studio.library.get(made["asset"]), Placement("Narration", 0.0))
    monkeypatch.setattr(credentials, "LARGEST", 1_000)
    asked = {"asset": made["asset"], "output": str(tmp_path / "Intro.wav"), "format": "wav", "captions": []}
    exported, _ = run(export(studio, asked))
    usual = {"timeline": None, "lufs": -16.0, "duck": [], "first": None, "last": None, "tags": {}, "cover": None}
    mix = {"project": str(place), "output": str(tmp_path / "mix.wav"), "format": "wav", "stems": None}
    mixed, _ = run(mix_timeline(studio, usual | mix))
    for sentences in (exported["notices"], mixed["notes"]):
        assert len(sentences) == 1
        assert "too large for Content Credentials" in sentences[0]
