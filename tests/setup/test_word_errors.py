import pytest

from tests.conftest import word_errors


@pytest.mark.parametrize(
    ("reference", "hypothesis", "share"),
    [
        ("The cat sat.", "the cat sat", 0.0),
        ("The cat sat.", ["the", "cat", "sat!"], 0.0),
        ("one two three four", "one two four", 0.25),
        ("one two three four", "one two three and a four", 0.25),
        ("one two three four", "one too three four", 0.25),
        ("I have 25 apples", "I have twenty-five apples", 0.0),
        ("one thousand two hundred and six", "1,206", 0.0),
        ("half", "", 1.0),
    ],
)
def test_word_errors(reference: str, hypothesis: str | list[str], share: float) -> None:
    assert word_errors(reference, hypothesis) == pytest.approx(share)
