"""Words that look like Roman numerals with an ending are words."""

import pytest

from audiostudio.script.reading import read
from audiostudio.script.spoken import Sentence


def spoken(text: str, language: str) -> str:
    return " ".join(part.spoken for part in read(text, language) if isinstance(part, Sentence))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Le petit garçon dort."),
        ("fr", "De quoi parle-t-il?"),
        ("fr", "Ce livre est à moi."),
        ("fr", "Me voici."),
        ("es", "De repente llegó."),
        ("es", "Me gusta."),
        ("es", "Ve a casa."),
        ("it", "Le case sono belle."),
        ("pt-br", "De manhã chove."),
    ],
)
def test_a_short_word_is_read_as_itself(language: str, text: str) -> None:
    assert spoken(text, language).lower() == text.lower()


def test_numerals_stay_numerals() -> None:
    assert "cinquième" in spoken("La Ve République.", "fr")
    assert "vingt et unième" in spoken("Le XXIe siècle.", "fr")
    assert "premier" in spoken("Napoléon Ier.", "fr")
