"""What comes of a timeline is called after its project."""

from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Timeline


def title(project: Project, timeline: Timeline) -> str:
    """The project's name, with the timeline's where there are several."""
    return project.name if len(project.timelines) < 2 else f"{project.name} – {timeline.name}"
