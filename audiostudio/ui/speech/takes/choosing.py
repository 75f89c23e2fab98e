"""Which take a line plays, and what happens to the lines behind it when another one is longer or shorter."""

from audiostudio.timeline import edits
from audiostudio.timeline.project import LINE_PAUSE, Project, Take
from audiostudio.ui.speech.line_menu import use_take

RATE = 48_000


def chosen(project: Project, take: Take, before: float | None) -> Project:
    """Let the line play `take`. `before`: the length of the take that it played, when what comes behind is to stay
    where it is as long as there is room; None: it moves."""
    project = use_take(project, take)
    line = project.line(take.line)
    if before is None or line is project.script.lines[-1]:
        return project
    pause = LINE_PAUSE if line.pause_after is None else line.pause_after
    kept = max(0, round((pause + before - take.seconds) * RATE)) / RATE
    if round(kept * RATE) == round(pause * RATE):
        return project
    usual = round(kept * RATE) == round(LINE_PAUSE * RATE)
    return edits.set_pause(project, line.id, None if usual else kept)
