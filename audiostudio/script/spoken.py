"""What the script hands to an engine: sentences of words, and pauses."""

from dataclasses import dataclass

from audiostudio.performance import PLAIN, Voicing


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written, and how it is read aloud."""

    text: str
    """As written, with the punctuation that touches it: `“$3.50,”`."""
    start: int
    """Where `text` begins in the source, in characters."""
    end: int
    """Exclusive. `source[start:end] == text`."""
    spoken: str
    """After normalisation, with punctuation: `three dollars and fifty cents,`. May hold several words."""
    phonemes: str = ""
    """In Kokoro's alphabet; empty until `script.phonemes` filled it, with punctuation. From markup or the dictionary
    it comes earlier, without punctuation, and stays."""
    said_as: str | None = None
    """What is read in its stead, with its punctuation, from the dictionary or from markup, for engines that read
    text; None: as written."""
    ipa: str = ""
    """Its sound in IPA, without punctuation, where the dictionary or markup gives it; for engines that read text and
    take IPA for single words."""
    voicing: Voicing = PLAIN
    """What markup or the performance editor asks for."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What an engine sees at once. Never empty."""

    words: tuple[Word, ...]
    language: str
    """A BCP 47 tag: `en-us`, `en-gb`, `hi`, `es`, `fr`, `it`, `pt-br`, `ja`, `zh`."""
    ends_paragraph: bool = False
    voice: str | None = None
    """A voice's id or a mix, asked for in markup; None: the one that speaks the line. One voice in each sentence."""

    @property
    def spoken(self) -> str:
        return " ".join(word.spoken for word in self.words)


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence of an exact length, asked for by the writer. Replaces the engine's own pause at that place."""

    seconds: float
    start: int
    """Where its markup begins in the source, in characters."""
    end: int
