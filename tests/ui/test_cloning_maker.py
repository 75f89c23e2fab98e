"""Making a voice in the window, from the kind to the result, through its controls."""

from pathlib import Path

from tests.ui.cloning import Booth, booth, open_booth, runner, sound_file, studies

__all__ = ["booth", "open_booth", "runner", "studies"]


def test_from_the_kind_to_the_voice(booth: Booth, tmp_path: Path) -> None:
    page = booth.page
    assert page.step == "kind"
    assert not page.next.isEnabled()
    booth.choose()
    assert page.kind.cards["nearest"].sell.text() == "May be sold"
    assert page.kind.cards["learner"].sell.text() == "May not be sold"
    booth.click(page.next)
    assert page.step == "samples"
    booth.add(*(sound_file(tmp_path / f"{name}.wav", 8.0) for name in ("one", "two", "three")))
    assert [row.verdict.text() for row in page.samples.rows] == ["Good · 86"] * 3
    assert "24 seconds" in page.samples.together.text()
    booth.click(page.next)
    booth.permit()
    booth.click(page.next)
    assert not page.make.make.isEnabled()
    booth.write(page.make.name, "Maya")
    booth.studies.go.set()
    made: list[str] = []
    page.made.connect(made.append)
    booth.click(page.make.make)
    booth.until(lambda: made)
    request = booth.studies.requests("voice.create")[0]
    assert [one["name"] for one in request["samples"]] == ["one.wav", "two.wav", "three.wav"]
    assert request["consent"]["whose"] == "permission"
    assert request["consent"]["person"] == "Maya Lindqvist"
    assert page.result.isVisible()
    assert "not a clone" in page.result.words.text()
    booth.click(page.result.use)
    assert booth.window.project_desk.session.project.voice.voice == made[0]
