"""Lyrics on demand: written offline, or by a server that the user named. Nothing is sent but the prompt, and only then.

`song.write` `{prompt, structure?, language, writer, seed}` → `{lyrics, title, notes}`
"""

from collections.abc import Generator
from contextlib import closing

from audiostudio.engines.openai_text import complete
from audiostudio.engines.remote.services import Server
from audiostudio.errors import EmptyText, NetworkError, RequestError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.music import pronunciations
from audiostudio.music.rhymes import open_rhymes
from audiostudio.music.tidying import tidied
from audiostudio.music.writing import FORM, LONGEST_PROMPT, MOST_SECTIONS
from audiostudio.music.writing import write as write_offline
from audiostudio.operations.studio import Studio
from audiostudio.script.language import language as named

Body = Generator[Progress | Partial, None, JsonObject]

OFFLINE = "offline"

_TASK = (
    "You write song lyrics that are easy to sing. Answer with the lyrics only: no comments, no chords, no markdown. "
    "First a line “Title: …”. Put a heading in square brackets before each section, such as [Verse 1] or [Chorus]. "
    "Two to eight lines a section, four to ten words a line; lines that belong together rhyme and have about as many "
    "syllables; the chorus is the same each time."
)


def write(studio: Studio, request: JsonObject) -> Body:
    prompt = str(request.get("prompt", "")).strip()
    writer = str(request.get("writer") or OFFLINE)
    structure = tuple(str(kind) for kind in request.get("structure") or ())
    tongue = str(request.get("language") or "en-us")
    seed = int(request.get("seed", 0))
    if writer == OFFLINE:
        yield Progress(None, "Writing")
        dictionary = studio.models.path(pronunciations.MODEL, pronunciations.FILE)
        written = write_offline(prompt, open_rhymes(dictionary), structure, seed, tongue)
        return {"lyrics": written.lyrics, "title": written.title, "notes": list(written.notes)}
    server = studio.accounts.writers.server(writer)
    return (yield from _asked(studio, server, _checked(prompt), structure, tongue, seed))


def _checked(prompt: str) -> str:
    if not prompt:
        raise EmptyText("Nothing says what the song is about.", "Write a few words about it.")
    if len(prompt) > LONGEST_PROMPT:
        raise RequestError(
            f"What the song is about has {len(prompt):,} characters; {LONGEST_PROMPT:,} are sent at most.",
            "Say it in a few sentences.",
        )
    return prompt


def _asked(studio: Studio, server: Server, prompt: str, structure: tuple[str, ...], tongue: str, seed: int) -> Body:
    if len(structure) > MOST_SECTIONS:
        raise RequestError(f"{len(structure)} sections are too many.", f"Ask for {MOST_SECTIONS} at most.")
    sections = ", ".join(kind.partition(":")[0] for kind in structure or FORM)
    wish = f"Write a song in {named(tongue).name} about: {prompt}\nSections, in this order: {sections}."
    key = studio.accounts.keys.get(server.name)
    with closing(complete(server, key, (("system", _TASK), ("user", wish)), seed)) as work:
        while True:
            yield Progress(None, f"{server.title} is writing")
            try:
                next(work)
            except StopIteration as end:
                answer: str = end.value
                break
    lyrics, title = tidied(answer)
    if not lyrics:
        raise NetworkError(
            f"{server.title} answered, but without lyrics.", "Try again with another seed, or with another model."
        )
    return {
        "lyrics": lyrics,
        "title": title,
        "notes": [f"Written by {server.title} ({server.model}). Check that you may use what this model writes."],
    }
