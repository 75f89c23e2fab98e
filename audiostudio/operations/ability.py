"""What a text asks for that the engine which speaks it cannot do: told before anything is made, or sent anywhere."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiostudio.engines.base import EngineManifest
from audiostudio.errors import StudioError, UnknownLanguage
from audiostudio.script.language import language
from audiostudio.script.markdown import Block, blocks
from audiostudio.script.markup import Span
from audiostudio.script.markup.spans import State, states
from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence

if TYPE_CHECKING:
    from audiostudio.operations.speech import Delivery
    from audiostudio.operations.studio import Studio

EngineOf = Callable[[str], EngineManifest | None]
"""A voice or a mix → its engine; None: it is not known here."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """Something that is asked for and not had."""

    start: int
    """In characters of the text."""
    end: int
    message: str
    fatal: bool = False
    """The text cannot be spoken so at all; else it is spoken without that."""


def beyond(text: str, voice: str, engine_of: EngineOf) -> tuple[Beyond, ...]:
    """What in `text` the engines of `voice`, and of the voices that its markup names, cannot do, in order."""
    if not any(one in text for one in "[<&"):
        return ()
    found = [one for block in blocks(text) if block.spans for one in _of_block(text, block, voice, engine_of)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def of_delivery(studio: "Studio", delivery: "Delivery") -> tuple[Beyond, ...]:
    """As `beyond`, for what is about to be spoken."""

    def engine_of(voice: str) -> EngineManifest | None:
        try:
            return studio.engines.resolve(voice)[0]
        except StudioError:  # which whoever speaks it will tell
            return None

    return beyond(delivery.text, delivery.voice, engine_of)


def require_able(studio: "Studio", delivery: "Delivery") -> None:
    """Raises `UnknownLanguage`, with the place, where markup asks for a language that the line's engine does not
    speak."""
    for one in of_delivery(studio, delivery):
        if one.fatal:
            raise UnknownLanguage(
                f"{one.message.removesuffix('.')} ({place(delivery.text, one.start)}).",
                "Leave the language out, or choose another voice for this part with [voice …].",
            )


def place(text: str, start: int) -> str:
    """`line 2, character 14`; of a single line `character 14`."""
    line = text.count("\n", 0, start) + 1
    character = start - (text.rfind("\n", 0, start) + 1) + 1
    return f"line {line}, character {character}" if "\n" in text.strip("\n") else f"character {character}"


def notes(studio: "Studio", delivery: "Delivery") -> list[str]:
    """What of `delivery` is left out by its engine, in words with their places."""
    return [
        f"{one.message.removesuffix('.')} ({place(delivery.text, one.start)})."
        for one in of_delivery(studio, delivery)
        if not one.fatal
    ]


def _of_block(text: str, block: Block, voice: str, engine_of: EngineOf) -> Iterator[Beyond]:
    held = states(block.spans, block.start)
    engines = {name: engine_of(name) for name in {voice, *(one.voice for one in held if one.voice)}}
    yield from _languages(block, held, voice, engines)
    starts = [one.start for one in held]
    mixed = _mixed(text, block, engines[voice])
    for span in block.spans:
        state = held[bisect_right(starts, span.start) - 1]
        engine = engines[state.voice or voice]
        if engine is not None and not engine.capabilities.performance:
            within = any(span.start < last and first < span.end for first, last in mixed)
            yield from _left_out(span, engine, within)


def _languages(
    block: Block, held: list[State], voice: str, engines: dict[str, EngineManifest | None]
) -> Iterator[Beyond]:
    ends = [*(one.start for one in held[1:]), block.start + len(block.clean)]
    told: tuple[str | None, str | None] = (None, None)
    for state, end in zip(held, ends, strict=True):
        engine = engines[state.voice or voice]
        tag = _tag(state.language)
        if engine is None or tag is None or tag in engine.capabilities.languages:
            told = (None, None)
        elif (state.language, engine.name) != told and end > state.start:
            told = (state.language, engine.name)
            yield Beyond(state.start, end, f"{engine.title} does not speak {language(tag).name}.", fatal=True)


def _left_out(span: Span, engine: EngineManifest, within: bool) -> Iterator[Beyond]:
    """`within`: there are several speeds in one sentence of it, of an engine that speaks a sentence at one."""
    able, change = engine.capabilities, span.change
    lacking = [
        name
        for name, lacks in (
            ("pitch", change.pitch and able.pitch is None),
            ("loudness", change.energy and able.energy is None),
            ("speed within a sentence", change.speed != 1.0 and within),
        )
        if lacks
    ]
    if lacking:
        what = " and ".join([", ".join(lacking[:-1]), lacking[-1]] if lacking[1:] else lacking)
        yield Beyond(span.start, span.end, f"{engine.title} cannot change the {what}; this is spoken without it.")
    elif change.speed != 1.0 and able.speed is not None and not able.speed[0] <= change.speed <= able.speed[1]:
        least, most = able.speed
        message = f"{engine.title} speaks at {least:g}× to {most:g}×; this is spoken as near to it as that."
        yield Beyond(span.start, span.end, message)
    if change.saying is not None and change.saying.phonemes and not able.phoneme_times:
        message = f"{engine.title} takes no phonemes; this is read as it is written."
        yield Beyond(span.start, span.end, message)


def _mixed(text: str, block: Block, engine: EngineManifest | None) -> list[tuple[int, int]]:
    """The sentences that are to be spoken at several speeds, of an engine that speaks a sentence at one."""
    if engine is None or engine.capabilities.performance or all(span.change.speed == 1.0 for span in block.spans):
        return []
    shown = " " * block.start + text[block.start : block.start + len(block.clean)]
    return [
        (part.words[0].start, part.words[-1].end)
        for part in read(shown, engine.capabilities.languages[0])
        if isinstance(part, Sentence) and len({word.voicing.speed for word in part.words}) > 1
    ]


def _tag(name: str | None) -> str | None:
    """None where there is none, or one that nobody knows: `reading.problems` tells that."""
    if name is None:
        return None
    try:
        return language(name).tag
    except UnknownLanguage:
        return None
