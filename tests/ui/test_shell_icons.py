"""The icons that are shipped are the icons that are shown."""

import ast

from audiostudio.resource import resource
from tests.conftest import ROOT


def test_every_icon_is_used() -> None:
    words: set[str] = set()
    for file in (*(ROOT / "audiostudio").rglob("*.py"), *(ROOT / "tests" / "ui").glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        words |= {
            node.value.removesuffix(":solid")
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    spare = {file.stem for file in resource("icons").glob("*.svg")} - words
    of_the_style_sheet = {file.stem.split("-text")[0].split("-on")[0] for file in resource("theme/dark").glob("*.svg")}
    assert not spare - of_the_style_sheet
