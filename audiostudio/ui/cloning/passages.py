"""What is read aloud, in each language. Plain Python."""

import json
from functools import cache

from audiostudio.resource import resource


def passages(language: str) -> tuple[str, ...]:
    """In the language of a tag; empty where nobody has written any yet."""
    return tuple(_all().get(language.split("-")[0].lower(), ()))


@cache
def _all() -> dict[str, list[str]]:
    read: dict[str, list[str]] = json.loads(resource("cloning/prompts.json").read_text(encoding="utf-8"))
    return read
