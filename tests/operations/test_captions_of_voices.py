"""Captions of engines that do not tell when their words are spoken, and with the names of who speaks."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audiostudio.engines.remote.services import Server
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations import script
from audiostudio.operations.aligning import GUESSED
from audiostudio.operations.batch import Row, batch
from audiostudio.operations.export import render
from audiostudio.operations.speak import speak_to_file
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.script.importing import import_script
from audiostudio.timeline import edits
from audiostudio.timeline.project import Project, VoiceChoice, new_project
from tests.engines.openai_server import OpenAIServer
from tests.subtitles import parse_captions

TEXT = "The old lighthouse keeper counted the ships."
VOICE = "server-shed/alloy"


def run(work: Generator[Progress | Partial, None, JsonObject]) -> tuple[JsonObject, list[Partial]]:
    partials: list[Partial] = []
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            return end.value, partials
        if isinstance(event, Partial):
            partials.append(event)


@pytest.fixture
def shed(studio: Studio) -> Iterator[Studio]:
    with _served(studio):
        yield studio


def _served(studio: Studio) -> OpenAIServer:
    server = OpenAIServer()
    studio.accounts.services.add(Server("", "Shed", f"{server.address}/v1", voices=("alloy",)))
    return server


def cues(path: Path) -> list[tuple[str, float, float]]:
    found = parse_captions(path.read_text(encoding="utf-8"))
    return [(cue.text.replace("\n", " "), cue.start_seconds, cue.end_seconds) for cue in found]


def test_a_voice_that_tells_no_times_has_captions_all_the_same(shed: Studio, tmp_path: Path) -> None:
    asked = {"text": TEXT, "voice": VOICE, "output": str(tmp_path / "a.wav"), "format": "wav", "captions": ["srt"]}
    result, _ = run(speak_to_file(shed, asked))
    assert [text for text, _, _ in cues(tmp_path / "a.srt")] == [TEXT]
    assert result["notices"] == [GUESSED]
    row = Row(1, {"text": TEXT, "voice": VOICE}, "b.wav")
    asked = {"rows": [row.to_json()], "folder": str(tmp_path / "out"), "format": None, "captions": ["vtt"]}
    made, _ = run(batch(shed, asked))
    assert [text for text, _, _ in cues(tmp_path / "out" / "b.vtt")] == [TEXT]
    assert made["lines"][0]["problems"] == [GUESSED]


@pytest.mark.long
@pytest.mark.models
def test_an_export_looks_for_the_words_and_keeps_them(speaking_profile: Profile, tmp_path: Path) -> None:
    studio = Studio(speaking_profile)
    with _served(studio):
        project = edits.set_text(new_project("Film", voice=VoiceChoice(VOICE)), TEXT)
        result, partials = run(render(studio, rendering(project, tmp_path)))
        assert result["guessed"] == 0
        found = next(one.data for one in partials if one.kind == "words")
        assert [word[0] for word in found["words"]] == TEXT.split()
        assert studio.library.get(found["asset"]).detail["words"] == found["words"]
        ((text, start, end),) = cues(tmp_path / "film.srt")
        assert text == TEXT
        assert start < 0.3
        assert end == pytest.approx(result["seconds"], abs=0.6)
        again, partials = run(render(studio, rendering(project, tmp_path)))
        assert again["made"] == 0
        assert not [one for one in partials if one.kind == "words"]
    studio.close()


def rendering(project: Project, folder: Path, **more: Any) -> JsonObject:
    asked = script.request(project, None)
    return (
        asked | {"output": str(folder / "film.wav"), "format": "wav", "captions": ["srt", "vtt", "lrc", "ass"]} | more
    )


def test_who_speaks_is_in_the_captions_where_several_do(studio: Studio, tmp_path: Path) -> None:
    texts = ["Amber garden gate.", "Candle island.", "Nobody in particular.", "Harbour market road."]
    project = edits.set_text(new_project("Film", voice=VoiceChoice("tone")), "\n".join(texts))
    names = ["Anna", "Ben", None, "Ben"]
    spoken = [replace(line, speaker=name) for line, name in zip(project.script.lines, names, strict=True)]
    project = replace(project, script=replace(project.script, lines=tuple(spoken)))
    run(render(studio, rendering(project, tmp_path)))
    kept = {kind: (tmp_path / f"film.{kind}").read_text(encoding="utf-8") for kind in ("srt", "vtt", "lrc", "ass")}
    told = [f"{name}: {text}" if name else text for name, text in zip(names, texts, strict=True)]
    assert [text for text, _, _ in cues(tmp_path / "film.srt")] == told
    assert all(f"]{one}\n" in kept["lrc"] for one in told)
    assert "<v Anna>Amber garden gate.\n" in kept["vtt"]
    assert kept["vtt"].count("<v Ben>") == 2
    assert kept["ass"].count("Karaoke,Ben,0") == 2
    assert "Ben:" not in kept["ass"]
    assert [line.speaker for line in import_script(tmp_path / "film.srt", known=["Anna", "Ben"]).lines] == names

    renamed = replace(project, script=replace(project.script, lines=(replace(spoken[0], speaker="Zoe"), *spoken[1:])))
    result, _ = run(render(studio, rendering(renamed, tmp_path)))
    assert result["made"] == 0
    assert cues(tmp_path / "film.srt")[0][0] == "Zoe: Amber garden gate."
    run(render(studio, rendering(project, tmp_path, names=False)))
    assert [text for text, _, _ in cues(tmp_path / "film.srt")] == texts
    assert "<v" not in (tmp_path / "film.vtt").read_text(encoding="utf-8")

    alone = replace(project, script=replace(project.script, lines=tuple(spoken[1:2])))
    run(render(studio, rendering(alone, tmp_path)))
    assert [text for text, _, _ in cues(tmp_path / "film.srt")] == texts[1:2]
