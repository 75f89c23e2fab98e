"""A phrase word by word: green where it was heard, red where it was not."""

from collections.abc import Sequence
from html import escape

from audiostudio.ui.theme import tokens

Spans = tuple[tuple[int, int, bool], ...]
"""Where each word stands in the phrase, and whether it was heard."""


def spans(text: str, heard: str, language: str) -> Spans:
    """Takes a moment. Raises `UnknownLanguage`."""
    from audiostudio.script.comparison import compare
    from audiostudio.script.reading import read

    found = compare(read(text, language), heard, language)
    right = {at for match in found.matches if match.right for at in range(match.first, match.last)}
    return tuple((word.start, word.end, at in right) for at, word in enumerate(found.words))


def coloured(text: str, found: Sequence[tuple[int, int, bool]]) -> str:
    """The phrase as rich text."""
    good, bad = tokens().success, tokens().error
    parts: list[str] = []
    at = 0
    for start, end, right in found:
        if start < at:
            continue
        parts.append(escape(text[at:start]))
        style = f"color:{good}" if right else f"color:{bad};text-decoration:underline"
        parts.append(f'<span style="{style}">{escape(text[start:end])}</span>')
        at = end
    parts.append(escape(text[at:]))
    return "".join(parts)
