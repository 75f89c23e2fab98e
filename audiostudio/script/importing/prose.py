"""Text and Markdown as lines of a script, and a script as text."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from audiostudio.script.importing.result import ImportedLine, ImportedScript, ImportProblem
from audiostudio.script.importing.speakers import candidate, speakers_of
from audiostudio.script.markdown import COVER, SOFT_WRAP, front_matter, starts_block, visible_lines

_UNDERLINE = re.compile(r" {0,3}(?:(=+)|(-{2,}))[ \t]*$")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ROW_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*--[ \t:|-]*$")
_TITLE = re.compile(r"^title[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_ESCAPED = re.compile(r"^([^:\\\n]{1,60})\\(?=[:：])")


@dataclass(slots=True)
class _Piece:
    """Source lines that make one line of the script."""

    line: int
    parts: list[str] = field(default_factory=list)
    after_blank: bool = True
    heading: bool = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(part.rstrip().removesuffix("\\") for part in self.parts).split())


def import_text(text: str, speakers: bool = True, known: Collection[str] = ()) -> ImportedScript:
    """The paragraphs of a text or Markdown file, each a line; wrapped lines are joined, code is left out and told.

    `speakers`: whether `ANNA: Hello` is said by Anna; `known`: names that are speakers for sure.
    """
    problems: list[ImportProblem] = []
    names = speakers_of(text.split("\n"), known) if speakers else frozenset()
    pieces = _pieces(text, names, problems)
    lines = list(spoken_by(((piece.text, piece.heading, piece.after_blank, piece.line) for piece in pieces), names))
    return ImportedScript(tuple(lines), tuple(problems), _title(text, lines))


def spoken_by(parts: Iterable[tuple[str, bool, bool, int]], names: Collection[str]) -> Iterator[ImportedLine]:
    """Lines with their speakers. `parts`: text, whether it is a heading, whether it stands apart from the one before
    (else it goes on in the same voice), and its place."""
    speaker: str | None = None
    waiting = False
    for text, heading, apart, line in parts:
        found = candidate(text) if names and not heading else None
        if found is not None and found[0] in names:
            speaker, text = found
            waiting = not text
        elif heading or (apart and not waiting):
            speaker = None
        if not waiting or found is None or found[0] not in names:
            waiting = False
        text = _ESCAPED.sub(r"\1", text).strip()
        if text:
            yield ImportedLine(text, speaker, heading=heading, source_line=line)


def without_names(text: str, known: Collection[str] = ()) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A text or Markdown file without the names of those who speak, and how to find its places again: from each place
    in what is left on, so many characters more lie before it in the file. `known`: as for `import_text`."""
    lines = text.split("\n")
    names = speakers_of(lines, known)
    kept: list[str] = []
    removed = [(0, 0)]
    at = gone = 0
    for line in lines:
        found = candidate(line.lstrip())
        if found is not None and found[0] in names:
            start = len(line.rstrip()) - len(found[1])
            line = line[start:]
            gone += start
            removed.append((at, gone))
        kept.append(line)
        at += len(line) + 1
    return "\n".join(kept), tuple(removed)


def _pieces(text: str, names: Collection[str], problems: list[ImportProblem]) -> Iterator[_Piece]:
    beginnings = [0, *(found.end() for found in re.finditer("\n", text))]
    piece: _Piece | None = None
    blank = True
    for start, line, problem in visible_lines(text):
        number = bisect_right(beginnings, start)
        shown = line.replace(COVER, "")
        if problem is not None:
            problems.append(ImportProblem(problem.message.replace("is not read aloud", "was left out"), number))
            shown = ""
        underline = _UNDERLINE.match(shown)
        if piece is not None and underline and not piece.heading and not starts_block(piece.parts[0]):
            piece.parts = ["#" * (1 if underline[1] else 2) + " " + piece.text]
            piece.heading = True
        elif piece is not None and shown.strip() and _goes_on(piece, shown, names):
            piece.parts.append(shown)
        else:
            if piece is not None:
                yield piece
            piece, empty = None, not shown.strip() or _RULE.match(shown) or _ROW_RULE.match(shown)
            if not empty:
                heading = _HEADING.match(shown)
                piece = _Piece(number, [f"{heading[1]} {heading[2]}" if heading else shown], blank, bool(heading))
            blank = bool(empty)
    if piece is not None:
        yield piece


def _goes_on(piece: _Piece, line: str, names: Collection[str]) -> bool:
    """Whether a source line belongs to the same line of the script as those before it."""
    before = piece.parts[-1]
    if piece.heading or starts_block(line) or before.endswith(("  ", "\\")):
        return False
    if (found := candidate(line.strip())) is not None and found[0] in names:
        return False
    return len(before.strip()) >= SOFT_WRAP or line.lstrip()[:1].islower() or before.rstrip().endswith((",", ";"))


def _title(text: str, lines: Iterable[ImportedLine]) -> str:
    found = _TITLE.search(text[: front_matter(text)])
    if found and found[1]:
        return found[1]
    return next((line.text[2:].strip() for line in lines if line.heading and line.text.startswith("# ")), "")


def written(lines: Iterable[tuple[str | None, str]]) -> str:
    """A script as text: speaker and text of each line as `ANNA: Hello`, empty lines between.

    `import_text` with the speakers as `known` gives the same lines.
    """
    return "\n\n".join(_written(speaker, " ".join(text.split())) for speaker, text in lines if text.strip()) + "\n"


def _written(speaker: str | None, text: str) -> str:
    if candidate(text) is not None:
        at = min(place for place in (text.find(":"), text.find("：")) if place >= 0)
        text = f"{text[:at]}\\{text[at:]}"
    return text if speaker is None else f"{speaker}: {text}"
