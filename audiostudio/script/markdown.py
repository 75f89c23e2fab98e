"""Markdown, seen as text to read aloud.

What is not spoken is covered, never cut: a block's `clean` text is as long as its source, so places stay true.
Cost is linear in the text: every pattern is bounded or cannot backtrack.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from audiostudio.script.markup import brackets, entities, ssml
from audiostudio.script.markup.meaning import (
    NOTHING,
    Break,
    Change,
    Closing,
    Element,
    ElementKind,
    Meaning,
    Opening,
    PauseMark,
    Problem,
    Saying,
    Span,
)
from audiostudio.script.markup.spans import matched

COVER = "\0"
"""Stands for a character that is not there for a reader: `*` of `**bold**`, a zero-width space."""
BREAK = "\n"
"""Ends a sentence whatever its punctuation: the end of a heading, a list item, a table row, a short line."""

_INVISIBLE = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
                        "\u2066-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff\ufe00-\ufe0f\U000e0000-\U000e0fff]")  # fmt: skip
_PILED = re.compile("(?<=[\u0300-\u036f]{3})[\u0300-\u036f]+")
"""Accents heaped upon a letter that already has three."""
_SPACES = re.compile("[\t\x0b\x0c\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_HEADING = re.compile(r" {0,3}#{1,6}(?=[ \t])")
_HEADING_END = re.compile(r"[ \t]#{1,6}[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r"[ \t]{0,12}(`{3,}|~{3,})")
_QUOTE = re.compile(r"(?:[ \t]{0,3}>[ \t]?)+")
_BULLET = re.compile(r"[ \t]*(?:[-*+•‣◦▪–—])[ \t]+(?:\[[ xX]\][ \t]+)?")
_NUMBERED = re.compile(r"[ \t]*(?:\d{1,3}(?=[.)])|[a-zA-Z](?=\)))([.)])[ \t]+(?=\S)")
_DEFINITION = re.compile(
    r" {0,3}\[[^\[\]\n]{1,200}\]:[ \t]+(?:<[^<>\s]*>|[^\s/#:.]*(?:[/#:]\S|\.\w)\S*)(?:[ \t]+[\"'(][^\n]*[\"')])?[ \t]*$"
)
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(?:[^\n]*:[^\n]*\n|[ \t#-][^\n]*\n|\r?\n){0,100}?---[ \t]*\r?(?:\n|$)")
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*-->")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]*+(?:\[[^\[\]]*+\]\s*+)?>", re.IGNORECASE)
_DOCTYPE_BEGINS = re.compile("<!DOCTYPE", re.IGNORECASE)
_TAIL = re.compile(r"^([^\[\]|]*+)(?:\]\([^()\s]{0,1000}\)|\]\(/[^()\n]{0,300}/\)|\|[^\[\]|]{0,200}\])")
"""What a link or `[say word|as other words]` leaves behind its last word, before punctuation."""
SOFT_WRAP = 55
"""A line at least this long is taken to go on in the next; a shorter one (verse, a title) ends its sentence."""

_COMPARISON = re.compile(r"<[A-Za-z]\s++\w[^=<>]*+>")
"""`a <b and c> d` is no tag."""
_TAG_BEFORE_BRACKET = (
    rf"/?(?:pause|{'|'.join(brackets.NAMES)})(?:[ =:][^\[\]\n]{{0,200}})?\](?:\((?![^()\s]*[/.#:])|\[)"
)
"""`[speed 1.2](aside)` is no link to “aside”; `[speed of light](https://…)` is one."""
_INLINE = re.compile(
    r"(?P<escape>\\(?=[!-/:-@\[-`{-~]).)"
    r"|(?P<code>(?<!`)(?P<ticks>`{1,2})(?!`)(?P<code_text>[^`\n]{1,500})(?P=ticks)(?!`))"
    r"|(?P<image>!\[[^\[\]\n]{0,400}\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,1000}(?:[ \t]+\"[^\"\n]{0,200}\")?\))"
    r"|(?P<sounds>\[(?P<sounds_text>[^\[\]\n]{1,200})\]\(/(?P<phonemes>[^()/\n]{1,300})/\))"
    r"|(?P<link>\[(?!" + _TAG_BEFORE_BRACKET + r")(?P<link_text>[^\[\]\n]{1,400})\](?:"
    r"\((?:[^()\s]|\([^()\s]{0,200}\)){0,1000}(?:[ \t]+\"[^\"\n]{0,200}\")?\)|\[(?![a-z/])[^\[\]\n]{0,200}\]))"
    r"|(?P<footnote>\[\^[^\[\]\s]{1,60}\])"
    r"|(?P<markup>" + re.sub(r"(?<!\\)\((?!\?)", "(?:", brackets.PATTERN.pattern) + ")"
    r"|(?P<autolink><(?P<address>(?:https?|ftp)://[^<>\s]{1,1000}|[^<>\s@]{1,100}@[^<>\s@]{1,200})>)"
    r"|(?P<tag>" + ssml.TAG + "|" + ssml.DECLARATION + ")"
    r"|(?P<unclosed>" + brackets.UNCLOSED + "|" + ssml.UNCLOSED + ")"
    r"|(?P<entity>" + entities.PATTERN + ")"
    r"|(?P<star>\*{1,3}(?=\S)|(?<=\S)\*{1,3})"
    r"|(?P<under>(?<![^\W_])_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?![^\W_]))"
    r"|(?P<strike>~~)"
)


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list item or table row."""

    start: int
    """Where it begins in the source."""
    clean: str
    """As long as its source. Covered characters are `COVER`; spaces of every kind are " "."""
    pauses: list[tuple[int, int, PauseMark]] = field(default_factory=list)
    """Begin and end in the source."""
    problems: list[Problem] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    """What markup changes, in order of their beginnings."""
    elements: list[Element] = field(default_factory=list)
    """The markup itself, for an editor to show."""
    ends_paragraph: bool = True


def plain(text: str) -> str:
    """One word or phrase as a reader sees it: without the signs of Markdown and without invisible characters."""
    if "]" in text:
        text = _TAIL.sub(r"\1", text)
    return _inline(_visible(text), 0).clean.replace(COVER, "").replace("`", "").strip(" *_~")


def blocks(text: str) -> Iterator[Block]:
    """The blocks of `text` that hold something to read, in order, each as soon as it is complete."""
    open_lines: list[tuple[int, str]] = []

    def closed(ends_paragraph: bool = True) -> Iterator[Block]:
        if open_lines:
            yield _joined(open_lines, ends_paragraph)
            open_lines.clear()

    for start, line, problem in visible_lines(text):
        if problem is not None:
            yield from closed()
            yield Block(start, COVER * len(line), problems=[problem])
        elif _is_empty(line) or (open_lines and _UNDERLINE.match(line)):
            yield from closed()
        elif _DEFINITION.match(line):
            continue
        elif _HEADING.match(line):
            yield from closed()
            open_lines.append((start, _heading(line)))
            yield from closed()
        elif line.lstrip(" ").startswith("|") and line.count("|") > 1:
            yield from closed(False)
            open_lines.append((start, _row(line)))
        elif item := _NUMBERED.match(line):
            yield from closed(False)
            open_lines.append((start, line[: item.start(1)] + "," + line[item.end(1) :]))
        elif item := _BULLET.match(line):
            yield from closed(False)
            open_lines.append((start, _covered(line, 0, item.end())))
        else:
            open_lines.append((start, line))
    yield from closed()


def visible_lines(text: str) -> Iterator[tuple[int, str, Problem | None]]:
    """Each line's place, its visible text without block quotes and comments, and, for code, why it is not read."""
    at = front_matter(text)
    comments_end = fences_end = declarations_end = True
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if fences_end and (fence := _FENCE.match(line)):
            closing = re.compile(rf"^[ \t>]{{0,12}}{re.escape(fence[1])}[`~ \t\r]*$", re.MULTILINE).search(text, end)
            fences_end = closing is not None
            if closing is not None:
                yield at, text[at : closing.end()], Problem(at, closing.end(), "A block of code is not read aloud.")
                at = closing.end() + 1
                continue
        if comments_end and (begin := line.find("<!--")) >= 0:
            close = text.find("-->", at + begin + 4)
            comments_end = close >= 0
            if comments_end:
                end = text.find("\n", close)
                end = len(text) if end < 0 else end
                line = _without_comments(text[at:end])
        elif declarations_end and (found := _DOCTYPE_BEGINS.search(line)):
            declared = _DOCTYPE.match(text, at + found.start())
            declarations_end = declared is not None
            if declared is not None:
                end = text.find("\n", declared.end())
                end = len(text) if end < 0 else end
                line = text[at:end].replace("\n", " ")
        line = _visible(line)
        if quote := _QUOTE.match(line):
            line = _covered(line, 0, quote.end())
        yield at, line, None
        at = end + 1


def starts_block(line: str) -> bool:
    """Whether a line begins a heading, a list item or a table's row."""
    return bool(_HEADING.match(line) or _NUMBERED.match(line) or _BULLET.match(line)) or line.lstrip().startswith("|")


def _is_empty(line: str) -> bool:
    """Whether there is nothing to read: white space, a rule, the rule under a table's head."""
    bare = line.strip(" " + COVER)
    return not bare or bool(_RULE.match(line)) or ("--" in bare and not bare.strip("|-: "))


def front_matter(text: str) -> int:
    """Where the text begins after YAML between two `---` lines at its very top."""
    found = _FRONT.match(text)
    return found.end() if found else 0


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda found: COVER * len(found[0]), text).replace("\n", " ")


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = _PILED.sub(lambda found: COVER * len(found[0]), text)
    return _SPACES.sub(" ", _INVISIBLE.sub(COVER, text))


def _covered(text: str, start: int, end: int) -> str:
    return text[:start] + COVER * (end - start) + text[end:]


def _heading(line: str) -> str:
    line = _HEADING.sub(lambda found: COVER * len(found[0]), line)
    return _HEADING_END.sub(lambda found: COVER * len(found[0]), line)


def _row(line: str) -> str:
    """A table's row, its cells parted by commas."""
    first, last = line.index("|"), line.rindex("|")
    inner = re.sub(r"\|(?=[ \0]*\|)", " ", line[first + 1 : last]).replace("|", ",")
    return line[:first] + COVER + inner + COVER + line[last + 1 :]


def _joined(lines: list[tuple[int, str]], ends_paragraph: bool) -> Block:
    """One block of lines that follow each other, its line ends either spaces or sentence ends."""
    parts: list[str] = []
    place = lines[0][0]
    for start, line in lines:
        if parts:
            wraps = len(parts[-1].strip()) >= SOFT_WRAP or line.lstrip(" " + COVER)[:1].islower()
            hard = parts[-1].endswith(("  ", "\\")) or not (
                wraps or parts[-1].rstrip(" ,;" + COVER) != parts[-1].rstrip()
            )
            parts.append((BREAK if hard else " ") + COVER * (start - place - 1))
            place = start
        parts.append(line)
        place += len(line)
    ends = [start + len(line) for start, line in lines]
    block = _inline("".join(parts), lines[0][0], ends)
    block.ends_paragraph = ends_paragraph
    return block


def _inline(text: str, start: int, line_ends: list[int] | None = None) -> Block:
    """`text` with the signs of inline Markdown covered, and the markup that was found in it.

    `line_ends`: where the lines of the source end, in order; None: there is only one.
    """
    block = Block(start, text)
    tags: list[tuple[int, int, Opening | Closing]] = []
    parts: list[str] = []
    done = 0
    for found in _INLINE.finditer(text):
        parts.append(text[done : found.start()])
        parts.append(_reading(found, block, tags))
        done = found.end()
    parts.append(text[done:])
    block.clean = "".join(parts)
    if tags:
        spans, problems = matched(tags, line_ends or [start + len(text)])
        block.spans = sorted([*block.spans, *spans], key=lambda span: (span.start, -span.end))
        block.problems += problems
    return block


def _reading(found: re.Match[str], block: Block, tags: list[tuple[int, int, Opening | Closing]]) -> str:
    """What stays of one inline element, as long as the element."""
    kind, whole = found.lastgroup, found[0]
    if kind == "escape":
        return COVER + whole[1]
    if kind == "sounds":
        return _said(found, block, "sounds_text", Saying(phonemes=found["phonemes"]))
    if kind == "tag" and _COMPARISON.fullmatch(whole):
        return whole
    if kind in ("markup", "tag"):
        return _marked(found, block, tags)
    if kind == "unclosed":
        return _unclosed(found, block, tags)
    if kind == "entity":
        return _entity(found, block)
    for inner in ("code_text", "link_text", "address"):
        if (text := found[inner]) is not None:
            before = found.start(inner) - found.start()
            kept = _inline(text, 0).clean if inner == "link_text" else text
            return COVER * before + kept + COVER * (len(whole) - before - len(text))
    if kind == "star" and _is_product(found):
        return whole
    return COVER * len(whole)


def _is_product(found: re.Match[str]) -> bool:
    start, end = found.span()
    before, after = found.string[max(start - 1, 0) : start], found.string[end : end + 1]
    return len(found[0]) == 1 and (before.isdigit() or before == ")") and (after.isdigit() or after == "(")


def _marked(found: re.Match[str], block: Block, tags: list[tuple[int, int, Opening | Closing]]) -> str:
    """A tag in brackets or of SSML: what it means goes to `block` and `tags`."""
    whole = found[0]
    start, end = block.start + found.start(), block.start + found.end()
    meaning: Meaning
    if found.lastgroup == "tag":
        meaning = ssml.interpret(whole)
        arguments = [one.span(2 if one[2] is not None else 3) for one in ssml.ATTRIBUTE.finditer(whole)]
    else:
        match = brackets.PATTERN.fullmatch(whole)
        assert match is not None
        if match[1] == "say" and (said := brackets.said(match[2][1:])) is not None:
            return _said_as(found, block, match.start(2) + 1, said)
        meaning = brackets.interpret(match)
        arguments = [(match.start(2) + 1, match.end(2))] if match[2][1:].strip() else []
    kind = ElementKind.PAUSE if isinstance(meaning, PauseMark) else ElementKind.TAG
    if isinstance(meaning, str):
        kind, arguments = ElementKind.UNKNOWN, []
        block.problems.append(Problem(start, end, meaning))
        if opened := _opened(whole):
            tags.append((start, end, Opening(opened, NOTHING)))
    elif isinstance(meaning, PauseMark):
        block.pauses.append((start, end, meaning))
    elif isinstance(meaning, Opening | Closing):
        tags.append((start, end, meaning))
        if isinstance(meaning, Opening) and meaning.problem:
            block.problems.append(Problem(start, end, meaning.problem))
    block.elements.append(Element(kind, start, end))
    block.elements += [Element(ElementKind.ARGUMENT, start + first, start + last) for first, last in arguments]
    if isinstance(meaning, Break):
        return BREAK + COVER * (len(whole) - 1)
    apart = isinstance(meaning, PauseMark) or (isinstance(meaning, str) and found.lastgroup == "markup")
    return " " + COVER * (len(whole) - 1) if apart else COVER * len(whole)


def _opened(tag: str) -> str:
    """What a tag that is not understood would open: of its closing tag there is nothing more to tell."""
    if tag.startswith("<"):
        return ssml.opened(tag)
    match = brackets.PATTERN.fullmatch(tag)
    return brackets.NAMES.get(match[1], "") if match is not None else ""


def _said(found: re.Match[str], block: Block, group: str, saying: Saying) -> str:
    """`[word](/phonemes/)`: the word stays."""
    start, end = block.start + found.start(), block.start + found.end()
    first, last = block.start + found.start(group), block.start + found.end(group)
    block.spans.append(Span(first, last, Change(saying=saying)))
    block.elements += [
        Element(ElementKind.TAG, start, end),
        Element(ElementKind.SAYING, first, last),
        Element(ElementKind.ARGUMENT, block.start + found.start("phonemes"), block.start + found.end("phonemes")),
    ]
    kept = _inline(found[group], 0).clean
    return COVER * (first - start) + kept + COVER * (end - last)


def _said_as(found: re.Match[str], block: Block, argument: int, said: tuple[int, int, Saying]) -> str:
    """`[say word|as other words]`: the word stays. `argument`: where `said` counts from, in the markup."""
    start, whole = block.start + found.start(), found[0]
    first, last = argument + said[0], argument + said[1]
    block.spans.append(Span(start + first, start + last, Change(saying=said[2])))
    bar = whole.index("|", last)
    block.elements += [
        Element(ElementKind.TAG, start, start + len(whole)),
        Element(ElementKind.SAYING, start + first, start + last),
        Element(ElementKind.ARGUMENT, start + bar + 1, start + len(whole) - 1),
    ]
    return COVER * first + _inline(whole[first:last], 0).clean + COVER * (len(whole) - last)


def _unclosed(found: re.Match[str], block: Block, tags: list[tuple[int, int, Opening | Closing]]) -> str:
    """`[pause 0.5s` without its bracket."""
    whole, end = found[0], "]" if found[0][0] == "[" else ">"
    start = block.start + found.start()
    block.elements.append(Element(ElementKind.UNKNOWN, start, start + len(whole)))
    message = f"The markup {whole[:60]} has no “{end}” that ends it and is not spoken."
    block.problems.append(Problem(start, start + len(whole), message))
    if opened := _opened(f"{whole}{end}"):
        tags.append((start, start + len(whole), Opening(opened, NOTHING)))
    return " " + COVER * (len(whole) - 1)


def _entity(found: re.Match[str], block: Block) -> str:
    """`&amp;`: what it stands for, where it begins."""
    start, end = block.start + found.start(), block.start + found.end()
    character = entities.character(found[0])
    if character is None:
        block.elements.append(Element(ElementKind.UNKNOWN, start, end))
        block.problems.append(Problem(start, end, f"The entity {found[0]} is not known and is not spoken."))
        return COVER * len(found[0])
    block.elements.append(Element(ElementKind.ENTITY, start, end))
    return _visible(character) + COVER * (len(found[0]) - 1)
