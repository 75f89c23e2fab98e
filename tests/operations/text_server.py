"""A server on loopback that follows OpenAI's `/v1/chat/completions`, streaming as local ones do."""

import json
from collections.abc import Iterator
from typing import Any

from tests.engines.faulty_server import Answer, Asked, FaultyServer, as_json

SONG = """<think>The user wants a song. [Verse 1] I should rhyme.</think>
Sure! Here are your lyrics:

**Title: "Paper Boats"**

**Verse 1:**
Paper boats along the *shore*
Waiting for the rain to pour

## Chorus
Carry me, carry me (carry me)
Over the water and out to sea

---
I hope you enjoy these lyrics! Let me know if you want changes."""


class TextServer(FaultyServer):
    def __init__(self, text: str = SONG, streams: bool = True, key: str = "") -> None:
        super().__init__()
        self.text = text
        self.streams = streams
        self.key = key

    def answer(self, asked: Asked) -> Answer:
        if self.key and asked.headers.get("authorization") != f"Bearer {self.key}":
            return as_json({"error": {"message": "Incorrect API key provided."}}, 401)
        if (asked.method, asked.path) != ("POST", "/v1/chat/completions"):
            return as_json({"error": {"message": "Not Found"}}, 404)
        if not self.streams or not asked.body.get("stream"):
            whole = {"choices": [{"message": {"role": "assistant", "content": self.text}, "finish_reason": "stop"}]}
            return Answer(200, json.dumps(whole, indent=1).encode())
        return Answer(200, events(self.text), "text/event-stream")


def events(text: str) -> Iterator[bytes]:
    """Cut anywhere, also within a letter and an event."""
    yield from cut(
        b"".join(event({"delta": {"content": text[at : at + 5]}}) for at in range(0, len(text), 5))
        + b"data: [DONE]\n\n"
    )


def event(choice: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps({"choices": [choice]}, ensure_ascii=False).encode() + b"\n\n"


def cut(data: bytes) -> Iterator[bytes]:
    return iter([data[at : at + 1013] for at in range(0, len(data), 1013)])
