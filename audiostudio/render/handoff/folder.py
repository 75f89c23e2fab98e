"""A timeline handed off into a folder, for the first time or again.

    Intro.fcpxml                    what the editor opens (EDL: one for each track)
    Intro (fcpxml) media/           its sound
    Intro.srt, Intro.vtt            captions
    Intro (fcpxml) report.txt       what was done, and what the format could not carry
    Intro (fcpxml) report.json      the same, and what the next export needs to know

Files that are not ours are never written over, and nothing is deleted.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import opentimelineio as otio

from audiostudio.errors import MissingMedia, StorageError, StudioError
from audiostudio.files import new_file, replace_file, storage_errors
from audiostudio.render.handoff import edl, readback
from audiostudio.render.handoff.aaf import write_aaf
from audiostudio.render.handoff.captions import caption_words
from audiostudio.render.handoff.cuts import Lane, Piece, Plan
from audiostudio.render.handoff.fcp7 import fcp7
from audiostudio.render.handoff.fcpxml import fcpxml
from audiostudio.render.handoff.formats import Options, checked
from audiostudio.render.handoff.media import Mixer, SealOf, collect
from audiostudio.render.handoff.otio import timeline_to_otio
from audiostudio.render.handoff.places import Places
from audiostudio.render.handoff.plan import plan
from audiostudio.render.handoff.report import Earlier, Kept, Report, read_report, write_begun, write_report
from audiostudio.script.captions import CAPTION_WRITERS, cues
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.schema import encode
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.titles import title
from audiostudio.timeline.tracks import Timeline, Track

FileName = Callable[[str, str, int], str]
"""(readable name, suffix with its dot, number) → a name that every system accepts."""
FileKey = Callable[[str], str]
"""The same for two names that some system takes for one."""


@dataclass(frozen=True, slots=True)
class HandOff:
    """What hands timelines off."""

    source: Callable[[Media], Path | None]
    """Where a medium's file is; None: it is gone."""
    mix: Mixer
    file_name: FileName
    file_key: FileKey
    seal: SealOf | None = None
    """What each finished file of sound is given to before it appears."""

    def run(
        self, project: Project, timeline: Timeline, options: Options, folder: Path
    ) -> Generator[float, None, Report]:
        """Gives the share that is done. Closed before its end, it leaves whole files or none.

        Raises `RequestError` (the format cannot hold the timeline), `DiskFull`, `ReadOnly`, `UnreadableMedia`,
        `MissingMedia`, other `StorageError`s.
        """
        options = checked(options)
        stem, earlier = self._stem(project, timeline, options, folder)
        places = Places(
            folder / f"{stem}{options.kind.suffix}", folder / f"{stem} ({options.format}) media", options.absolute
        )
        sources = {media.id: self.source(media) for media in _played(project, timeline)}
        found = self._planned(project, timeline, options, sources, earlier, places)
        files = self._targets(places, found)
        texts = _texts(found, places, files)  # whatever a format refuses is said before anything is written
        media = _Media(found, earlier, places.media)
        begun = {path.name: earlier.files.get(path.name, Kept.to_be(path.name)) for path in files}
        note = self._report(folder, stem, options)
        write_begun(found, note, earlier.files | begun, earlier.media | media.begun())
        try:
            yield from media.write(sources, self.mix, self.seal)
        except (StudioError, GeneratorExit):
            with contextlib.suppress(StorageError):  # what went wrong before matters more
                write_begun(found, note, earlier.files | begun, earlier.media | media.begun() | media.kept())
            raise
        captions = _captions(found, folder, stem)
        aside = [*media.put_aside, *_put_all_aside([*files, *captions], earlier)]
        for path, data in (texts | captions).items():
            replace_file(path, data)
        if found.options.format == "aaf":
            with new_file(places.timeline) as half:
                write_aaf(found, places, half)
        report = Report(
            found,
            tuple(files),
            places.media,
            tuple(captions),
            tuple(readback.differences(found, files)),
            readback.READER,
            tuple(media.new),
            tuple(media.changed),
            tuple(media.same),
            media.unused,
            tuple(aside),
            tuple(media.clipped),
        )
        with storage_errors(folder):
            ours = {path.name: Kept.of(path) for path in (*files, *captions)}
            kept = earlier.media | media.kept()
        write_report(report, note, earlier.files | ours, kept)
        return report

    def _planned(
        self,
        project: Project,
        timeline: Timeline,
        options: Options,
        sources: Mapping[str, Path | None],
        earlier: Earlier,
        places: Places,
    ) -> Plan:
        """With what an earlier export has of media that are away now."""
        names = _Names(self.file_name, self.file_key, earlier, places.media)

        def planned(kept: Collection[str]) -> Plan:
            def obtainable(media: Media, key: str) -> bool:
                return sources[media.id] is not None or key in kept

            return plan(project, timeline, options, obtainable, names.of)

        found = planned(())
        there = [piece.key for piece in found.pieces if piece.missing and _is_kept(piece, earlier, places.media)]
        return planned(there) if there else found

    def _stem(self, project: Project, timeline: Timeline, options: Options, folder: Path) -> tuple[str, Earlier]:
        """What the files are called: as before where this timeline was handed off here, else as nobody's file is."""
        wished = title(project, timeline)
        for number in range(1, 10_000):
            stem = self.file_name(wished, "", number)
            report = self._report(folder, stem, options)
            if report.with_name(f"{report.name}.json").exists():
                earlier = read_report(report, project.id, timeline.id)
                if earlier is not None:
                    return stem, earlier
                continue
            with storage_errors(folder):
                taken = [folder / f"{stem}{options.kind.suffix}", folder / f"{stem} ({options.format}) media"]
                if not any(path.exists() for path in taken):
                    return stem, Earlier({}, {})
        raise StudioError(f"{folder} holds too many hand-offs called {wished}.", "Choose another folder.")

    @staticmethod
    def _report(folder: Path, stem: str, options: Options) -> Path:
        return folder / f"{stem} ({options.format}) report"

    def _targets(self, places: Places, found: Plan) -> list[Path]:
        if found.options.format != "edl":
            return [places.timeline]
        lanes = [lane for lane in found.lanes if lane.cuts]
        if len(lanes) < 2:
            return [places.timeline]
        taken: set[str] = set()
        files = []
        for lane in lanes:
            number = 1
            title = f"{places.timeline.stem} – {lane.track.name}"
            while self.file_key(name := self.file_name(title, ".edl", number)) in taken:
                number += 1
            taken.add(self.file_key(name))
            files.append(places.timeline.with_name(name))
        return files


class _Media:
    """The media of one export: what is new, what changed, what stays."""

    def __init__(self, found: Plan, earlier: Earlier, folder: Path) -> None:
        self._folder = folder
        self._earlier = earlier
        self._there = [piece for piece in found.pieces if not piece.missing]
        self._signatures = {piece.key: _signature(piece) for piece in self._there}
        self._written: set[str] = set()
        """The keys of what is as it has to be."""
        self.new: list[str] = []
        self.changed: list[str] = []
        self.same: list[str] = []
        self.put_aside: list[str] = []
        self.clipped: list[str] = []
        used = {piece.key for piece in found.pieces}
        self.unused = tuple([one.name for key, one in earlier.media.items() if key not in used])

    def write(self, sources: Mapping[str, Path | None], mix: Mixer, seal: SealOf | None) -> Iterator[float]:
        """What is not there as it has to be; gives the share that is done."""
        todo = []
        for piece in self._there:
            before = self._earlier.media.get(piece.key)
            path = self._folder / piece.name
            if _is_kept(piece, self._earlier, self._folder):
                self.same.append(piece.name)
                self._written.add(piece.key)
                continue
            self.put_aside += _put_aside(path, before)
            (self.new if before is None or before.begun else self.changed).append(piece.name)
            todo.append(piece)
        total, done = sum(piece.length for piece in todo), 0

        def source(piece: Piece) -> Path:
            path = sources[piece.media.id]
            if path is None:
                raise MissingMedia(f"{piece.media.asset.path} is not there.", "Relink it.")
            return path

        for event in collect(todo, self._folder, source, mix, seal):
            if isinstance(event, int):
                done += event
            else:
                self._written.add(event.piece.key)
                self.clipped += [event.piece.name] if event.clipped else []
            yield min(1.0, done / total)

    def begun(self) -> dict[str, Kept]:
        """Media that were never here, under the names that they will have."""
        return {one.key: Kept.to_be(one.name) for one in self._there if one.key not in self._earlier.media}

    def kept(self) -> dict[str, Kept]:
        """What is whole so far."""
        done = [one for one in self._there if one.key in self._written]
        return {one.key: Kept.of(self._folder / one.name, self._signatures[one.key]) for one in done}


class _Names:
    """The names of media: as before for what was there before, else readable and nobody else's."""

    def __init__(self, file_name: FileName, file_key: FileKey, earlier: Earlier, folder: Path) -> None:
        self._file_name, self._file_key = file_name, file_key
        self._known = {key: one.name for key, one in earlier.media.items()}
        with storage_errors(folder):
            there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        self._taken = {file_key(name) for name in (*self._known.values(), *there)}

    def of(self, key: str, name: str) -> str:
        if key not in self._known:
            number = 1
            while self._file_key(wished := self._file_name(name, ".wav", number)) in self._taken:
                number += 1
            self._known[key] = wished
            self._taken.add(self._file_key(wished))
        return self._known[key]


def _played(project: Project, timeline: Timeline) -> list[Media]:
    ids = {clip.media for clip in timeline.clips()}
    return [media for media in project.media if media.id in ids]


def _captions(found: Plan, folder: Path, stem: str) -> dict[Path, bytes]:
    words = caption_words(found.project, found.timeline)
    shown = cues(words, found.timeline.end / TICKS) if words else []
    kinds = found.options.captions if shown else ()
    return {folder / f"{stem}.{kind}": CAPTION_WRITERS[kind](shown).encode("utf-8", "replace") for kind in kinds}


def _put_all_aside(paths: Iterable[Path], earlier: Earlier) -> list[str]:
    return [name for path in paths for name in _put_aside(path, earlier.files.get(path.name))]


def _put_aside(path: Path, before: Kept | None) -> list[str]:
    """Give a file that is not as we wrote it another name; the names that were given."""
    with storage_errors(path):
        if not path.exists() or (before is not None and (before.begun or before.is_as_written(path))):
            return []
        number = 1
        while (other := path.with_name(f"{path.stem} (changed {number}){path.suffix}")).exists():
            number += 1
        path.rename(other)
        return [other.name]


def _is_kept(piece: Piece, earlier: Earlier, folder: Path) -> bool:
    """Whether the export before left exactly this: then it stays, also where its medium is gone."""
    before = earlier.media.get(piece.key)
    return before is not None and before.is_as_written(folder / piece.name) and before.signature == _signature(piece)


def _signature(piece: Piece) -> str:
    made = {
        "media": piece.media.asset.content_hash,
        "first": piece.first,
        "length": piece.length,
        "channels": piece.channels,
        "bake": None if piece.bake is None else encode(piece.bake),
    }
    return hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()


def _texts(found: Plan, places: Places, files: Sequence[Path]) -> dict[Path, bytes]:
    """What is written into the timeline's files; an AAF is no text."""
    match found.options.format:
        case "edl":
            lanes = [lane for lane in found.lanes if lane.cuts] or [Lane(Track("", ""), (), (), True)]
            pairs = enumerate(zip(lanes, files, strict=True))
            return {
                path: edl.edl(found, lane, number == 0).encode("utf-8", "replace") for number, (lane, path) in pairs
            }
        case "fcp7":
            return {places.timeline: fcp7(found, places)}
        case "fcpxml":
            return {places.timeline: fcpxml(found, places)}
        case "otio":
            made = timeline_to_otio(found, places)
            return {places.timeline: otio.adapters.write_to_string(made, adapter_name="otio_json").encode()}
    return {}
