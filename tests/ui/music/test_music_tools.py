"""A whole round: music is made, heard, edited, rendered again, put on the timeline, and used by every tool."""

from pathlib import Path

import numpy as np
import pytest

from audiostudio.library.model import AssetKind, AssetSource, MediaInfo, NewAsset
from audiostudio.rights import Rights
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.ui.music.guides import TrackList
from audiostudio.ui.music.plans import plan_of
from audiostudio.ui.music.tools.page import ToolsPage
from tests.ui.music.band import Band, band, open_desktop, profile, studio_tabs, studio_timeline

__all__ = ["band", "open_desktop", "profile", "studio_tabs", "studio_timeline"]


def make(band: Band) -> None:
    making = band.page.making
    before = len(band.page.versions.cards)
    band.until(band.page.compose.make.isEnabled)
    band.click(band.page.compose.make)
    band.until(lambda: not making.busy)
    assert not making.isVisible(), making.words.text()
    band.until(lambda: len(band.page.versions.cards) > before)


def tools(band: Band) -> ToolsPage:
    page = band.tab.pages["tools"]
    assert isinstance(page, ToolsPage)
    return page


def use(band: Band, tool: str) -> int:
    """Run a tool and wait; how many results there are."""
    page = tools(band)
    page.strip.choose(tool)
    before = len(page.results)
    band.click(page.form.run)
    band.until(lambda: not page.making.busy)
    assert not page.making.isVisible(), page.making.words.text()
    if tool != "analyse":
        band.until(lambda: len(page.results) > before)
    return len(page.results)


def samples(path: Path) -> np.ndarray:
    return read_sound(path).samples


@pytest.mark.long
def test_from_words_to_the_timeline_and_through_the_tools(band: Band) -> None:
    band.ask("Chiptune in A minor at 120 bpm, 16 seconds, no drums")
    make(band)
    page, desktop = band.page, band.desktop
    card = next(iter(page.versions.cards.values()))
    assert plan_of(card.asset) == band.plan
    band.until(card.kept.isVisible)
    assert card.asset.kind is AssetKind.MUSIC
    assert card.asset.duration == pytest.approx(16.0, abs=1e-6)
    band.until(lambda: card.wave._levels is not None)

    page.go("score")
    band.until(lambda: page.score.score is not None)
    assert not page.score.state.isVisible()
    assert not page.score.renew.isEnabled()
    band.click(page.score.rows[0].mute)
    assert page.score.state.isVisible()
    assert page.score.rows[0].changed_mark.isVisible()
    assert not page.score.rows[1].changed_mark.isVisible()
    band.click(page.score.renew)
    band.until(lambda: len(page.versions.cards) == 2 and not page.making.busy)
    assert not page.score.state.isVisible()
    newer = next(iter(page.versions.cards.values()))
    old, new = samples(card.asset.path), samples(newer.asset.path)
    assert old.shape == new.shape
    assert not np.allclose(old, new, atol=1e-3)

    page.go("versions")
    band.click(newer.to_timeline)
    band.until(lambda: desktop.session.project.timelines)
    clips = list(desktop.session.project.timelines[0].clips())
    assert [desktop.session.project.medium(clip.media).asset.id for clip in clips] == [newer.asset.id]

    band.tab.use_tool(newer.asset.id)
    track = tools(band).source.track
    band.until(lambda: track.asset is not None and track.asset.id == newer.asset.id)
    use(band, "analyse")
    assert tools(band).facts.values["tempo"].text().startswith("120")
    tools(band).forms["fit"].length.field.chosen.emit(9.0)
    use(band, "fit")
    fitted = desktop.studio.library.search(limit=1).assets[0]
    assert fitted.duration == pytest.approx(9.0, abs=1e-6)
    assert fitted.made_of == (newer.asset.id,)

    tools(band).strip.choose("lyrics")
    band.click(tools(band).form.run)
    assert band.tab.shown == "song"
    song = band.tab.pages["song"]
    band.until(lambda: song.held.asset is not None and song.held.asset.id == newer.asset.id)


def test_a_track_is_chosen_from_the_library_and_a_tool_waits_for_one(band: Band) -> None:
    band.tab.go("tools")
    page = tools(band)
    assert not any(form.run.isEnabled() for form in page.forms.values())
    band.click(page.source.choose)
    band.until(lambda: any("no sounds" in toast for toast in band.desktop.toasts()))
    page.strip.choose("remix")
    assert page.form is page.forms["remix"]
    assert band.tab.work.recall("tool") == "remix"
    assert not band.tab.pieces.isVisible()
    band.tab.go("music")
    assert band.tab.pieces.isVisible()


def track(band: Band, name: str = "Harbour") -> str:
    """Three seconds of a tone in the library; its id."""
    library = band.desktop.studio.library
    file = library.workshop / f"{name}.wav"
    tone = np.sin(np.linspace(0, 2 * np.pi * 660, 3 * 48_000, dtype=np.float32))[None]
    write_sound(file, Sound(tone, 48_000))
    rights = Rights("yours", True)
    new = NewAsset(AssetKind.MUSIC, AssetSource.UPLOADED, name, rights=rights, media=MediaInfo(3.0, 48_000, 1))
    return library.add(file, new).id


def test_a_track_is_taken_from_a_list_and_stems_come_onto_the_timeline_together(band: Band) -> None:
    one, two = track(band), track(band, "Lighthouse")
    band.tab.go("tools")
    page = tools(band)
    band.click(page.source.choose)
    band.until(lambda: page.window().findChildren(TrackList))
    popup = page.window().findChild(TrackList)
    popup.take(popup.item(one))
    band.until(lambda: page.source.asset is not None)
    assert page.source.track.name.text() == "Harbour"
    assert page.form.run.isEnabled()
    assert "3 s" in page.source.track.facts.text()
    page.strip.choose("remix")
    assert not page.form.run.isEnabled()
    band.type(page.form.prompt, "salsa")
    assert page.form.run.isEnabled()
    band.tab.work.desk.errands.timeline_wanted.emit([one, two])
    session = band.desktop.session
    band.until(lambda: session.project.timelines)
    tracks = session.project.timelines[0].tracks
    assert [one.name for one in tracks] == ["Harbour", "Lighthouse"]
    assert [[clip.start for clip in one.clips] for one in tracks] == [[0], [0]]
    band.undo()
    assert not session.project.timelines or not session.project.timelines[0].tracks


def test_another_panel_leads_to_the_tools_with_a_track(band: Band) -> None:
    window, asset = band.desktop.window, track(band)
    window.show_tab("speech")
    window.desk.errands.tools_wanted.emit(asset)
    band.until(lambda: tools(band).source.asset is not None)
    assert window.tabs.current == "music"
    assert tools(band).source.asset.id == asset


def test_results_that_are_no_longer_shown_follow_no_sound(band: Band) -> None:
    """The oldest go when there are many: what plays afterwards must not reach for them."""
    asset = band.desktop.studio.library.get(track(band))
    band.tab.go("tools")
    page = tools(band)
    for _ in range(14):
        page._insert(page._card(asset))
        page._insert(page._fitted(asset, []))
    assert len(page.results) == 12
    band.desktop.qtbot.wait(0)
    band.tab.work.sounds.changed.emit(asset.id, "playing")
    band.tab.work.sounds.moved.emit(asset.id, 1.5)
    cards = page._cards(asset.id)
    assert len(cards) == 6
    assert all(card.wave.position == 1.5 for card in cards)
    page._bin(asset, cards[0])
    band.until(lambda: len(page.results) == 11)
