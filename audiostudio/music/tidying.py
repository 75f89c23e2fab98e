"""Lyrics as language models write them, brought into our form."""

import re

from audiostudio.music.lyrics import KINDS, LONGEST, MOST_LINES, MOST_WORDS, Lyrics, RowKind, parse

_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)
_MARKS = re.compile(r"(\*\*|__|\*|`|^#+\s*|^>\s?|^[-•]\s+)", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")
_TITLE = re.compile(r"^\s*(?:song\s+)?title\s*[:–-]\s*[\"“']?(.{1,80}?)[\"”']?\s*$", re.IGNORECASE | re.MULTILINE)
_KIND = "|".join(sorted(map(re.escape, KINDS), key=len, reverse=True))
_HEADING = re.compile(
    rf"^\s*[\[(]?\s*((?:(?:final|last|double|guitar)\s+)?(?:{_KIND})(?:\s*\d{{1,2}})?)\s*"
    rf"(?:[(:–-][^\])]*)?[\])]?\s*:?\s*$",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"^\s*(sure|certainly|of course|here (is|are|'s)|here’s|okay|ok,|i hope|let me know|feel free|would you like|note:|"
    r"this song|these lyrics|enjoy|lyrics\s*:?\s*$)",
    re.IGNORECASE,
)


def tidied(answer: str) -> tuple[str, str]:
    """(lyrics, title) of what a language model answered; the title is empty where it named none.

    What is not sung is left out: thoughts, markdown, talk before and behind. Empty lyrics where there are none.
    """
    text = _CONTROL.sub("", _FENCE.sub("", _THOUGHT.sub("", answer.replace("\r\n", "\n").replace("\r", "\n"))))
    found = _TITLE.search(_MARKS.sub("", text))
    title = " ".join(found.group(1).split()) if found else ""
    lines = [
        _line(line)
        for line in _MARKS.sub("", text[: 2 * LONGEST]).split("\n")
        if not _TITLE.match(_MARKS.sub("", line))
    ]
    lines = _within(lines)
    lyrics = parse(_stanzas(lines))
    return _short(lyrics), title


def _line(line: str) -> str:
    heading = _HEADING.match(line)
    if heading:
        name = " ".join(heading.group(1).split())
        return f"[{name[:1].upper()}{name[1:]}]"
    return " ".join(" ".join(line.split()).split(" ")[:MOST_WORDS])[:400]


def _within(lines: list[str]) -> list[str]:
    """From the first heading on, without talk."""
    first = next((place for place, line in enumerate(lines) if line.startswith("[")), 0)
    kept: list[str] = []
    for line in lines[first:]:
        if _TALK.match(line) or re.fullmatch(r"[-–—=*_\s]{3,}", line):
            if any(one and not one.startswith("[") for one in kept) and _TALK.match(line):
                break
            continue
        kept.append(line)
    return kept


def _stanzas(lines: list[str]) -> str:
    """One blank line between stanzas; headings where there are none, the chorus being what comes back."""
    blocks = [block.split("\n") for block in re.split(r"\n\s*\n+", "\n".join(lines).strip()) if block.strip()]
    if not any(line.startswith("[") for line in lines):
        blocks = _headed(blocks)
    return "\n\n".join("\n".join(block) for block in blocks) + "\n" if blocks else ""


def _headed(blocks: list[list[str]]) -> list[list[str]]:
    verses = 0
    found: list[list[str]] = []
    for block in blocks:
        if blocks.count(block) > 1:
            found.append(["[Chorus]", *block])
        else:
            verses += 1
            found.append([f"[Verse {verses}]", *block])
    return found


def _short(lyrics: Lyrics) -> str:
    """As many lines as a song has."""
    if len(lyrics.lines) <= MOST_LINES:
        return lyrics.text if lyrics.lines else ""
    sung = [place for place, row in enumerate(lyrics.rows) if row.kind is RowKind.SUNG]
    return lyrics.text[: lyrics.rows[sung[min(MOST_LINES, len(sung)) - 1]].end]
