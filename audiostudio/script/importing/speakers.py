"""Who speaks a line: `ANNA: Hello`."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from audiostudio.script.wordlist import word_set

LONGEST_NAME = 40
"""Characters."""
_MOST_WORDS = 4
_NAMED = re.compile(
    r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,3})?)?[\])]?[ \t]{1,4})?"
    r"(?P<open>\*\*|__|\*|_|\[)?(?P<name>[^\W\d_][^:：\n*_\[\]]{0,60}?)[ \t]{0,4}"
    r"(?P<aside>[(\[（][^()\[\]（）]{1,60}[)\]）])?(?P<inner>\*\*|__|\*|_|\])?[ \t]{0,4}"
    r"(?:(?P<colon>:)(?P<outer>\*\*|__|\*|_)?(?=\s|$)|(?P<wide>：))[ \t]{0,4}"
)
_WORD = re.compile(r"[^\W\d_][\w’'.-]*|\d{1,3}|&")
_PARTICLES = word_set("de del della di da do dos das du la le van von der den of the and bin al el y e")
_NOT_NAMES = word_set(
    "note notes warning caution important tip tips example examples remember reminder summary conclusion introduction "
    "chapter part section step figure fig table act scene day week month year phase rule question questions answer "
    "title subject date time author source sources see also edit update update ps nb todo faq pro pros con cons total "
    "result results goal goals problem solution reason fact facts definition abstract background method methods "
    "monday tuesday wednesday thursday friday saturday sunday from to cc bcc re fwd http https ftp mailto location "
    "url link website web email mail phone tel fax address copyright license licence isbn doi "
    "nota aviso ejemplo resumen capítulo remarque exemple chapitre attention esempio attenzione capitolo exemplo "
    "música music sfx sound fx cut fade int ext interior exterior transition narrator's episode version"
)
"""First words of what stands before a colon and is nobody."""


def candidate(line: str) -> tuple[str, str] | None:
    """The name that a line may begin with, and the rest of the line; None when it is no name."""
    found = _NAMED.match(line)
    if found is None:
        return None
    closing = {"[": "]"}.get(found["open"], found["open"])
    if closing and closing not in (found["inner"], found["outer"]):
        return None
    if not found["open"] and (found["inner"] or found["outer"]):
        return None
    name = " ".join(found["name"].split())
    if len(name) > LONGEST_NAME or not _is_name(name):
        return None
    return name, line[found.end() :].strip()


def _is_name(name: str) -> bool:
    words = name.split()
    if len(words) > _MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        return False
    if words[0].lower().rstrip(".") in _NOT_NAMES:
        return False
    own = [word for word in words if word.lower() not in _PARTICLES and not word.isdecimal() and word != "&"]
    return bool(own) and words[0] in own and all(not one[0].islower() for one in own)


def speakers_of(lines: Iterable[str], known: Collection[str] = ()) -> frozenset[str]:
    """The names among what lines begin with.

    One in capitals is a name, and one that comes again; others are when half of the lines begin with one.
    `known` are names wherever they stand.
    """
    names: Counter[str] = Counter()
    count = 0
    for line in lines:
        if line.strip():
            count += 1
            if (found := candidate(line)) is not None:
                names[found[0]] += 1
    dialogue = 2 * names.total() >= count
    return frozenset(
        name
        for name, times in names.items()
        if name in known or times > 1 or dialogue or (name.isupper() and len(name) > 1)
    ) | frozenset(known)
