"""Voice design, sound effects and history: with real controls, judged by what the service got and the library has."""

from pathlib import Path

import pytest

from audiostudio.library import AssetKind
from audiostudio.library.model import Query
from audiostudio.sound.files import read_sound
from audiostudio.ui.cloud.design import DesignPage
from audiostudio.ui.cloud.effects import EffectsPage
from audiostudio.ui.cloud.history import HistoryPage
from audiostudio.ui.library.assets import asset_mime
from tests.engines.elevenlabs_server import BUSY, HTML, refusal
from tests.engines.faulty_server import Answer
from tests.ui.services import VOICE, Agency, agency, answering, connected, server, studio_tabs
from tests.ui.speaking import open_desktop, script, sentence

__all__ = ["agency", "connected", "open_desktop", "server", "studio_tabs"]

DESCRIPTION = "An old sailor with a rough, warm voice who tells stories."


def effects(agency: Agency) -> EffectsPage:
    agency.click(agency.tab.strip.button("effects"))
    page = agency.tab.pages["effects"]
    assert isinstance(page, EffectsPage)
    return page


def history(agency: Agency) -> HistoryPage:
    agency.click(agency.tab.strip.button("history"))
    page = agency.tab.pages["history"]
    assert isinstance(page, HistoryPage)
    return page


@pytest.mark.long
def test_a_voice_is_designed_kept_and_speaks(connected: Agency) -> None:
    connected.click(connected.tab.strip.button("design"))
    page = connected.tab.pages["design"]
    assert isinstance(page, DesignPage)
    connected.desktop.qtbot.keyClicks(page.description, "A sailor")
    assert not page.make.isEnabled()
    assert "8 characters" in page.needs.text()
    connected.desktop.qtbot.keyClicks(page.description, DESCRIPTION[8:])
    assert "1000 credits" in page.cost.text()
    assert connected.server.asked == []
    connected.click(page.make)
    connected.until(lambda: len(page.rows) == 3 and not page.task.busy)
    assert connected.server.asked_for("/text-to-voice/design")[0].body["voice_description"].endswith(DESCRIPTION[8:])
    second = list(page.rows)[1]
    connected.click(page.rows[second].play)
    connected.until(lambda: connected.tab.previews.key == second and connected.tab.listening.playing)
    connected.tab.previews.stop()
    connected.click(page.rows[second])
    assert page.chosen == second
    assert not page.keep.isEnabled()
    connected.desktop.qtbot.keyClicks(page.name, "Captain Ahab")
    connected.click(page.keep)
    connected.until(lambda: connected.tab.shown == "voices")
    kept = next(voice for voice in connected.tab.voices.voices if voice.name == "Captain Ahab")
    assert kept.category == "mine"
    assert connected.server.asked_for("/v1/text-to-voice")[-1].body["generated_voice_id"] == second
    connected.paste(sentence())
    connected.choose(kept.id)
    assert connected.generate()["made"] == 1


def test_a_sound_effect_comes_into_the_library(connected: Agency) -> None:
    page = effects(connected)
    connected.until(lambda: page.empty.isVisible())
    connected.desktop.qtbot.keyClicks(page.text, "A heavy oak door creaks open")
    assert "200 credits" in page.cost.text()
    connected.click(page.free)
    page.seconds.set_value(3.0)
    page.influence.set_value(70)
    assert "120 credits" in page.cost.text()
    connected.click(page.make)
    connected.until(lambda: page.rows)
    asked = connected.server.asked_for("/sound-generation")
    assert [(one.body["duration_seconds"], one.body["prompt_influence"]) for one in asked] == [(3.0, 0.7)]
    (asset,) = connected.desktop.studio.library.search(Query(kinds=(AssetKind.SOUND_EFFECT,)), 0, 10).assets
    sound = read_sound(asset.path)
    assert sound.duration == pytest.approx(3.0, abs=0.1)
    row = page.rows[asset.id]
    assert row.asset is not None
    urls = asset_mime([row.asset]).urls()
    assert [Path(url.toLocalFile()) for url in urls] == [asset.path]
    connected.click(row.play)
    connected.until(lambda: connected.tab.previews.key == asset.id and connected.tab.listening.playing)
    connected.until(lambda: "98680" in connected.tab.head.left.text())


@pytest.mark.long
def test_what_was_made_is_heard_fetched_and_deleted(connected: Agency) -> None:
    text = script(3)
    connected.paste(text)
    connected.choose(VOICE)
    connected.generate()
    page = history(connected)
    connected.until(lambda: len(page.rows) == 3)
    assert [row.name.text() for row in page.rows.values()] == list(reversed(text.split("\n")))
    newest, middle, _ = page.rows
    before = connected.desktop.studio.library.search(Query(), 0, 50).total
    connected.click(page.rows[newest].play)
    connected.until(lambda: connected.tab.previews.key == newest and connected.tab.listening.playing)
    connected.tab.previews.stop()
    assert connected.desktop.studio.library.search(Query(), 0, 50).total == before
    fetch = page.rows[newest].tools.itemAt(0).widget()
    connected.click(fetch)
    connected.until(lambda: any("in the library" in said for said in connected.desktop.toasts()))
    found = connected.desktop.studio.library.search(Query(text=page.rows[newest].name.text()[:8]), 0, 50).assets
    assert any(asset.recipe and asset.recipe.get("item") == newest for asset in found)
    remove = page.rows[middle].tools.itemAt(1).widget()
    with answering(yes=False) as said:
        connected.click(remove)
    assert "cannot be undone" in said[0]
    assert len(connected.server.history) == 3
    with answering(yes=True):
        connected.click(remove)
    connected.until(lambda: middle not in page.rows)
    assert len(connected.server.history) == 2
    page.search.setText(page.rows[newest].name.text())
    connected.until(lambda: list(page.rows) == [newest])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refusal(401, "invalid_api_key", "Invalid API key"), "API key"),
        (refusal(401, "quota_exceeded", "This exceeds your quota. You have 3 credits remaining."), "credits"),
        (refusal(402, "payment_required", "Payment required."), "plan"),
        (refusal(429, "rate_limit", "Too many.", retry_after="0"), "too"),
        (BUSY, "trouble"),
        (HTML, "network"),
        (Answer(200, b"{oh dear"), ""),
    ],
    ids=["401", "quota", "402", "429", "503", "html", "no json"],
)
def test_what_goes_wrong_is_a_sentence_in_its_place(connected: Agency, answer: Answer, said: str) -> None:
    page = effects(connected)
    connected.desktop.qtbot.keyClicks(page.text, "Rain")
    connected.server.fault(answer, times=6, at="/sound-generation")
    connected.click(page.make)
    connected.until(lambda: page.task.error is not None)
    assert said.lower() in page.task.words.text().lower()
    assert page.task.error is not None
    assert page.task.error.hint
    assert page.task.isVisible()
    connected.desktop.qtbot.wait(0)
    assert connected.desktop.toasts() == []
    assert page.make.isEnabled()
    assert connected.desktop.studio.library.search(Query(), 0, 5).total == 0
    connected.server.behave()
    connected.click(page.make)
    connected.until(lambda: page.rows)


def test_what_goes_wrong_elsewhere_is_said_over_the_window(connected: Agency) -> None:
    page = effects(connected)
    connected.desktop.qtbot.keyClicks(page.text, "Rain")
    release = connected.server.release

    def wait(_asked: object, _true: object) -> Answer:
        release.wait(60)
        return refusal(402, "payment_required", "Payment required.")

    connected.server.fault(wait, at="/sound-generation")
    connected.click(page.make)
    connected.until(lambda: connected.server.asked_for("/sound-generation"))
    connected.desktop.window.show_tab("speech")
    release.set()
    connected.until(connected.desktop.toasts)
    (said,) = connected.desktop.toasts()
    assert "plan" in said
    assert page.rows == {}
    assert connected.desktop.studio.library.search(Query(), 0, 5).total == 0


def test_a_question_is_cancelled(connected: Agency) -> None:
    page = effects(connected)
    connected.desktop.qtbot.keyClicks(page.text, "Rain")
    release = connected.server.release

    def wait(_asked: object, true: object) -> Answer:
        release.wait(60)
        return true()  # type: ignore[operator]

    connected.server.fault(wait, at="/sound-generation")
    connected.click(page.make)
    connected.until(lambda: connected.server.asked_for("/sound-generation"))
    assert page.task.busy
    connected.click(page.task.cancel)
    connected.until(lambda: not page.task.busy)
    assert not page.task.isVisible()
    assert page.rows == {}
    assert page.make.isEnabled()
