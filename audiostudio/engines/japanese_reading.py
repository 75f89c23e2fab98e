"""How Japanese is read, for engines that were trained on its sound in kana or in Latin letters."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

_PARTICLES = {"は": "ワ", "へ": "エ"}
_INFLECTED = ("動詞", "形容詞", "助動詞")
_KANA = re.compile(r"[ァ-ヺー]+")
_MARKS = str.maketrans("。、！？「」『』・", '.,!?"""" ')


class JapaneseReading:
    """A dictionary that was opened. Raises `ImportError` where SudachiPy is not installed."""

    def __init__(self) -> None:
        from sudachipy import Dictionary

        self._tokens: Any = Dictionary().tokenizer()

    def words(self, text: str) -> Iterator[tuple[str, str, bool]]:
        """Each word, its reading in katakana (itself, where it has none), and whether it is one word with the one
        before, as the endings of verbs are."""
        inflected = False
        for token in self._tokens.tokenize(text):
            surface, (kind, sort, *_) = token.surface(), token.part_of_speech()
            reading = _PARTICLES.get(surface) if kind == "助詞" else None
            if sort == "数詞" and surface[0].isdigit():
                reading = unicodedata.normalize("NFKC", surface)
            yield (
                surface,
                reading or token.reading_form() or surface,
                kind == "接尾辞" or (inflected and kind == "助動詞"),
            )
            inflected = kind in _INFLECTED

    def romaji(self, text: str) -> str:
        """In Hepburn's letters, words apart: `kyou wa yoi tenki desu ne.`"""
        import jaconv

        spoken: list[str] = []
        for _, reading, leans in self.words(text):
            if leans and spoken:
                spoken[-1] += reading
            else:
                spoken.append(reading)
        joined = _KANA.sub(lambda kana: str(jaconv.kata2alphabet(kana[0])), " ".join(spoken).translate(_MARKS))
        return re.sub(r"\s+([.,!?])", r"\1", re.sub(r"([aeiou])-", r"\1\1", joined))

    def convert(self, text: str) -> list[dict[str, str]]:
        """As pykakasi's `convert` gives it: each word as it stands (`orig`) and in hiragana (`hira`)."""
        import jaconv

        return [{"orig": word, "hira": str(jaconv.kata2hira(reading))} for word, reading, _ in self.words(text)]
