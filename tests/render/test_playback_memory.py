"""What a timeline is mixed into while it plays, without any other process: who mixes and who plays take turns."""

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from audiostudio.render.playback_memory import CHUNK, FADE, SLOTS, Memory, MixedSource
from audiostudio.render.playback_process import AHEAD_SECONDS, Documents, Mixer, Plan, Show
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.schema import decode
from audiostudio.timeline.tracks import Timeline
from tests.render.mixing import RATE, Bench, channel, clip, effect, noise, track


@pytest.fixture
def memory() -> Iterator[Memory]:
    made = Memory()
    yield made
    made.close()


@pytest.fixture
def source(memory: Memory) -> Iterator[MixedSource]:
    made = MixedSource(memory.name)
    yield made
    made.close()


def put(memory: Memory, bank: int, generation: int, value: float, chunks: range) -> None:
    for slot, chunk in enumerate(chunks):
        memory.frames[bank, slot] = value
        memory.marks[bank, slot] = chunk, generation


def mixer_of(bench: Bench, memory: Memory, project: Project) -> Mixer:
    mixer = Mixer(memory, bench.open, lambda _: None)
    memory.sample_rate = project.timelines[0].sample_rate
    mixer.obey(Show(1, Documents().write(project, project.timelines[0])))
    return mixer


def there(memory: Memory, chunk: int) -> bool:
    return memory.newest(chunk)[1] >= 0


def test_states_of_a_document_are_written_whole_and_clips_that_stay_only_once(bench: Bench) -> None:
    media = bench.sound(noise(1, 0.1))
    speech, music = track(clip(media), name="speech"), track(clip(media, 500), clip(media, 9_000), name="music “2”")
    documents = Documents()
    states = [
        (speech, music),
        (replace(speech, channel=channel(effect("eq"), gain=-3.0)), music),
        (replace(music, clips=music.clips[1:]), speech),
        (),
    ]
    written: list[str] = []
    for tracks in states:
        project = bench.project(*tracks)
        found = json.loads(documents.write(project, project.timelines[0]))
        assert decode(Timeline, found["timeline"]) == project.timelines[0]
        assert decode(tuple[Media, ...], found["media"]) == (project.media if tracks else ())
        written.append(documents._clips["speech"][1] if tracks else "")
    assert written[0] is written[1] is written[2]
    assert documents._clips == {}


def test_who_plays_goes_over_to_what_goes_on_and_never_jumps(memory: Memory, source: MixedSource) -> None:
    """The next state of the document has two chunks so far; in the second there must be time to go back, in a fade."""
    memory.length = 20 * CHUNK
    put(memory, 0, 1, 0.25, range(10))
    put(memory, 1, 2, 0.75, range(3, 5))
    heard = np.concatenate([source.read(at, at + 256)[:, 0] for at in range(0, 8 * CHUNK, 256)])
    assert np.abs(np.diff(heard)).max() < 1.1 * 0.5 / FADE
    assert heard[4 * CHUNK - 1] == 0.75
    assert heard[-1] == 0.25


def test_mixing_follows_what_is_cued_not_what_was_just_left(bench: Bench, memory: Memory, source: MixedSource) -> None:
    """Who plays may look at its place once more before it hears of the jump."""
    mixer = mixer_of(bench, memory, bench.project(track(clip(bench.sound(noise(1, 30.0))))))
    mixer.obey(Plan(0, None, 1.0))
    mixer.step()
    source.ready(0, 512)
    mixer.obey(Plan(20 * RATE, None, 1.0))
    source.ready(512, 512)
    for _ in range(3):
        mixer.step()
    assert there(memory, 20 * RATE // CHUNK)
    source.ready(20 * RATE, 512)  # it plays there now …
    mixer.step()
    source.ready(22 * RATE, 512)  # … and on
    while mixer.step():
        pass
    assert there(memory, 24 * RATE // CHUNK)
    mixer.close()


def test_the_first_of_a_place_is_there_after_little_work(bench: Bench, memory: Memory) -> None:
    """So that Play need not wait for a whole block of every track."""
    busy = track(clip(bench.sound(noise(1, 30.0))), channel=channel(effect("eq", bell1_gain=3.0), effect("compressor")))
    mixer = mixer_of(bench, memory, bench.project(busy))
    mixer.obey(Plan(10 * RATE, None, 1.0))
    mixer.step()
    first = 10 * RATE // CHUNK
    assert there(memory, first + 5)
    assert not there(memory, first + 6)
    while mixer.step():
        pass
    assert there(memory, first + round(2.9 * RATE / CHUNK))
    mixer.close()


@pytest.mark.parametrize("rate", [1.0, -1.0])
def test_at_a_high_sample_rate_a_bank_holds_what_is_mixed_ahead(bench: Bench, memory: Memory, rate: float) -> None:
    assert AHEAD_SECONDS * 96_000 > SLOTS * CHUNK
    media = bench.sound(noise(1, 12.0), 96_000)
    mixer = mixer_of(bench, memory, bench.project(track(clip(media)), sample_rate=96_000))
    for at in (300_000, 500_000, 100_000):
        mixer.obey(Plan(at, None, rate))
        while mixer.step():
            pass
        assert there(memory, at // CHUNK)
        assert there(memory, at // CHUNK + round(rate) * 60)
    mixer.close()


def test_a_state_that_is_not_heard_yet_is_not_thrown_away_for_the_next(
    bench: Bench, memory: Memory, source: MixedSource
) -> None:
    """While a fader is moved all the time, each state would be the next one's victim, until nothing is left to play."""
    media = bench.sound(noise(1, 60.0))
    projects = [bench.project(track(clip(media), channel=channel(gain=-float(number)))) for number in range(3)]
    mixer = mixer_of(bench, memory, projects[0])
    mixer.obey(Plan(0, None, 1.0))
    while mixer.step():
        pass

    def show(generation: int, project: Project) -> None:
        mixer.obey(Show(generation, Documents().write(project, project.timelines[0])))
        for _ in range(30):
            source.ready(0, 512)  # it plays, and has not come any further
            mixer.step()

    source.read(0, 512)
    show(2, projects[1])
    show(3, projects[2])
    assert set(memory.marks[:, :, 1].flat) - {-1} == {1, 2}
    for at in range(0, RATE, 512):
        source.ready(at, 512)
        source.read(at, at + 512)
    show(3, projects[2])
    assert set(memory.marks[:, :, 1].flat) - {-1} == {2, 3}
    mixer.close()
