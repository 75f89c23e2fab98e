"""The demo: from a script and lyrics that ship to finished files, start to end."""

import json
import tempfile
from collections.abc import Generator
from pathlib import Path

from audiostudio.files import replace_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.music.plan import Brief
from audiostudio.music.song import SlotVoice, Song, Writing
from audiostudio.operations.credentials import Ingredients
from audiostudio.operations.music.karaoke import lrc_of, sung_words
from audiostudio.operations.music.songs import Composition, composition, rendered, rights_of
from audiostudio.operations.speak import speak_to_file
from audiostudio.operations.speech import SAMPLE_RATE, Delivery, recipe
from audiostudio.operations.studio import Studio
from audiostudio.resource import resource
from audiostudio.sound.files import SoundWriter, decode

_SINGER = "hibari_heart"
_SEED = 2


def demo(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{folder, voice}` → `{folder, files, seconds, song_seconds}`: script, voiceover, captions and recipe, and a song
    with its lyrics and the time of each word, in one folder."""
    folder = Path(request["folder"])
    script = resource("demo/script.md").read_text(encoding="utf-8")
    asked = {
        "text": script,
        "voice": request["voice"],
        "output": str(folder / "Welcome.wav"),
        "format": "wav",
        "captions": ["srt", "vtt"],
    }
    result = yield from speak_to_file(studio, asked)
    made_of = recipe(studio, Delivery.from_json(asked))
    replace_file(folder / "Welcome.md", script.encode())
    replace_file(folder / "Welcome.recipe.json", json.dumps(made_of, ensure_ascii=False, indent=1).encode())
    files = [result["output"], *result["captions"], str(folder / "Welcome.recipe.json"), str(folder / "Welcome.md")]
    sung, seconds = yield from _song(studio, folder)
    return {"folder": str(folder), "files": [*files, *sung], "seconds": result["seconds"], "song_seconds": seconds}


def _song(studio: Studio, folder: Path) -> Generator[Progress | Partial, None, tuple[list[str], float]]:
    """The files of the song, and how long it is."""
    lyrics = resource("demo/song.txt").read_text(encoding="utf-8")
    asked = Song(
        "demo", "Song", "upbeat folk, 112 bpm, C major", Brief(seconds=16.0), writing=Writing.CUSTOM, lyrics=lyrics,
        voices=(SlotVoice("A", _SINGER),),
    )  # fmt: skip
    made = composition(studio, asked, _SEED)
    output = folder / "Song.wav"
    with tempfile.TemporaryDirectory() as place:
        piece, files = yield from rendered(studio, made, Path(place))
        assert piece.score is not None
        seconds = yield from _written(studio, made, Path(place) / files["mix"], output)
    replace_file(folder / "Song.lrc", lrc_of(sung_words(made.lyrics, made.vocals, piece.score)).encode())
    replace_file(folder / "Song.txt", lyrics.encode())
    return [str(output), str(folder / "Song.lrc"), str(folder / "Song.txt")], seconds


def _written(studio: Studio, made: Composition, sound: Path, output: Path) -> Generator[Progress, None, float]:
    """The song as a signed file; its seconds."""
    ingredients = Ingredients(studio)
    ingredients.add_engine("composer")
    ingredients.add_voice(_SINGER)
    seal = ingredients.seal("Song", rights_of(studio, made.singers))
    with SoundWriter(output, SAMPLE_RATE, 2, "wav", title="Song", seal=seal) as writer:
        for chunk in decode(sound, SAMPLE_RATE):
            writer.write(chunk)
            yield Progress(None, "Writing the song")
    return writer.samples / SAMPLE_RATE
