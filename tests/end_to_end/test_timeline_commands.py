"""The way of a timeline through the terminal, in processes of their own: made, filled, mixed, handed off."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.sound.loudness import loudness
from audiostudio.timeline.file import ProjectFile
from tests.end_to_end.conftest import Said

Studio = Callable[..., Said]


@pytest.mark.long
def test_files_become_a_mix_and_a_timeline_for_an_editor(studio: Studio, tmp_path: Path) -> None:
    at = np.arange(4 * 44_100) / 44_100
    write_sound(tmp_path / "voice.wav", Sound((0.3 * np.sin(1_000 * at)).astype(np.float32)[None], 44_100))
    write_sound(tmp_path / "bed.flac", Sound((0.1 * np.sin(3_000 * at)).astype(np.float32)[None], 44_100), "flac")
    (tmp_path / "broken.wav").write_bytes((tmp_path / "voice.wav").read_bytes()[:9_000])

    assert studio("project", "new", "Film").code == 0
    refused = studio("project", "add", "Film", "broken.wav", "--track", "Narration", "--at", "0", "--json")
    assert (refused.code, refused.json["error"]) == (3, "UnreadableMedia")
    assert "broken.wav is damaged" in refused.err
    assert not ProjectFile.read(tmp_path / "Film").media

    put = studio(
        "project", "add", "Film", "voice.wav", "--track", "Narration", "--at", "1.5", "--fade-in", "0.2", "--json"
    )
    assert put.code == 0, put.err
    assert (put.json["start"], put.json["end"], put.json["track"]) == (1.5, 5.5, "Narration")
    studio("project", "add", "Film", "bed.flac", "--track", "Music", "--at", "0", "--gain", "-3")
    mixed = studio(
        "mix", "Film", "-o", "out.wav", "--lufs", "-16", "--duck", "Music:Narration", "--stems", "st", "--json"
    )
    assert mixed.code == 0, mixed.err
    sound = read_sound(tmp_path / "out.wav")
    assert sound.samples.shape == (2, round(5.5 * 48_000))
    assert loudness(sound).integrated == pytest.approx(-16, abs=0.2)
    assert {path.name for path in (tmp_path / "st").iterdir()} == {"Narration.wav", "Music.wav"}

    handed = studio("export", "Film", "--for", "resolve", "-o", "handoff", "--json")
    assert handed.code == 0, handed.err
    assert (handed.json["format"], handed.json["version"]) == ("fcpxml", "1.10")
    assert handed.json["read_back"]["differences"] == []
    root = ET.parse(tmp_path / "handoff" / "Film.fcpxml").getroot()
    assert [clip.get("name") for clip in root.iter("asset-clip")] == ["voice", "bed"]
    media = [tmp_path / "handoff" / unquote(medium.get("src", "")) for medium in root.iter("media-rep")]
    assert [read_sound(path).sample_rate for path in media] == [48_000, 48_000]
