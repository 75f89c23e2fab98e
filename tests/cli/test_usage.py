"""Words that the command line does not understand."""

import json

import pytest

from audiostudio.cli import parse
from audiostudio.cli.library import read_tempo
from audiostudio.errors import RequestError

MISUSES = [
    (["speak", "hi"], "required: -o/--output"),
    (["speak", "hi", "-o", "a.wav", "--speed", "fast"], "--speed"),
    (["nonsense"], "nonsense"),
    (["library", "list", "--sort", "nothing"], "nothing"),
    (["library"], "required: VERB"),
    (["doctor", "--no-such-option"], "--no-such-option"),
]


@pytest.mark.parametrize(("words", "said"), MISUSES)
def test_a_misuse_is_a_sentence_and_a_hint(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(words)
    printed = capsys.readouterr()
    assert (end.value.code, printed.out) == (2, "")
    assert said in printed.err
    assert "--help" in printed.err


@pytest.mark.parametrize(("words", "said"), MISUSES)
def test_with_json_it_is_json(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse([*words, "--json"])
    error = json.loads(capsys.readouterr().out)
    assert (end.value.code, error["error"]) == (2, "RequestError")
    assert said in error["sentence"]


@pytest.mark.parametrize("text", ["nan", "90-inf", "1e999", "fast", "-", ""])
def test_a_tempo_is_a_number_or_two(text: str) -> None:
    assert read_tempo("90-110") == (90.0, 110.0)
    assert read_tempo("120") == (120.0, 120.0)
    with pytest.raises(RequestError, match="is no tempo"):
        read_tempo(text)
