"""The lines of a script as they are to stand on the timeline: what `timeline.editing.following` lands.

Cheap to import and plain Python: the window asks while somebody works.
"""

from collections.abc import Mapping

from audiostudio.operations.script import Pronouncing, silence, speakable
from audiostudio.timeline.editing.following import Placed
from audiostudio.timeline.project import LINE_PAUSE, Applying, Project, Take


def placed(
    project: Project,
    takes: Mapping[str, Take] | None = None,
    applying: Applying | None = None,
    *,
    channels: Mapping[str, int] | None = None,
) -> list[Placed]:
    """Every line that has something to say, in order, with its current take. A line that only pauses lengthens the
    pause after the one before, as in a joined voiceover.

    `takes`: `Project.current_takes`, where somebody knows them already; `channels`: those of takes that are not mono,
    by the id of their asset.
    """
    playing = project.current_takes(applying or Pronouncing(project)) if takes is None else takes
    found: list[Placed] = []
    for line in project.script.lines:
        if not speakable(line.text):
            if found:
                found[-1] = found[-1]._replace(pause_after=found[-1].pause_after + silence(line.text))
            continue
        take = playing.get(line.id)
        pause = LINE_PAUSE if line.pause_after is None else line.pause_after
        asset = "" if take is None else take.asset.id
        found.append(
            Placed(line.id, take, line.speaker, line.pause_before, pause, line.slot, (channels or {}).get(asset, 1))
        )
    return found
