"""A plan as Final Cut Pro 7 XML, which Premiere, Resolve and many others open.

Written here, not by OpenTimelineIO's adapter: that has no gains, no stereo and nothing of the picture's format,
without which Resolve shows no timeline (OpenTimelineIO issue 839).
"""

import itertools
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree as ET

from audiostudio.errors import RequestError
from audiostudio.render.handoff import levels
from audiostudio.render.handoff.cuts import Cut, Joint, Lane, Plan
from audiostudio.render.handoff.formats import RATE, allowed
from audiostudio.render.handoff.places import Places
from audiostudio.timeline.tracks import Marker, Point, Shape

_LOUDEST = 3.98107
"""As an amplitude: 12 dB, the most that the format knows."""
_SIZE = ("1920", "1080")


def fcp7(plan: Plan, places: Places) -> bytes:
    """Raises `RequestError` for a frame rate that it cannot say."""
    return _Writer(plan, places).document()


class _Writer:
    def __init__(self, plan: Plan, places: Places) -> None:
        self._plan = plan
        self._places = places
        exact = Fraction(*plan.frame_rate)
        self._timebase = round(exact)
        self._ntsc = exact == Fraction(self._timebase * 1000, 1001)
        if not self._ntsc and exact != self._timebase:
            raise RequestError(
                f"Final Cut Pro 7 XML has no frame rate of {float(exact):g}.", "Choose another rate or format."
            )
        self._files: dict[str, str] = {}
        """The ids of media that were described, by their names."""
        self._numbers = itertools.count(1)

    def document(self) -> bytes:
        root = ET.Element("xmeml", version="4")
        sequence = ET.SubElement(root, "sequence", id="sequence-1")
        _text(sequence, "name", self._plan.name)
        _text(sequence, "duration", str(self._plan.end))
        self._rate(sequence)
        self._timecode(sequence)
        media = ET.SubElement(sequence, "media")
        video = ET.SubElement(media, "video")
        self._picture_format(video)
        ET.SubElement(video, "track")
        audio = ET.SubElement(media, "audio")
        _text(audio, "numOutputChannels", "2")
        self._sound_format(ET.SubElement(audio, "format"))
        self._outputs(audio)
        for lane in self._plan.lanes:
            self._tracks(audio, lane)
        for marker in self._plan.markers:
            self._marker(sequence, marker)
        return xml_document(root, "xmeml")

    def _rate(self, parent: ET.Element) -> None:
        rate = ET.SubElement(parent, "rate")
        _text(rate, "timebase", str(self._timebase))
        _text(rate, "ntsc", "TRUE" if self._ntsc else "FALSE")

    def _timecode(self, parent: ET.Element) -> None:
        timecode = ET.SubElement(parent, "timecode")
        self._rate(timecode)
        dropped = self._ntsc and self._timebase in (30, 60)
        _text(timecode, "string", "00;00;00;00" if dropped else "00:00:00:00")
        _text(timecode, "frame", "0")
        _text(timecode, "displayformat", "DF" if dropped else "NDF")

    def _picture_format(self, video: ET.Element) -> None:
        about = ET.SubElement(ET.SubElement(video, "format"), "samplecharacteristics")
        self._rate(about)
        _text(about, "width", _SIZE[0])
        _text(about, "height", _SIZE[1])
        _text(about, "anamorphic", "FALSE")
        _text(about, "pixelaspectratio", "square")
        _text(about, "fielddominance", "none")

    def _sound_format(self, parent: ET.Element) -> None:
        about = ET.SubElement(parent, "samplecharacteristics")
        _text(about, "depth", "24")
        _text(about, "samplerate", str(RATE))

    def _outputs(self, audio: ET.Element) -> None:
        outputs = ET.SubElement(audio, "outputs")
        for index in (1, 2):
            group = ET.SubElement(outputs, "group")
            _text(group, "index", str(index))
            _text(group, "numchannels", "1")
            _text(group, "downmix", "0")
            _text(ET.SubElement(group, "channel"), "index", str(index))

    def _tracks(self, audio: ET.Element, lane: Lane) -> None:
        """A stereo track is one track for each channel, whose clips are linked."""
        channels = lane.channels
        ids = [[f"clipitem-{next(self._numbers)}" for _ in range(channels)] for _ in lane.cuts]
        first = len(audio.findall("track")) + 1
        for channel in range(channels):
            track = ET.SubElement(
                audio,
                "track",
                currentExplodedTrackIndex=str(channel),
                totalExplodedTrackCount=str(channels),
                premiereTrackType="Mono" if channels == 1 else "Stereo",
            )
            for number, cut in enumerate(lane.cuts):
                self._clip(track, lane, number, cut, ids[number], channel, first)
                joint = lane.joint_after(number)
                if joint is not None:
                    self._joint(track, lane, joint)
            _text(track, "enabled", "TRUE" if lane.audible else "FALSE")
            _text(track, "locked", "FALSE")
            _text(track, "outputchannelindex", str(channel + 1))

    def _clip(
        self, track: ET.Element, lane: Lane, number: int, cut: Cut, ids: list[str], channel: int, first: int
    ) -> None:
        before, after = lane.joint_after(number - 1), lane.joint_after(number)
        item = ET.SubElement(track, "clipitem", id=ids[channel])
        item.set("premiereChannelType", "mono" if len(ids) == 1 else "stereo")
        _text(item, "name", cut.name)
        _text(item, "enabled", "TRUE" if cut.enabled else "FALSE")
        _text(item, "duration", str(self._plan.grid.units(cut.piece.length)))
        self._rate(item)
        _text(item, "start", "-1" if before else str(cut.start))
        _text(item, "end", "-1" if after else str(cut.end))
        _text(item, "in", str(cut.source_start - (before.before if before else 0)))
        _text(item, "out", str(cut.source_start + cut.duration + (after.after if after else 0)))
        self._file(item, cut)
        source = ET.SubElement(item, "sourcetrack")
        _text(source, "mediatype", "audio")
        _text(source, "trackindex", str(channel + 1))
        self._level(item, cut)
        for index, one in enumerate(ids if len(ids) > 1 else ()):
            link = ET.SubElement(item, "link")
            _text(link, "linkclipref", one)
            _text(link, "mediatype", "audio")
            _text(link, "trackindex", str(first + index))
            _text(link, "clipindex", str(number + 1))
            _text(link, "groupindex", "1")

    def _file(self, item: ET.Element, cut: Cut) -> None:
        piece = cut.piece
        known = piece.name in self._files
        file = ET.SubElement(item, "file", id=self._files.setdefault(piece.name, f"file-{len(self._files) + 1}"))
        if known:
            return
        _text(file, "name", piece.name)
        if not piece.missing:
            _text(file, "pathurl", self._places.url(piece.name))
        self._rate(file)
        _text(file, "duration", str(self._plan.grid.units(piece.length)))
        self._timecode(file)
        audio = ET.SubElement(ET.SubElement(file, "media"), "audio")
        self._sound_format(audio)
        _text(audio, "channelcount", str(piece.channels))

    def _level(self, item: ET.Element, cut: Cut) -> None:
        line = levels.with_fades(cut.line, cut.fade_in, cut.fade_out, cut.clip.duration)
        if line == (Point(0, 0.0),):
            return
        effect = ET.SubElement(ET.SubElement(item, "filter"), "effect")
        _text(effect, "name", "Audio Levels")
        _text(effect, "effectid", "audiolevels")
        _text(effect, "effectcategory", "audiolevels")
        _text(effect, "effecttype", "audiolevels")
        _text(effect, "mediatype", "audio")
        parameter = ET.SubElement(effect, "parameter", authoringApp="PremierePro")
        _text(parameter, "parameterid", "level")
        _text(parameter, "name", "Level")
        _text(parameter, "valuemin", "0")
        _text(parameter, "valuemax", f"{_LOUDEST}")
        _text(parameter, "value", _amplitude(line[0].value))
        for frame, value in self._keyframes(cut, line):
            keyframe = ET.SubElement(parameter, "keyframe")
            _text(keyframe, "when", str(frame))
            _text(keyframe, "value", _amplitude(value))

    def _keyframes(self, cut: Cut, line: tuple[Point, ...]) -> Iterator[tuple[int, float]]:
        """(frame of the medium, dB), one for a frame: of several the first, but at the end the last."""
        grid = self._plan.grid
        found: dict[int, float] = {}
        for at, value in levels.finely(line) if len(line) > 1 else ():
            frame = max(0, min(cut.duration, grid.at(cut.clip.start + at) - cut.start))
            found.setdefault(cut.source_start + frame, value)
        if found:
            found[max(found)] = line[-1].value
        yield from found.items()

    def _joint(self, track: ET.Element, lane: Lane, joint: Joint) -> None:
        cut = lane.cuts[joint.left].end
        item = ET.SubElement(track, "transitionitem")
        _text(item, "start", str(cut - joint.before))
        _text(item, "end", str(cut + joint.after))
        _text(item, "alignment", "start" if not joint.before else "end" if not joint.after else "center")
        self._rate(item)
        effect = ET.SubElement(item, "effect")
        power = joint.shape == Shape.EQUAL_POWER
        _text(effect, "name", "Cross Fade (+3dB)" if power else "Cross Fade ( 0dB)")
        _text(effect, "effectid", "KGAudioTransCrossFade3dB" if power else "KGAudioTransCrossFade0dB")
        _text(effect, "effecttype", "transition")
        _text(effect, "mediatype", "audio")
        _text(effect, "wipecode", "0")
        _text(effect, "startratio", "0")
        _text(effect, "endratio", "1")
        _text(effect, "reverse", "FALSE")

    def _marker(self, sequence: ET.Element, one: Marker) -> None:
        grid = self._plan.grid
        marker = ET.SubElement(sequence, "marker")
        _text(marker, "comment", one.note)
        _text(marker, "name", one.name)
        _text(marker, "in", str(grid.at(one.at)))
        _text(marker, "out", str(grid.at(one.at + one.duration)) if one.duration else "-1")
        red, green, blue = _RGB.get((one.colour or "").lower(), (0, 204, 0))
        colour = ET.SubElement(marker, "color")
        for name, value in (("alpha", 0), ("red", red), ("green", green), ("blue", blue)):
            _text(colour, name, str(value))


_RGB = {
    "red": (226, 60, 60),
    "orange": (240, 140, 40),
    "yellow": (235, 210, 50),
    "green": (0, 204, 0),
    "teal": (40, 190, 190),
    "cyan": (40, 190, 230),
    "blue": (60, 110, 230),
    "purple": (150, 90, 220),
    "violet": (150, 90, 220),
    "pink": (235, 110, 170),
    "magenta": (220, 60, 200),
}


def _amplitude(decibels: float) -> str:
    """0…3.98; silence is 0."""
    value = 0.0 if decibels <= levels.QUIETEST else 10 ** (decibels / 20)
    return f"{min(_LOUDEST, value):.5f}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = allowed(text)


def xml_document(root: ET.Element, kind: str) -> bytes:
    """The whole file, indented."""
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {kind}>\n'.encode() + body
