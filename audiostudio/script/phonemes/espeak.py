"""Phonemes from espeak-ng in misaki's conventions: Spanish, French, Italian, Portuguese, Hindi, and words in other
scripts."""

from collections.abc import Callable
from typing import Any

from audiostudio.script.phonemes.alphabet import known, parted, surrounded
from audiostudio.script.phonemes.missing import installed

VOICES = {"es": "es", "fr": "fr-fr", "it": "it", "pt-br": "pt-br", "hi": "hi"}
"""espeak-ng's voice for each language."""

_MISAKI = (
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("d^z", "ʣ"), ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("o^ʊ", "O"), ("ə^ʊ", "Q"), ("s^s", "S"),
    ("t^s", "ʦ"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"),
)  # fmt: skip
"""misaki 0.9.4, `espeak.EspeakG2P`."""
_STOPS = frozenset(".,;:!?…—।॥؟،؛。，、")


def load(voice: str, language: str) -> Callable[[list[str]], list[str]]:
    """A function from the spoken form of each word of a sentence to the phonemes of each."""
    with installed(language, "espeakng-loader", "phonemizer"):
        import espeakng_loader
        from phonemizer.backend import EspeakBackend
        from phonemizer.backend.espeak.wrapper import EspeakWrapper

        EspeakWrapper.set_library(espeakng_loader.get_library_path())
        EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
        backend = EspeakBackend(voice, with_stress=True, tie="^", language_switch="remove-flags", logger=_quiet())

    def phonemes(words: list[str]) -> list[str]:
        return _aligned(backend, words)

    return phonemes


def _quiet() -> Any:
    """A logger for espeak's remarks on switched languages, which are no news to anybody here."""
    import logging

    logger = logging.getLogger("audiostudio.espeak")
    logger.setLevel(logging.ERROR)
    return logger


def _aligned(backend: Any, words: list[str]) -> list[str]:
    """espeak-ng reads clause by clause, as liaison wants it; a clause whose words it joins is read word by word."""
    edges = [parted(word) for word in words]
    cores = [""] * len(words)
    for clause in _clauses(edges):
        said = _spoken(backend, " ".join(edges[at][1] for at in clause))
        counts = [len(edges[at][1].split()) for at in clause]
        pieces = said.split()
        if len(pieces) != sum(counts):
            for at in clause:
                cores[at] = _spoken(backend, edges[at][1])
            continue
        done = 0
        for at, count in zip(clause, counts, strict=True):
            cores[at] = " ".join(pieces[done : done + count])
            done += count
    return [
        surrounded(before, core, after) if core else "" for (before, _, after), core in zip(edges, cores, strict=True)
    ]


def _clauses(edges: list[tuple[str, str, str]]) -> list[list[int]]:
    """The places of the words of each clause, words without letters left out."""
    found: list[list[int]] = [[]]
    for at, (before, core, after) in enumerate(edges):
        if before and found[-1]:
            found.append([])
        if core:
            found[-1].append(at)
        if _STOPS & set(after) and found[-1]:
            found.append([])
    return [clause for clause in found if clause]


def _spoken(backend: Any, text: str) -> str:
    phonemes = " ".join(backend.phonemize([text], strip=True))
    for old, new in _MISAKI:
        phonemes = phonemes.replace(old, new)
    return known(phonemes.replace("^", "").replace("-", ""))
