"""English phonemes from Hibari's G2P, which ports misaki's."""

from collections.abc import Callable


def load(british: bool) -> Callable[[list[str]], list[str]]:
    """A function from the spoken form of each word of a sentence to the phonemes of each."""
    from hibari.g2p import G2P

    g2p = G2P(british=british)

    def phonemes(words: list[str]) -> list[str]:
        tokens = g2p.phonemize_tokens(g2p._tokens(" ".join(words)))
        found: list[str] = []
        piece = ""
        pieces: list[str] = []
        for token in tokens:
            piece += token.phonemes or ""
            if token.whitespace:
                pieces.append(piece)
                piece = ""
        pieces.append(piece)
        at = 0
        for word in words:
            count = len(word.split())
            found.append(" ".join(part for part in pieces[at : at + count] if part))
            at += count
        return found

    return phonemes
