"""The engines, shown and mended by their dialog: real operations on a real, tiny environment."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from audiostudio.jobs import Place
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.resource import resource
from audiostudio.ui.cloning.engines_dialog import EnginesDialog, open_engines
from audiostudio.ui.main_window import MainWindow
from audiostudio.ui.widgets import AskDialog
from tests.engines.environment import NAME, toy_environment
from tests.ui.conftest import OpenWindow
from tests.ui.pseudo import Pseudo, cut_off, untranslated

ENGINE = "toy"
_USED = ("engines.install", "engines.remove", "engines.doctor")


@pytest.fixture
def runner(profile: Profile) -> Iterator[Runner]:
    """Does the real work on the studio of the window, in threads."""
    operations = {name: replace(OPERATIONS[name], place=Place.THREAD, limits=None) for name in _USED}
    with Runner(operations, lambda: _Here.studio, lambda queue: ["false", queue], MemoryStore()) as made:
        yield made


class _Here:
    """The studio of the window of this test."""

    studio: Studio


@pytest.fixture
def window(open_window: OpenWindow, profile: Profile, tmp_path: Path) -> MainWindow:
    """With an engine that lives in a tiny environment, and needs a large model."""
    profile.engines.mkdir(parents=True)
    engine = json.loads((resource("engines") / "tone.json").read_text(encoding="utf-8"))
    engine |= {"name": ENGINE, "title": "Toy", "environment": NAME, "models": ["xtts-v2"], "voices": []}
    engine["rights"] = {"licence": "CPML", "commercial": False}
    (profile.engines / "toy.json").write_text(json.dumps(engine))
    made = open_window()
    _Here.studio = made.desk.studio
    vars(made.desk.studio)["environments"] = toy_environment(tmp_path / "toys")
    return made


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> Iterator[EnginesDialog]:
    window.commands.run("tools.engines")
    shown = window.findChild(EnginesDialog)
    assert shown is not None
    qtbot.waitUntil(lambda: bool(shown.cards))
    yield shown
    shown.close()


@contextmanager
def answering(yes: bool) -> Iterator[list[str]]:
    """Answers the next question; all that it says, with what there is to read."""
    said: list[str] = []

    def answer() -> None:
        asked = QApplication.activeModalWidget()
        if not isinstance(asked, AskDialog):
            QTimer.singleShot(5, answer)
            return
        said.extend(label.text() for label in asked.findChildren(QLabel))
        said.extend(text.toPlainText() for text in asked.findChildren(QPlainTextEdit))
        (asked.agree if yes else asked.refuse).click()

    QTimer.singleShot(0, answer)
    yield said


def state(dialog: EnginesDialog) -> str:
    return dialog.cards[NAME].state.text()


def test_an_environment_tells_what_it_is_and_on_which_device_it_runs(dialog: EnginesDialog, qtbot: QtBot) -> None:
    card = dialog.cards[NAME]
    assert (card.title.text(), state(dialog)) == ("Toys", "Ready")
    assert "MIT" in card.size.text()
    row = card.rows[ENGINE]
    assert row.sale.text() == "May not be sold"
    assert "XTTS" in row.state.text()
    assert {"tone", "kokoro", "hibari"} <= set(dialog.rows)
    card.check.click()
    qtbot.waitUntil(card.diagnosis.isVisible, timeout=30_000)
    assert "Python 3." in card.diagnosis.text()
    assert "toy is missing, not 1.0" in card.diagnosis.text()
    assert not card.bar.isVisible()


def test_removing_asks_and_says_who_falls_silent(dialog: EnginesDialog, window: MainWindow, qtbot: QtBot) -> None:
    card = dialog.cards[NAME]
    with answering(yes=False) as said:
        card.remove.click()
    assert any("Toy" in words for words in said)
    assert state(dialog) == "Ready"
    with answering(yes=True):
        card.remove.click()
    qtbot.waitUntil(lambda: state(dialog) == "Not installed")
    assert window.desk.studio.environments.state(NAME) == "missing"
    assert not card.remove.isVisible()
    assert card.install.isVisible()


def test_nothing_is_installed_before_its_terms_were_agreed_to(
    dialog: EnginesDialog, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(window.desk.studio.environments.folder / NAME)
    dialog.look()
    qtbot.waitUntil(lambda: state(dialog) == "Not installed")
    with answering(yes=False) as said:
        dialog.cards[NAME].rows[ENGINE].install.click()
    assert window.jobs.active == ()
    words = "\n".join(said)
    for wanted in ("Toys", "MIT", "XTTS", "may not be sold", "Coqui Public Model License"):
        assert wanted in words
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with answering(yes=True):
        dialog.cards[NAME].install.click()
    card = dialog.cards[NAME]
    qtbot.waitUntil(lambda: state(dialog) == "Being installed")
    assert card.cancel.isVisible()
    qtbot.waitUntil(card.problem.isVisible, timeout=60_000)  # there is no package of that name
    qtbot.waitUntil(lambda: state(dialog) == "Half installed")
    assert card.install.text() == "Go on…"
    assert window.message_area.toasts == ()


def test_it_is_asked_about_where_it_is_missing(window: MainWindow, qtbot: QtBot) -> None:
    shutil.rmtree(window.desk.studio.environments.folder / NAME)
    with answering(yes=False) as said:
        dialog = open_engines(window.desk, ENGINE)
        qtbot.waitUntil(lambda: bool(said))
    assert open_engines(window.desk) is dialog
    dialog.close()


@pytest.mark.parametrize("size", [(680, 640), (560, 420)])
def test_it_speaks_every_language(qapp: QApplication, window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    try:
        dialog = open_engines(window.desk)
        dialog.resize(*size)
        qtbot.waitUntil(lambda: bool(dialog.cards))
        engines = {one.title for one in window.desk.studio.engines.manifests()}
        data = frozenset(engines | {"Toys", "For tests."})
        qtbot.waitUntil(lambda: cut_off(dialog) == [])
        assert untranslated(dialog, data) == []
        dialog.close()
    finally:
        QCoreApplication.removeTranslator(translator)
