"""From the key to a take: the AI Voices tab as a user meets it, with real workers and a service on loopback."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QCheckBox

from audiostudio.sound.files import read_sound
from audiostudio.ui.speech.script import LineState
from audiostudio.ui.speech.words import number
from tests.engines.elevenlabs_server import CLONE, KEY, refusal
from tests.engines.faulty_server import Answer, Asked
from tests.ui.services import VOICE, Agency, agency, answering, connected, server, studio_tabs
from tests.ui.speaking import media, open_desktop, script, sentence

__all__ = ["agency", "connected", "open_desktop", "server", "studio_tabs"]


@pytest.mark.long
def test_from_the_key_to_a_take(agency: Agency) -> None:
    tab = agency.tab
    assert tab.shown == "account"
    assert agency.server.asked == []
    agency.enter_key()
    agency.until(lambda: tab.shown == "voices")
    agency.until(lambda: f"{number(98_800)} credits left" in tab.head.left.text())
    assert tab.connect_page.key.field.text() == ""
    assert "212" in tab.gallery.search.placeholderText()
    text = script(2)
    agency.paste(text)
    assert not tab.paying.line.isVisible()
    agency.choose(VOICE)
    agency.until(tab.paying.line.isVisible)
    sent = sum(len(line) for line in text.split("\n"))
    assert f"{sent} characters" in tab.paying.line.words.text()
    assert agency.spoken == []
    result = agency.generate()
    assert result["made"] == 2
    assert sum(map(len, agency.spoken)) == sent
    project = agency.desktop.session.project
    assert [take.text for take in project.takes] == text.split("\n")
    assert [tab._state_of(number) for number in range(2)] == [LineState.MADE] * 2
    for take in project.takes:
        sound = read_sound(media(agency.desktop, take.asset.path))
        assert sound.samples.shape[1] == take.samples
        assert abs(sound.samples).max() > 0.05
    agency.until(lambda: f"{number(98_800 - sent)} credits left" in tab.head.left.text())
    agency.until(lambda: not tab.paying.line.isVisible())
    assert KEY not in repr(project)


@pytest.mark.long
def test_a_wrong_key_does_not_replace_one_that_works(connected: Agency) -> None:
    tab, keys = connected.tab, connected.desktop.studio.accounts.keys
    voices = len(tab.voices.voices)
    tab.go("account")
    connected.enter_key("sk_" + "0" * 40)
    connected.until(lambda: tab.connect_page.key.task.error is not None)
    connected.until(lambda: keys.get("elevenlabs") == KEY)
    assert tab.shown == "account"
    assert len(tab.voices.voices) == voices
    connected.paste(script(1))
    tab.go("voices")
    connected.choose(VOICE)
    assert connected.generate()["made"] == 1


def test_a_key_that_opens_nothing_is_not_kept(agency: Agency) -> None:
    form = agency.tab.connect_page.key
    wrong = "sk_" + "0" * 40
    agency.enter_key(wrong)
    agency.until(lambda: form.task.error is not None)
    assert "does not accept the API key" in form.task.words.text()
    assert form.field.text() == wrong
    assert agency.tab.shown == "account"
    agency.until(lambda: agency.desktop.studio.accounts.keys.get("elevenlabs") is None)
    agency.connect()
    assert agency.desktop.studio.accounts.keys.get("elevenlabs") == KEY


def test_what_cannot_be_a_key_is_not_sent(agency: Agency) -> None:
    agency.enter_key("two words")
    form = agency.tab.connect_page.key
    agency.until(lambda: form.task.error is not None)
    assert "not an API key" in form.task.words.text()
    assert agency.server.asked == []


def test_too_few_credits_are_said_before_anything_is_sent(agency: Agency) -> None:
    agency.server.used = agency.server.limit - 10
    agency.connect()
    agency.paste(sentence(8))
    agency.choose(VOICE)
    line = agency.tab.paying.line
    agency.until(line.isVisible)
    assert "only 10 are left" in line.words.text()
    assert line.words.property("role") == "warning"
    with answering(yes=False) as said:
        agency.click(agency.tab.bar.generate)
    assert len(said) == 1
    assert "too few credits" in said[0]
    assert not agency.tab.generation.running
    assert agency.server.asked == []


@pytest.mark.long
def test_much_is_asked_about_once(connected: Agency) -> None:
    tab = connected.tab
    tab.connect_page.limit.set_value(0)
    first, second = sentence(5), sentence(6)
    connected.paste(first)
    connected.choose(VOICE)
    connected.until(tab.bar.generate.isEnabled)
    with answering(yes=False) as said:
        connected.click(tab.bar.generate)
    assert len(said) == 1
    assert str(len(first)) in said[0]
    assert connected.spoken == []
    with answering(yes=True) as said:
        assert connected.generate()["made"] == 1
    assert len(said) == 1
    connected.paste("\n" + second)
    with answering(yes=False) as said:
        assert connected.generate()["made"] == 1
    assert said == []


@pytest.mark.long
def test_only_what_the_model_has_is_shown_and_sent(connected: Agency) -> None:
    tab = connected.tab
    text = sentence(6)
    connected.paste(text)
    connected.choose(VOICE)
    connected.click(tab.voice.more)
    controls = tab.voice.options.controls

    def shown() -> set[str]:
        return {name for name, control in controls.items() if control.isVisibleTo(tab.voice)}

    assert {"model", "stability", "similarity", "style", "speaker_boost", "seed"} <= shown()
    assert "emotion" not in shown()
    assert not tab.voice.pitch.isVisibleTo(tab.voice)
    assert isinstance(controls["speaker_boost"], QCheckBox)
    model, emotion, seed = controls["model"], controls["emotion"], controls["seed"]
    model.setCurrentIndex(model.findData("eleven_v3"))
    assert {"emotion", "delivery"} <= shown()
    assert not {"style", "speaker_boost", "stability"} & shown()
    emotion.setCurrentIndex(emotion.findData("excited"))
    seed.setFocus()
    connected.desktop.qtbot.keyClicks(seed, "77")
    seed.editingFinished.emit()
    tag = len("[excited] ")
    connected.until(lambda: f"{len(text) + tag} characters" in tab.paying.line.words.text())
    assert connected.generate()["made"] == 1
    asked = connected.server.asked_for("/text-to-speech/")
    assert [one.body["text"] for one in asked] == [f"[excited] {text}"]
    assert asked[0].body["model_id"] == "eleven_v3"
    assert asked[0].body["seed"] == 77


def test_a_sample_costs_nothing_and_filters_narrow(connected: Agency) -> None:
    tab = connected.tab
    gallery = tab.gallery
    assert len(gallery.grid._places) == 212
    assert all(tab.voices.remote(voice) for voice, _ in gallery.grid._places)
    card = gallery.reveal(VOICE)
    connected.click(card.play)
    connected.until(lambda: card._peaks is not None)
    assert connected.spoken == []
    assert [one.path for one in connected.server.asked] == [f"/samples/{VOICE.split('/')[1]}.mp3"]
    tab.previews.stop()
    category = gallery.facets["category"]
    category.setCurrentIndex(category.findData("mine"))
    assert [voice.id for voice, _ in gallery.grid._places] == [f"elevenlabs/{CLONE}"]
    category.setCurrentIndex(0)
    gallery.search.setText("captivating")
    connected.until(lambda: len(gallery.grid._places) in (0, 1))
    gallery.show_all()
    assert len(gallery.grid._places) == 212


@pytest.mark.models
def test_hearing_ones_own_words_is_asked_about_once(connected: Agency, models_dir: Path) -> None:
    """The other voice is a clone: what it says is marked here."""
    shutil.copytree(models_dir / "perth", connected.desktop.studio.profile.models / "perth")
    tab = connected.tab
    text = sentence(5)
    connected.paste(text)
    connected.choose(VOICE)
    with answering(yes=False) as said:
        connected.click(tab.voice.play)
    assert len(said) == 1
    assert f"{len(text)} credits" in said[0]
    assert connected.spoken == []
    with answering(yes=True) as said:
        connected.click(tab.voice.play)
    assert len(said) == 1
    connected.until(lambda: tab.listening.playing)
    assert connected.spoken == [text]
    tab.previews.stop()
    other = f"elevenlabs/{CLONE}"
    with answering(yes=False) as said:
        connected.click(tab.gallery.reveal(other).play)
    assert said == []
    connected.until(lambda: len(connected.spoken) == 2)


@pytest.mark.long
def test_what_was_made_before_something_went_wrong_is_kept(connected: Agency) -> None:
    first, second = sentence(4), sentence(7)
    connected.paste(f"{first}\n{second}")
    connected.choose(VOICE)
    server = connected.server

    def exhausted(asked: Asked, true: Callable[[], Answer]) -> Answer:
        words = "This request exceeds your quota. You have 3 credits remaining, while 40 are required."
        return refusal(401, "quota_exceeded", words) if asked.body["text"] == second else true()

    server.fault(exhausted, times=2, at="/text-to-speech/")
    connected.generate()
    assert [take.text for take in connected.desktop.session.project.takes] == [first]
    assert any("credits" in said for said in connected.desktop.toasts())
    assert [connected.tab._state_of(number) for number in range(2)] == [LineState.MADE, LineState.FAILED]
    server.behave()
    server.asked.clear()
    assert connected.generate()["made"] == 1
    assert connected.spoken == [second]


@pytest.mark.long
def test_a_long_paste_is_whole_when_another_tab_is_shown(agency: Agency) -> None:
    desktop = agency.desktop
    desktop.window.show_tab("speech")
    text = script(800)
    desktop.paste(text)
    desktop.window.show_tab("cloud")
    assert desktop.session.project.text == text
    agency.tab.editor.moveCursor(QTextCursor.MoveOperation.End)
    desktop.qtbot.keyClicks(agency.tab.editor, " More.")
    assert desktop.session.project.text == f"{text} More."
    desktop.window.show_tab("speech")
    assert desktop.tab.editor.text() == f"{text} More."
    assert desktop.session.project.text == f"{text} More."


def test_every_page_is_there_in_both_tabs(connected: Agency) -> None:
    connected.paste(script(2))
    connected.generate()
    for name in ("cloud", "speech", "cloud"):
        connected.desktop.window.show_tab(name)
        tab = connected.desktop.window.tabs.page(name)
        for key in ("takes", "performance", "cast", "voiceover"):
            tab.deck.go(key)
            connected.desktop.qtbot.wait(0)
            assert tab.deck.page(key).isVisible()


def test_fixing_asks_as_generating_does(connected: Agency) -> None:
    tab = connected.tab
    connected.paste(sentence(6))
    connected.choose(VOICE)
    connected.generate()
    connected.server.asked.clear()
    tab.connect_page.limit.set_value(0)
    with answering(yes=False) as said:
        assert not tab.checking.fix(tab.session.project.script.lines)
    assert len(said) == 1
    assert connected.spoken == []


def test_a_favourite_is_one_in_every_tab(connected: Agency) -> None:
    connected.desktop.studio.library  # noqa: B018 (favourites lie in it)
    card = connected.tab.gallery.reveal(VOICE)
    card.star.click()
    connected.until(lambda: VOICE in connected.desktop.studio.library.favourite_voices())
    connected.desktop.window.show_tab("speech")
    connected.until(lambda: connected.desktop.tab.gallery.reveal(VOICE).star.isChecked())
    assert connected.desktop.studio.library.favourite_voices() == {VOICE}
    connected.desktop.tab.gallery.reveal(VOICE).star.click()
    connected.until(lambda: not connected.desktop.studio.library.favourite_voices())
    connected.desktop.window.show_tab("cloud")
    connected.until(lambda: not connected.tab.gallery.reveal(VOICE).star.isChecked())
    assert connected.server.asked == []


def test_voices_stay_known_offline(connected: Agency) -> None:
    tab = connected.tab
    connected.server.__exit__()
    connected.click(tab.head.refresh)
    connected.until(lambda: tab.head.task.error is not None)
    assert "cannot be reached" in tab.head.task.words.text() or "reach" in tab.head.task.words.text()
    assert len(tab.gallery.grid._places) == 212
    assert "As of" in tab.head.note.text()


@pytest.mark.long
def test_any_line_in_any_tab_may_have_any_voice(connected: Agency) -> None:
    first, second = sentence(4), sentence(7)
    connected.paste(f"{first}\n{second}")
    connected.desktop.window.show_tab("speech")
    tab = connected.desktop.tab
    source = tab.gallery.facets["engine"]
    assert source.isVisibleTo(tab)
    source.setCurrentIndex(source.findData("elevenlabs"))
    connected.desktop.go_to(1)
    tab.voice.scope.choose("line")
    card = tab.gallery.reveal(VOICE)
    connected.click(card)
    project = connected.desktop.session.project
    assert [project.voice_of(line).voice for line in project.script.lines] == ["tone", VOICE]
    connected.until(lambda: f"{len(second)} characters" in tab.paying.line.words.text())
    assert connected.desktop.generate()["made"] == 2
    assert connected.spoken == [second]
    connected.desktop.window.show_tab("cloud")
    assert [connected.tab._state_of(number) for number in range(2)] == [LineState.MADE] * 2
    assert len(connected.desktop.session.project.takes) == 2


def test_a_forgotten_key_takes_its_voices_along(connected: Agency) -> None:
    tab = connected.tab
    connected.click(tab.head.account)
    assert tab.shown == "account"
    with answering(yes=True):
        connected.click(tab.connect_page.key.forget)
    connected.until(lambda: not tab.head.isVisible())
    assert tab.gallery.grid._places == []
    connected.desktop.window.show_tab("speech")
    assert not connected.desktop.tab.gallery.facets["engine"].isVisibleTo(connected.desktop.tab)
    assert connected.desktop.studio.accounts.keys.get("elevenlabs") is None
    assert connected.server.asked == []
