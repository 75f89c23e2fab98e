"""What each timeline format can carry, and which one suits which editor."""

from dataclasses import dataclass
from typing import NamedTuple

from audiostudio.errors import RequestError

RATE = 48_000
"""Of all collected sound, in Hz: what video editors work at."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of timeline file. What it cannot carry is put into the sound of its media."""

    name: str
    """As the command line says it."""
    title: str
    suffix: str
    framed: bool
    """Everything begins and ends on a whole frame; else on a sample at 48 kHz."""
    levels: bool = False
    """Gain that moves, as keyframes."""
    fades: frozenset[str] = frozenset()
    """The shapes of fades that it knows (`timeline.tracks.Shape`)."""
    crossfades: frozenset[str] = frozenset()
    """The shapes of crossfades that it knows."""
    uneven_crossfades: bool = False
    """A crossfade may lie anywhere over its cut, not only half before and half after, or all on one side."""
    speed: bool = False
    markers: bool = True
    mutes: bool = True
    """What is not heard is there, and switched off; else it is left out."""
    twin_tracks: bool = False
    """Stereo is two tracks of one channel each, so that all media of a track need the same channels."""
    versions: tuple[str, ...] = ()
    """Newest last."""
    version: str = ""
    """Unless another is asked for."""
    hours: int | None = None
    """Its longest timeline."""


_ALL = frozenset({"linear", "equal power", "smooth", "logarithmic"})

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        # OTIO has no gain of its own that an editor would read, and its transitions have no shape.
        Format("otio", "OpenTimelineIO", ".otio", False, crossfades=_ALL, uneven_crossfades=True, speed=True),
        # No speed: Resolve refuses what has it (OpenTimelineIO issue 499).
        Format(
            *("fcp7", "Final Cut Pro 7 XML", ".xml", True),
            levels=True,
            fades=_ALL,
            crossfades=frozenset({"linear", "equal power"}),
            twin_tracks=True,
        ),
        # Resolve 18 refuses versions above 1.10 (auto-editor issue 367). How the other two shapes of Final Cut's fades
        # run is written nowhere.
        Format(
            *("fcpxml", "Final Cut Pro XML", ".fcpxml", True),
            levels=True,
            fades=frozenset({"linear", "smooth"}),
            versions=("1.8", "1.9", "1.10", "1.11", "1.12", "1.13"),
            version="1.10",
        ),
        Format("edl", "CMX 3600 EDL", ".edl", True, mutes=False, hours=24),
        Format("aaf", "AAF", ".aaf", True, markers=False, mutes=False),
    )
}


class Editor(NamedTuple):
    """A program that opens hand-offs."""

    title: str
    format: str
    suffixed_gains: bool = False
    """Gains are written `-3dB`, as Final Cut does itself; Resolve drops those."""
    newest_version: str | None = None
    """Of the format that it is known to open."""


EDITORS: dict[str, Editor] = {
    "resolve": Editor("DaVinci Resolve", "fcpxml", newest_version="1.10"),
    "premiere": Editor("Adobe Premiere Pro", "fcp7"),
    "final-cut": Editor("Final Cut Pro", "fcpxml", suffixed_gains=True),
    "kdenlive": Editor("Kdenlive", "otio"),
    "other": Editor("another editor", "otio"),
}


def allowed(text: str) -> str:
    """A name without the characters that XML, and so most formats, cannot hold: controls, halves of pairs."""
    return "".join(
        c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )


@dataclass(frozen=True, slots=True)
class Options:
    """How a timeline is handed off."""

    format: str
    editor: str = "other"
    version: str = ""
    """Of the format; empty: its usual one."""
    handles: float = 2.0
    """Seconds of the medium before and after what is used, so that cuts can be moved in the editor."""
    whole: bool = False
    """Whole media instead of only what is used."""
    absolute: bool = False
    """Media by their whole path, not relative to the timeline file."""
    captions: tuple[str, ...] = ("srt", "vtt")

    @property
    def kind(self) -> Format:
        return FORMATS[self.format]


def checked(options: Options) -> Options:
    """`options` with its version filled in. Raises `RequestError` for what there is not."""
    if options.format not in FORMATS:
        raise RequestError(f"There is no format “{options.format}”.", f"Choose one of {', '.join(FORMATS)}.")
    if options.editor not in EDITORS:
        raise RequestError(f"No editor “{options.editor}” is known.", f"Choose one of {', '.join(EDITORS)}.")
    kind, editor = FORMATS[options.format], EDITORS[options.editor]
    version = options.version or kind.version
    if version and version not in kind.versions:
        known = f"Choose one of {', '.join(kind.versions)}." if kind.versions else "Leave the version out."
        raise RequestError(f"{kind.title} has no version “{version}” here.", known)
    newest = editor.newest_version if editor.format == options.format else None
    if newest is not None and kind.versions.index(version) > kind.versions.index(newest):
        raise RequestError(
            f"{editor.title} 18 opens {kind.title} up to {newest}, not {version}.", f"Leave it at {newest}."
        )
    if not 0 <= options.handles <= 3600:
        raise RequestError("Handles last between 0 and 3600 seconds.", "Give another number.")
    return Options(
        options.format,
        options.editor,
        version,
        options.handles,
        options.whole,
        options.absolute,
        options.captions,
    )
