"""Sets of words, written as one string."""


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())
