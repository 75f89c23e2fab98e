"""Voices and their settings in the window: found, chosen, mixed, set, and what is shown of them in any language."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.profile import Profile
from audiostudio.sound.files import read_sound
from audiostudio.ui.speech.export_dialog import ExportDialog, file_stem
from audiostudio.ui.speech.models_dialog import ModelsDialog
from tests.conftest import Whisper, word_errors
from tests.ui.pseudo import Pseudo, cut_off, untranslated
from tests.ui.speaking import Desktop, OpenDesktop, desktop, open_desktop, script, sentence

__all__ = ["desktop", "open_desktop"]


def shown(desktop: Desktop) -> list[str]:
    return [voice.id for voice, _ in desktop.tab.gallery.grid._places]


def test_typing_finds_voices_and_filters_narrow_them(desktop: Desktop) -> None:
    gallery = desktop.tab.gallery
    everything = len(shown(desktop))
    desktop.qtbot.keyClicks(gallery.search, "bella")
    assert shown(desktop) == ["af_bella", "bf_isabella"]
    desktop.qtbot.keyClick(gallery.search, Qt.Key.Key_Escape)
    assert len(shown(desktop)) == everything
    desktop.qtbot.keyClicks(gallery.search, "male")
    assert {voice.gender for voice, _ in gallery.grid._places} == {"male"}
    desktop.qtbot.keyClick(gallery.search, Qt.Key.Key_Escape)
    desktop.qtbot.keyClicks(gallery.search, "emm")
    assert [voice.name for voice, _ in gallery.grid._places] == ["Emma"]
    desktop.qtbot.keyClick(gallery.search, Qt.Key.Key_Escape)
    gallery.gender.setCurrentIndex(gallery.gender.findData("male"))
    gallery.accent.setCurrentIndex(gallery.accent.findData("British"))
    assert shown(desktop)
    assert all(name.startswith("bm_") for name in shown(desktop))
    desktop.qtbot.keyClicks(gallery.search, "zzzz")
    assert gallery.empty.isVisible()
    desktop.click(gallery.empty.button)
    assert len(shown(desktop)) == everything


def test_only_cards_that_were_in_sight_exist(desktop: Desktop) -> None:
    assert 0 < len(desktop.tab.gallery.grid.cards) <= len(desktop.tab.voices.voices)
    for voice, box in desktop.tab.gallery.grid._places:
        card = desktop.tab.gallery.grid.cards.get(voice.id)
        assert card is None or card.geometry() == box


def test_arrow_keys_go_from_card_to_card_and_enter_chooses(desktop: Desktop) -> None:
    gallery = desktop.tab.gallery
    first = gallery.reveal(shown(desktop)[0])
    first.setFocus()
    desktop.qtbot.keyClick(first, Qt.Key.Key_Right)
    second = QApplication.focusWidget()
    assert second.voice.id == shown(desktop)[1]
    desktop.qtbot.keyClick(second, Qt.Key.Key_Down)
    below = QApplication.focusWidget()
    assert below.x() == second.x()
    assert below.y() > second.y()
    desktop.qtbot.keyClick(below, Qt.Key.Key_Return)
    assert desktop.session.project.voice.voice == below.voice.id
    assert below.selected
    desktop.window.commands.run("edit.undo")
    assert not below.selected
    assert desktop.session.project.voice.voice == "tone"


def test_favourites_are_kept_in_the_library(open_desktop: OpenDesktop) -> None:
    first = open_desktop()
    card = first.tab.gallery.reveal("af_nova")
    card.setFocus()
    first.qtbot.keyClick(card, Qt.Key.Key_F)
    first.until(lambda: first.tab.gallery._favourites == {"af_nova"})
    again = open_desktop()
    assert again.studio.library.favourite_voices() == {"af_nova"}
    again.until(lambda: again.tab.gallery._favourites == {"af_nova"})
    again.click(again.tab.gallery.favourites)
    assert shown(again) == ["af_nova"]
    assert again.tab.gallery.grid.cards["af_nova"].star.isChecked()


def test_speed_and_pitch_are_heard_remembered_and_undone(desktop: Desktop) -> None:
    desktop.paste(sentence(6))
    plain = desktop.generate()
    panel = desktop.tab.voice
    panel.speed.edit.setFocus()
    panel.speed.edit.selectAll()
    desktop.qtbot.keyClicks(panel.speed.edit, "2")
    desktop.qtbot.keyClick(panel.speed.edit, Qt.Key.Key_Return)
    assert desktop.session.project.voice.speed == 2.0
    fast = desktop.generate()
    assert fast["made"] == 1
    length = [read_sound(desktop.studio.library.get(one["asset"]).path).duration for one in (plain, fast)]
    assert length[1] == pytest.approx(length[0] / 2, rel=0.05)
    desktop.click(panel.reset)
    assert desktop.session.project.voice.speed == 1.0
    assert panel.speed.value() == 1.0
    assert desktop.tab.result.voiceover.seconds == pytest.approx(length[1]) or desktop.tab.script.unmade() == []
    desktop.window.commands.run("edit.undo")
    assert panel.speed.value() == 2.0


def test_the_pause_after_a_line_follows_the_caret_and_is_exact(desktop: Desktop) -> None:
    desktop.paste(script(3))
    desktop.generate()
    before = desktop.tab.result.voiceover.samples
    desktop.go_to(1)
    assert "2" in desktop.tab.voice.pause.label.text()
    desktop.tab.voice.pause.set_value(2.0)
    assert desktop.session.project.script.lines[1].pause_after == 2.0
    desktop.until(lambda: desktop.tab.result.voiceover.samples == before + round(1.65 * 48_000))
    desktop.go_to(0)
    assert desktop.tab.voice.pause.value() == pytest.approx(0.35)
    assert desktop.session.project.script.lines[0].pause_after is None


def test_only_what_the_engine_can_do_is_shown(desktop: Desktop) -> None:
    assert not desktop.tab.voice.mix.isVisible()
    desktop.choose("af_heart")
    assert desktop.tab.voice.mix.isVisible()
    desktop.choose("hibari_heart")
    assert not desktop.tab.voice.mix.isVisible()
    assert {desktop.tab.voice.language.itemData(n) for n in range(desktop.tab.voice.language.count())} == {
        "en-us",
        "en-gb",
    }


def test_voices_are_mixed_and_unmixed(desktop: Desktop) -> None:
    desktop.choose("af_heart")
    panel = desktop.tab.voice
    desktop.click(panel.mix)
    panel.other.setCurrentIndex(panel.other.findData("am_adam"))
    panel.share.set_value(40.0)
    assert desktop.session.project.voice.voice == "af_heart:0.60+am_adam:0.40"
    cards = desktop.tab.gallery.grid.cards
    assert {name for name, card in cards.items() if card.selected} <= {"af_heart", "am_adam"}
    assert "Heart 60%" in panel.name.text()
    desktop.click(panel.mix)
    assert desktop.session.project.voice.voice == "af_heart"


@pytest.mark.long
def test_one_line_is_given_a_voice_and_settings_of_its_own(desktop: Desktop) -> None:
    desktop.paste(script(3))
    desktop.generate()
    desktop.go_to(1)
    desktop.click(desktop.tab.voice.scope.button("line"))
    desktop.tab.voice.pitch.set_value(5.0)
    project = desktop.session.project
    assert project.voice.pitch == 0.0
    assert [line.voice.pitch if line.voice else None for line in project.script.lines] == [None, 5.0, None]
    assert desktop.generate()["made"] == 1
    desktop.go_to(0)
    assert desktop.tab.voice.scope.value() == "project"
    assert desktop.tab.voice.pitch.value() == 0.0
    desktop.go_to(1)
    assert desktop.tab.voice.scope.value() == "line"
    assert desktop.tab.voice.pitch.value() == 5.0
    desktop.tab.casting.choose("hibari_heart")
    assert desktop.session.project.voice.voice == "tone"
    assert desktop.session.project.script.lines[1].voice.voice == "hibari_heart"
    assert desktop.tab.gallery.reveal("hibari_heart").selected


def test_a_voice_without_its_model_says_how_to_get_it(desktop: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(dialog: ModelsDialog) -> int:
        asked.append(dialog.agree.text())
        dialog.refuse.click()
        return QDialog.DialogCode.Rejected

    monkeypatch.setattr(ModelsDialog, "exec", refuse)
    card = desktop.tab.gallery.reveal("af_heart")
    assert "model" in card.play.toolTip()
    desktop.click(card.play)
    assert asked == ["Agree and fetch"]
    desktop.choose("af_heart")
    desktop.paste(sentence())
    desktop.until(desktop.tab.bar.generate.isEnabled)
    desktop.click(desktop.tab.bar.generate)
    assert len(asked) == 2
    assert not desktop.tab.generation.running


@pytest.mark.models
def test_a_model_that_arrives_is_seen_by_the_cards(
    desktop: Desktop, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def agree(dialog: ModelsDialog) -> int:
        shutil.copytree(models_dir / "kokoro", desktop.studio.profile.models / "kokoro")
        shutil.copytree(models_dir / "kokoro-voices", desktop.studio.profile.models / "kokoro-voices")
        dialog.agree.click()
        return dialog.result()

    monkeypatch.setattr(ModelsDialog, "exec", agree)
    card = desktop.tab.gallery.reveal("af_heart")
    desktop.click(card.play)
    desktop.until(lambda: "first sentence" in card.play.toolTip())
    assert desktop.tab.voices.missing("af_heart") == ()


@pytest.mark.long
def test_the_instant_voice_needs_no_download(desktop: Desktop) -> None:
    desktop.choose("hibari_heart")
    desktop.paste(script(2))
    result = desktop.generate()
    assert result["made"] == 2
    assert desktop.tab.result.voiceover.seconds > 2


@pytest.mark.long
@pytest.mark.models
def test_kokoro_speaks_the_script_and_whisper_reads_it_back(
    open_desktop: OpenDesktop, speaking_profile: Profile, whisper: Whisper
) -> None:
    desktop = open_desktop()
    text = f"The {random.choice(('garden', 'market', 'harbour'))} opens at nine.\nPlease bring a warm coat."
    desktop.paste(text)
    desktop.choose("am_michael")
    result = desktop.generate()
    assert result["made"] == 2
    path = desktop.studio.library.get(result["asset"]).path
    assert word_errors(text, whisper(path)) <= 0.1
    take = desktop.session.project.takes[0]
    assert take.voice.voice == "am_michael"


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


@pytest.mark.long
@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_the_tab_speaks_every_language(pseudo: Pseudo, open_desktop: OpenDesktop, size: tuple[int, int]) -> None:
    desktop = open_desktop()
    desktop.window.resize(*size)
    desktop.choose("tone")
    desktop.paste(script(3))
    desktop.generate()
    desktop.go_to(1)
    desktop.type("x")
    desktop.until(lambda: desktop.tab.script.unmade() and desktop.tab.bar.generate.isEnabled())
    desktop.qtbot.wait(0)
    names = {voice.name for voice in desktop.tab.voices.voices} | {voice.accent for voice in desktop.tab.voices.voices}
    data = frozenset(names | {desktop.tab.editor.text()} | {voice.description for voice in desktop.tab.voices.voices})
    assert untranslated(desktop.tab, data) == []
    desktop.until(lambda: cut_off(desktop.tab) == [])
    for dialog in (ExportDialog("Intro", {}, 1, desktop.tab),):
        dialog.show()
        desktop.qtbot.wait(0)
        assert cut_off(dialog) == []
        dialog.close()
        dialog.deleteLater()


def test_tab_leads_through_every_control(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.paste(script(2))
    desktop.generate()
    desktop.tab.editor.setFocus()
    reached: list[QWidget] = []
    for _ in range(80):
        focused = QApplication.focusWidget()
        reached.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    tab = desktop.tab
    result = (tab.result.play, tab.result.loop, tab.save, tab.result.wave)
    settings = (tab.voice.play, tab.voice.speed.slider, tab.voice.pause.slider)
    places = [reached.index(widget) for widget in (tab.editor, tab.bar.preview, *result, *settings, tab.gallery.search)]
    assert places == sorted(places), "Tab goes as the eye does"
    for wanted in (tab.editor, tab.bar.preview, tab.result.play, tab.result.wave, tab.save, tab.gallery.search):
        assert wanted in reached
    assert any(card in reached for card in tab.gallery.grid.cards.values())
    assert all(widget.accessibleName() or getattr(widget, "text", str)() for widget in reached if widget is not None)


@pytest.mark.parametrize(
    ("name", "stem"),
    [("A/B: “test”?", "A B “test”"), ("...", "Voiceover"), ("x" * 300, "x" * 100), ("Ünï 🙂", "Ünï 🙂")],
)
def test_a_project_s_name_becomes_a_file_s_name(name: str, stem: str) -> None:
    assert file_stem(name) == stem


def test_a_project_that_is_closed_while_it_is_made_leaves_nothing_behind(desktop: Desktop) -> None:
    desktop.paste("\n".join(sentence(50) for _ in range(40)))
    desktop.until(desktop.tab.bar.generate.isEnabled)
    desktop.click(desktop.tab.bar.generate)
    desktop.until(lambda: desktop.session.project.takes)
    tab = desktop.tab
    desktop.window.commands.run("project.new")
    assert desktop.session.project.takes == ()
    desktop.until(lambda: desktop.window.tabs.page("speech") is not None)
    assert desktop.tab is not tab
    assert desktop.window.commands.enabled("speech.generate")
    desktop.until(lambda: not desktop.window.jobs.active)
    desktop.qtbot.mouseClick(desktop.tab.editor.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_the_chosen_voice_is_in_sight_when_the_project_is_opened_again(open_desktop: OpenDesktop) -> None:
    first = open_desktop()
    last = shown(first)[-1]
    first.tab.casting.choose(last)
    first.window.close()
    again = open_desktop()
    gallery = again.tab.gallery
    again.until(lambda: last in gallery.grid.cards and not gallery.grid.cards[last].visibleRegion().isEmpty())
    assert gallery.grid.cards[last].selected
