"""Where a file is from, asked in the window: real files, really looked at by a worker."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audiostudio.credentials import Origin
from audiostudio.library import AssetKind, AssetSource, Library, MediaInfo, NewAsset
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.rights import Rights
from audiostudio.ui.library.origin_dialog import OriginDialog
from audiostudio.ui.library.origin_words import findings
from tests.ui.library.conftest import WORKER, Open, choose, settled, sound_file, toasts
from tests.ui.pseudo import Pseudo, cut_off, untranslated

TERMS = Rights("CPML", False, "Coqui")


def drop(dialog: OriginDialog, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    dialog.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))


def told(dialog: OriginDialog) -> dict[str, str]:
    return {row.title.text(): row.sentence.text() for row in dialog.rows}


@pytest.mark.long
def test_an_asset_and_any_other_file_tell_where_they_are_from(
    open_panel: Open, qtbot: QtBot, profile: Profile, tmp_path: Path
) -> None:
    def seed(library: Library) -> None:
        about = NewAsset(AssetKind.VOICEOVER, AssetSource.TTS, "Beep", rights=TERMS, media=MediaInfo(0.5, 48_000, 1))
        library.add(sound_file(tmp_path / "beep.wav"), about)

    panel = open_panel(seed)
    panel.show_details()
    choose(panel, "Beep")
    qtbot.waitUntil(lambda: panel.details.asset is not None)
    settled(qtbot, panel)
    panel.details.sheet.origin.click()
    dialog = panel.window().findChild(OriginDialog)
    qtbot.waitUntil(lambda: len(dialog.rows) >= 4, timeout=WORKER)
    assert told(dialog)["Your library"] == "It is “Beep”."
    assert told(dialog)["Content Credentials"] == "There are none."
    signed = sound_file(tmp_path / "signed.wav")
    Studio(profile).credentials.sign(signed, "wav", Origin("Signed", TERMS))
    drop(dialog, signed)
    assert dialog.rows == []
    qtbot.waitUntil(lambda: bool(dialog.rows), timeout=WORKER)
    assert told(dialog)["Content Credentials"] == "Valid: the file is as this studio signed it."
    assert dialog.head.text() == "signed.wav"
    broken = bytearray(signed.read_bytes())
    broken[2000] ^= 0x55  # of the sound
    changed = tmp_path / "changed.wav"
    changed.write_bytes(broken)
    drop(dialog, changed)
    qtbot.waitUntil(lambda: bool(dialog.rows), timeout=WORKER)
    assert told(dialog)["Content Credentials"].startswith("Not valid")
    (tmp_path / "program.wav").write_bytes(b"MZ" + bytes(4000))
    drop(dialog, tmp_path / "program.wav")
    qtbot.waitUntil(lambda: bool(dialog.rows), timeout=WORKER)
    assert "Not checked" in told(dialog)
    drop(dialog, tmp_path / "nothing.wav")
    qtbot.waitUntil(lambda: dialog.task.error is not None, timeout=WORKER)
    assert toasts(panel) == []
    dialog.close()


RESULT = {
    "file": "/a.wav",
    "seconds": 9.0,
    "watermark": {"state": "found", "confidence": 0.98, "found": [[0.0, 3.0], [2.0, 5.0]], "windows": []},
    "credentials": {
        "state": "valid",
        "signer": "other",
        "name": "Studio",
        "generator": "Audio Studio",
        "title": "Intro",
        "when": "2026-11-21",
        "actions": [{"action": "c2pa.created", "kind": "trainedAlgorithmicMedia"}],
        "sources": [
            {"voice": "Maya", "method": "clone", "engine": "xtts", "consent": {"person": "Maya", "date": "2026"}}
        ],
        "rights": "Notice",
        "problems": [],
    },
    "rights": {"notice": "", "licence": "CPML", "commercial": False, "credit": "Coqui", "url": ""},
    "library": None,
    "could_not_check": ["The terms: they are torn."],
    "notes": ["It says that a machine spoke."],
}


def test_the_time_is_written_as_it_is_written_here() -> None:
    def details(when: str) -> str:
        found = RESULT | {"credentials": RESULT["credentials"] | {"when": when}}
        return "\n".join(line for one in findings(found) for line in one.details)

    assert "2026" in details("2026-11-21T22:26:19+00:00")
    assert "+00:00" not in details("2026-11-21T22:26:19+00:00")
    assert "Audio Studio in spring" in details("in spring")


def test_what_was_found_is_said_in_words() -> None:
    said = {one.title: one for one in findings(RESULT)}
    assert said["Watermark"].sentence == "Found, 98% sure, at 0:00.0–0:05.0."
    assert said["Terms in the file"].tone == "error"
    assert any("Maya (cloned, xtts). Consent of Maya" in line for line in said["Content Credentials"].details)
    assert said["Not checked"].details == ("The terms: they are torn.",)
    strange = RESULT | {"credentials": RESULT["credentials"] | {"sources": [{}], "actions": []}}
    assert any("Voice: –" in line for one in findings(strange) for line in one.details)


@pytest.mark.parametrize("size", [(560, 560), (480, 400)])
def test_it_speaks_every_language(qapp: QApplication, open_panel: Open, qtbot: QtBot, size: tuple[int, int]) -> None:
    panel = open_panel()
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    try:
        dialog = OriginDialog(panel.desk, panel.window())
        dialog.resize(*size)
        dialog.show()
        assert untranslated(dialog) == []
        dialog.path = Path("a.wav")
        dialog.empty.hide()
        dialog._show(Path("a.wav"), RESULT)
        data = {*RESULT["could_not_check"], *RESULT["notes"]}
        qtbot.waitUntil(lambda: cut_off(dialog) == [])
        assert untranslated(dialog, frozenset(data)) == []
        dialog.close()
    finally:
        QCoreApplication.removeTranslator(translator)
