"""Jobs that are run again from the jobs panel lead to what they led to when they were begun elsewhere."""

from dataclasses import replace

import pytest

from audiostudio.jobs import Job, JobState
from audiostudio.timeline import edits
from tests.ui.speaking import Desktop, desktop, open_desktop, sentence

__all__ = ["desktop", "open_desktop"]


@pytest.mark.long
def test_a_cancelled_voiceover_is_run_again_from_the_jobs_panel(desktop: Desktop) -> None:
    desktop.paste("\n".join(sentence(60) for _ in range(30)))
    desktop.until(desktop.tab.bar.generate.isEnabled)
    desktop.click(desktop.tab.bar.generate)
    desktop.until(lambda: desktop.session.project.takes)
    (row,) = desktop.window.jobs_panel.rows.values()
    desktop.window._show_jobs_panel(True)
    desktop.click(row.cancel)
    desktop.until(lambda: not desktop.tab.generation.running)
    assert len(desktop.session.project.takes) < 30
    project = desktop.session.project
    spoken, faster = project.voice_of(project.script.lines[0]), replace(project.voice, speed=1.5)
    desktop.session.edit("Faster", lambda project: edits.set_default_voice(project, faster))
    desktop.click(row.retry)
    assert desktop.tab.generation.running
    assert desktop.tab.bar.cancel.isVisible()
    desktop.until(lambda: not desktop.tab.generation.running)
    takes = desktop.session.project.takes
    assert {take.line for take in takes} == {line.id for line in desktop.session.project.script.lines}
    assert {take.voice for take in takes} == {spoken}, "each take says how it was spoken, whatever was chosen since"


def test_another_project_s_voiceover_does_not_land_in_this_one(desktop: Desktop) -> None:
    desktop.paste(sentence())
    asked = {"line": "x", "pause_after": 0.3, "text": "Elsewhere.", "voice": "tone", "language": "", "speed": 1.0}
    folder = str(desktop.session.path.parent / "Elsewhere")
    request = {"project": "elsewhere", "folder": folder, "name": "Elsewhere", "lines": [{**asked, "pitch": 0.0}]}
    watcher = desktop.window.jobs.submit(Job("speech.generate", request, "Elsewhere", project="elsewhere"))
    assert not desktop.tab.generation.running
    desktop.until(lambda: watcher.done)
    assert watcher.state is JobState.DONE, watcher.outcome
    assert not desktop.session.project.takes
