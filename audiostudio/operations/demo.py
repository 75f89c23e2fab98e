"""The demo: from a script that ships to finished files, start to end."""

import json
from collections.abc import Generator
from pathlib import Path

from audiostudio.files import replace_file
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.operations.speak import speak_to_file
from audiostudio.operations.speech import Delivery, recipe
from audiostudio.operations.studio import Studio
from audiostudio.resource import resource


def demo(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{folder, voice}` → `{folder, files, seconds}`: script, voiceover, captions and recipe in one folder."""
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
    return {"folder": str(folder), "files": files, "seconds": result["seconds"]}
