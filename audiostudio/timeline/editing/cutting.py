"""Words and silences cut out of clips, and the same time out of all that is linked to them."""

from collections.abc import Collection
from itertools import groupby
from operator import itemgetter

from audiostudio.errors import RequestError
from audiostudio.timeline.editing.draft import Draft
from audiostudio.timeline.editing.removing import heard, remove_ranges
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Range
from audiostudio.timeline.transcript import Cut


def make(project: Project, timeline_id: str, cuts: Collection[Cut], *, ripple: bool = True) -> Project:
    """Cut these out of their clips and of the clips of their groups, on whatever tracks those are.

    `ripple`: what comes later on every unlocked track moves up. Cuts of clips that are gone, or that play nothing of
    them any more, are left out; raises `RequestError` when nothing is left to cut, or when a track is locked.
    """
    draft = Draft(project, timeline_id)
    found = _found(draft, cuts)
    if not found:
        raise RequestError("The clips play nothing of what is to go.", "Select those that do.")
    tracks = {clip: tuple(draft.chosen([clip])) for clip in {cut.clip for _, cut in found}}
    found.sort(key=itemgetter(0), reverse=True)  # from the end, so that what is still to be cut stays where it is
    for track_ids, run in groupby(found, key=lambda one: tracks[one[1].clip]):
        now = _found(Draft(project, timeline_id), [cut for _, cut in run])  # a cut before may have taken a part
        project = remove_ranges(project, timeline_id, [span for span, _ in now], track_ids, ripple=ripple)
    return project


def _found(draft: Draft, cuts: Collection[Cut]) -> list[tuple[Range, Cut]]:
    """When what is to go is heard."""
    clips = {clip.id: clip for clip in draft.before.clips()}
    return [
        (span, cut)
        for cut in cuts
        if cut.clip in clips
        for span in heard(clips[cut.clip], draft.medium(clips[cut.clip]), [(cut.first, cut.last)])
    ]
