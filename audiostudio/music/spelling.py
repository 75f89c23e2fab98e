"""Where syllables begin in the spelling of words, by rule."""

import itertools
import re
import unicodedata

_VOWELS = "aeiouyáéíóúýàèìòùâêîôûäëïöüãõåæœøăąęě"
_NUCLEI = {
    "cyrillic": "аеёиоуыэюяіїєў",
    "greek": "αεηιουωάέήίόύώϊϋΐΰ",
    "georgian": "აეიოუ",
    "armenian": "աեէըիոօ",
}
_ONSETS = frozenset(
    re.findall(
        r"\w+",
        "bl br ch cl cr dr dw fl fr gh gl gr kl kn kr ph pl pr sc sh sk sl sm sn sp st sw th tr tw wh wr qu gn ps "
        "sch scr shr spl spr squ str thr chr phr",
    )
)
"""Consonants with which an English syllable may begin."""
_ROMANCE = frozenset(re.findall(r"\w+", "bl br cl cr dr fl fr gl gr pl pr tr vr ch ll rr qu gu gn ph th lh nh sc"))
_TOGETHER = ("ch", "sh", "th", "ph", "ck", "gh", "wh", "ng")
_SHORT = ("AE1", "EH1", "IH1", "AH1", "UH1", "AA1")
_TOUCHING = re.compile(
    r"i(?=a(?!g))|[iy](?=o(?!u))|i(?=et|en(?!d))|y(?=o)|e(?=o(?!u|p))|u(?=[ae](?![iy]))|[aeouy](?=ing)|e(?=a$)"
)
"""Where two vowels are two syllables: li-on, cha-os, du-et, be-ing, i-de-a."""
_SMALL_KANA = frozenset("ゃゅょぁぃぅぇぉゎャュョァィゥェォヮ")


def english(word: str, phones: tuple[str, ...] = ()) -> list[str]:
    """The letters of each syllable. `phones`: how it is said (ARPAbet), which tells how many there are."""
    low = "".join(one if one.isascii() else _plain(one) for one in word.lower())
    if len(low) != len(word):
        return [word] if not phones else _even(word, _count(phones))
    groups = _groups(low)
    heard = _heard(low, groups)
    if low.startswith("every") and len(low) > 5 and _count(phones) == 3:
        return [word[:3], word[3:5], word[5:]]
    wanted = _count(phones) if phones else max(1, len(heard))
    if len(heard) != wanted:
        closed = low.endswith("e") and phones != () and not phones[-1][-1].isdigit() and phones[-1] not in ("L", "R")
        heard = _matched(low, groups[:-1] if closed and len(groups) > 1 else groups, wanted)
    if len(heard) != wanted:
        return _even(word, wanted)
    starts = [0]
    vowels = [phone for phone in phones if phone[-1].isdigit()]
    for place, (before, after) in enumerate(itertools.pairwise(heard)):
        short = place < len(vowels) and vowels[place] in _SHORT
        starts.append(_cut(low, before[1], after[0], short))
    return _sliced(word, starts)


def _count(phones: tuple[str, ...]) -> int:
    return max(1, sum(phone[-1].isdigit() for phone in phones))


def english_stresses(word: str, count: int) -> list[int]:
    """A guess, by how the word ends and begins."""
    if count == 1:
        return [1]
    if re.search(r"(tion|sion|cian|ic|ical|ity|ious|eous|ian)s?$", word):
        place = count - (3 if re.search(r"(ity|ical)$", word) else 2)
    elif count == 2:
        place = int(bool(re.match(r"(a|be|re|de|un|dis|mis|ex|to)[^aeiouy]{1,2}[a-z]{2}", word)))
    else:
        place = count - 3
    return [int(one == max(0, place)) for one in range(count)]


def known(word: str, code: str) -> bool:
    """Whether syllables of this spelling can be told."""
    letters = [one for one in word if one.isalpha()]
    return bool(letters) and all(_script(one) not in ("other", "han") or code == "zh" for one in letters)


def pieces(word: str, code: str) -> list[str]:
    """The letters of each syllable of a word that is not English; of each mora in Japanese."""
    scripts = {_script(one) for one in word if one.isalpha()}
    if scripts & {"kana", "han", "hangul"}:
        return _characters(word)
    if scripts == {"devanagari"}:
        return _aksharas(word)
    low = word.lower()
    if len(low) != len(word) or not scripts or "other" in scripts:
        return [word]
    nuclei = _nuclei(low, code)
    if len(nuclei) < 2:
        return [word]
    starts = [0]
    for before, after in itertools.pairwise(nuclei):
        cluster = low[before[1] : after[0]]
        keep = next((size for size in (2, 1) if cluster[-size:] in _ROMANCE or size == 1), 1)
        starts.append(after[0] - min(keep, len(cluster)))
    return _sliced(word, starts)


def stressed(parts: list[str], code: str) -> int:
    """The place of the syllable that bears the stress."""
    last = len(parts) - 1
    accents = "áéíóúàèìòùâêô" if code in ("es", "it", "pt") else ""
    marked = [place for place, one in enumerate(parts) if any(letter in accents for letter in one.lower())]
    if marked:
        return marked[-1]
    if code in ("fr", "hi"):
        return last if code == "fr" else max(0, last - 1)
    ending = parts[-1].lower()
    if code in ("es", "pt") and ending[-1:] not in tuple("aeos") and not ending.endswith(("n", "em", "ens", "am")):
        return last
    if code == "pt" and (ending[-1:] in ("i", "u") or "ã" in ending):
        return last
    return 0 if code in ("ja", "zh", "ko", "cs", "fi", "hu", "de", "nl") else max(0, last - 1)


def _plain(letter: str) -> str:
    found = unicodedata.normalize("NFD", letter)[0]
    return found if len(found) == 1 else letter


def _groups(low: str) -> list[tuple[int, int]]:
    """Runs of vowel letters, half-open."""
    found: list[tuple[int, int]] = []
    for match in re.finditer(r"[aeiouy]+", low):
        start, end = match.span()
        if low[start] == "y" and end - start > 1 and (start == 0 or low[start + 1] != "e" or low[start - 1] == "w"):
            start += 1  # a consonant: yes, canyon
        if start > 0 and low[start - 1] == "q" and low[start : start + 1] == "u" and end - start > 1:
            start += 1
        if start < end:
            found.append((start, end))
    return found or [(m.start(), m.end()) for m in re.finditer("y", low)]


def _silent(low: str, groups: list[tuple[int, int]], place: int) -> bool:
    """Whether a group is an e that is only written."""
    start, end = groups[place]
    if low[start:end] != "e" or place == 0:
        return False
    rest = low[end:].replace("'", "")
    if rest == "":
        return not (start >= 2 and low[start - 1] in "lr" and low[start - 2] not in "aeiouylr")
    if rest == "s":
        return not (low[start - 1] in "sxzcg" or low[start - 2 : start] in ("ch", "sh") or _liquid(low, start))
    if rest == "d":
        return low[start - 1] not in "td" and not _liquid(low, start)
    return bool(re.match(r"(ly|li(ness|er|est)|ful|less|ness|ment|some|thing|body|where|one|times?|teen|ty)", rest))


def _liquid(low: str, start: int) -> bool:
    """tables, twinkled"""
    return start >= 2 and low[start - 1] == "l" and low[start - 2] not in "aeiouylr"


def _heard(low: str, groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept = [group for place, group in enumerate(groups) if not _silent(low, groups, place)]
    return [piece for group in kept for piece in _hiatus(low, group)]


def _hiatus(low: str, group: tuple[int, int]) -> list[tuple[int, int]]:
    """Two syllables that touch: li-on, cha-os, du-et, be-ing."""
    text = low[group[0] : group[1]]
    ending = low[group[1] :]
    before = low[group[0] - 1 : group[0]]
    found = _TOUCHING.search(text + ending[:2])
    if found is None or found.end() >= len(text):
        return [group]
    if (text.startswith("i") and before and before in "tscgx") or (text[0] == "u" and before in ("g", "q")):
        return [group]
    cut = group[0] + found.end()
    return [(group[0], cut), (cut, group[1])]


def _matched(low: str, groups: list[tuple[int, int]], wanted: int) -> list[tuple[int, int]]:
    """As many groups as there are syllables: what is only written goes, what touches is parted."""
    split = [piece for group in groups for piece in _hiatus(low, group)]
    groups = split if len(split) == len(groups) + 1 and len(groups) > wanted else list(groups)
    while len(groups) > wanted:
        silent = [place for place in range(len(groups)) if _silent(low, groups, place)]
        weak = [place for place, (a, b) in enumerate(groups) if low[a:b] == "e" and place]
        groups.pop((silent[-1:] or weak[-1:] or [len(groups) - 1])[0])
    while len(groups) < wanted:
        wide = [place for place, (a, b) in enumerate(groups) if b - a > 1]
        if not wide:
            return _syllabic(low, groups, wanted)
        place = next((one for one in wide if len(_hiatus(low, groups[one])) > 1), wide[-1])
        start, end = groups[place]
        parted = _hiatus(low, groups[place])
        cut = parted[0][1] if len(parted) > 1 else max(start + 1, (start + end) // 2)
        groups[place : place + 1] = [(start, cut), (cut, end)]
    return groups


def _syllabic(low: str, groups: list[tuple[int, int]], wanted: int) -> list[tuple[int, int]]:
    """`rhythm`, `isn't`, `fire`: a syllable without a vowel of its own in the spelling."""
    if wanted - len(groups) == 1:
        found = re.search(r"(?<=[a-z])(m|n't|n)s?$", low) or re.search(r"r(?=e?s?$)", low)
        if found is not None and (not groups or found.start() >= groups[-1][1]):
            return [*groups, (found.start(), found.end())]
    return groups


def _cut(low: str, start: int, end: int, short: bool) -> int:
    """Where between two vowels, of which the first is `short`, the next syllable begins."""
    cluster = low[start:end]
    if len(cluster) == 0:
        return end
    if "'" in cluster:
        return start + cluster.index("'") + 1
    if len(cluster) == 1:
        return end if short and cluster in "vblmnrdgtxpck" and end < len(low) else end - 1
    if cluster in _TOGETHER:
        return end if cluster in ("ck", "ng") else end - 2
    if low[end:] in ("e", "es", "ed") and cluster[-1] in "lr":
        return end - 2 if cluster[-3:-1] != "ck" else end - 1
    for size in (3, 2):
        if (
            len(cluster) >= size
            and cluster[-size:] in _ONSETS
            and not (short and len(cluster) == size and size == 2 and cluster[0] == "s")
        ):
            return end - size
    return end - 1


def _even(word: str, count: int) -> list[str]:
    """Letters dealt out where no vowel says how."""
    return _sliced(word, [round(place * len(word) / count) for place in range(count)])


def _sliced(word: str, starts: list[int]) -> list[str]:
    return [word[start:end] for start, end in zip(starts, [*starts[1:], len(word)], strict=True)]


def _nuclei(low: str, code: str) -> list[tuple[int, int]]:
    """Vowels that are heard, half-open; diphthongs together."""
    letters = _VOWELS + "".join(_NUCLEI.values())
    found: list[tuple[int, int]] = []
    for match in re.finditer(f"[{letters}]+", low):
        found += _parted(low, *match.span(), code)
    kept = [
        (start, end)
        for start, end in found
        if not (low[max(0, start - 1) : end] in ("qu", "gu") and end < len(low) and low[end] in letters)
    ]
    if code == "fr" and len(kept) > 1 and re.search(r"(?<![éèêaiou])(e|es|ent)$", low):
        kept = kept[:-1]  # mute
    return kept


def _parted(low: str, start: int, end: int, code: str) -> list[tuple[int, int]]:
    """A run of vowels as syllables: strong ones part from each other, weak ones lean on."""
    if _script(low[start]) != "latin":
        return [(at, at + 1) for at in range(start, end)]
    if code not in ("es", "it", "pt"):
        return [(start, end)]
    before = low[start - 1 : start]
    silent = int(before == "q" or (before == "g" and low[start : start + 2] in ("ue", "ui")))
    runs: list[list[int]] = []
    for at in range(start + min(silent, end - start - 1), end):
        strong = low[at] not in "iuyü" and low[at - 1 : at + 1] not in ("ão", "õe", "ãe")
        leaning = low[at - 1] in "iuyü" or not strong
        if runs and leaning and not (strong and any(low[one] not in "iuyü" for one in runs[-1])):
            runs[-1].append(at)
        else:
            runs.append([at])
    return [(run[0], run[-1] + 1) for run in runs]


def _characters(word: str) -> list[str]:
    """Morae of kana, characters of Chinese, blocks of Korean."""
    found: list[str] = []
    for letter in word:
        foreign = _script(letter) == "latin" and bool(found) and _script(found[-1][-1]) == "latin"
        if found and (letter in _SMALL_KANA or foreign or not letter.isalpha()):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _aksharas(word: str) -> list[str]:
    found: list[str] = []
    for letter in word:
        joined = unicodedata.category(letter) in ("Mn", "Mc") or letter in "ंःँ"
        if found and (joined or found[-1].endswith("्")):
            found[-1] += letter
        else:
            found.append(letter)
    if len(found) > 1 and len(found[-1]) == 1 and found[-1] not in "अआइईउऊऋएऐओऔ":
        last = found.pop()  # the a of the last letter is not said
        found[-1] += last
    return found


def _script(letter: str) -> str:
    code = ord(letter)
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin"
    for name, low, high in (
        ("greek", 0x370, 0x400),
        ("cyrillic", 0x400, 0x530),
        ("armenian", 0x530, 0x590),
        ("devanagari", 0x900, 0x980),
        ("georgian", 0x10A0, 0x1100),
        ("kana", 0x3040, 0x3100),
        ("han", 0x3400, 0xA000),
        ("hangul", 0xAC00, 0xD7B0),
    ):
        if low <= code < high:
            return name
    return "other"
