"""Own voices lie there whole, whoever is killed, whatever is damaged."""

import contextlib
import json
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from audiostudio.errors import DiskFull, NotFound, RequestError, UnknownVoice, UnreadableMedia
from audiostudio.identity import Identity
from audiostudio.voices.folder import VoiceFolder
from audiostudio.voices.voice import Card
from tests.killing import killed_at
from tests.voices.making import folder_in, keep, record

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])
CODE = str(Path(__file__).parents[2] / "audiostudio" / "voices")
STEP = 29


@pytest.fixture
def folder(tmp_path: Path) -> VoiceFolder:
    return folder_in(tmp_path)


def names(folder: VoiceFolder) -> list[str]:
    return [one.card.name for one in folder.voices()]


def test_a_voice_is_kept_with_its_card_and_seen_by_another_process(folder: VoiceFolder, tmp_path: Path) -> None:
    other = folder_in(tmp_path)
    assert other.voices() == ()
    kept = keep(folder, card=Card("Nina", tags=("calm",), slot="A"))
    [seen] = other.voices()
    assert seen == kept
    assert seen.signer
    assert (other.path(seen.voice.id) / "style.bin").read_bytes() == b"style"
    other.write_card(seen.voice.id, replace(seen.card, name="Nina B."))
    assert names(folder) == ["Nina B."]


def test_a_slot_has_one_voice(folder: VoiceFolder) -> None:
    keep(folder, card=Card("Nina", slot="A"))
    keep(folder, record("mine/otto00000001"), Card("Otto", slot="A"))
    assert {one.card.name: one.card.slot for one in folder.voices()} == {"Nina": "", "Otto": "A"}
    folder.throw_away("mine/otto00000001")
    folder.write_card("mine/nina00000001", Card("Nina", slot="A"))
    folder.bring_back("mine/otto00000001")
    assert {one.card.name: one.card.slot for one in folder.voices()} == {"Nina": "A", "Otto": ""}
    with pytest.raises(RequestError, match="no slot “D”"):
        folder.write_card("mine/nina00000001", Card("Nina", slot="D"))


def test_made_again_it_is_another_revision_and_the_old_one_is_gone(folder: VoiceFolder) -> None:
    first = keep(folder)
    before = folder.path(first.voice.id)
    second = keep(folder, content=b"another style")
    assert (first.voice.revision, second.voice.revision) == (1, 2)
    assert folder.get(first.voice.id).voice == second.voice
    assert (folder.path(first.voice.id) / "style.bin").read_bytes() == b"another style"
    assert not before.exists()


def test_the_bin(folder: VoiceFolder) -> None:
    keep(folder)
    folder.throw_away("mine/nina00000001")
    assert folder.voices() == ()
    assert [one.binned for one in folder.binned()] == [True]
    with pytest.raises(RequestError, match="bin"):
        keep(folder)
    folder.bring_back("mine/nina00000001")
    assert names(folder) == ["Nina"]
    with pytest.raises(NotFound):
        folder.bring_back("mine/nina00000001")
    folder.throw_away("mine/nina00000001")
    assert folder.empty_bin() == 1
    assert folder.empty_bin() == 0
    assert folder.binned() == ()
    assert sorted(one.name for one in folder.folder.iterdir()) == [".changed.lock", "changed"]


@pytest.mark.parametrize("name", ["Stimme Jürgen.bin", ".hidden", "a/b/c/d.bin"])
def test_what_could_not_be_read_again_is_not_kept(folder: VoiceFolder, name: str) -> None:
    with folder.new() as place:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(b"learnt")
        with pytest.raises(RequestError, match="no file called"):
            folder.keep(place, record(), Card("Nina"))
    assert folder.voices() == folder.damaged() == ()


def test_a_picture_lies_beside_the_card(folder: VoiceFolder, tmp_path: Path) -> None:
    keep(folder)
    picture = tmp_path / "nina.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    folder.set_picture("mine/nina00000001", picture)
    first = folder.picture("mine/nina00000001")
    assert first is not None
    assert first.read_bytes() == picture.read_bytes()
    keep(folder, card=folder.get("mine/nina00000001").card, content=b"made again")
    assert folder.picture("mine/nina00000001") == first
    folder.set_picture("mine/nina00000001", None)
    assert folder.picture("mine/nina00000001") is None
    assert not first.exists()
    text = tmp_path / "text.png"
    text.write_text("a picture?")
    with pytest.raises(UnreadableMedia, match=r"text\.png"):
        folder.set_picture("mine/nina00000001", text)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "its record is cut": lambda place: (place / "1/voice.json").write_bytes(b'{"id": '),
    "its record says more": lambda place: changed_record(place / "1/voice.json"),
    "its signature is gone": lambda place: (place / "1/signature.json").unlink(),
    "its signature is no JSON": lambda place: (place / "1/signature.json").write_bytes(b"\x00\xff"),
    "its signature is too deep": lambda place: (place / "1/signature.json").write_bytes(b"[" * 100_000),
    "what it speaks with is gone": lambda place: (place / "1/style.bin").unlink(),
    "a sample is cut": lambda place: (place / "1/samples/1.flac").write_bytes(b"so"),
    "it is another's record": lambda place: place.rename(place.with_name("otto00000001")),
    "it is empty": lambda place: [one.rename(place.parent / one.name) for one in place.iterdir()],
}


def changed_record(path: Path) -> None:
    data = json.loads(path.read_bytes())
    data["consent"]["scope"] = "Everything"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1))


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_voice_is_not_used_and_told(folder: VoiceFolder, kind: str) -> None:
    keep(folder)
    keep(folder, record("mine/whole0000001"), Card("Whole"))
    DAMAGE[kind](folder.folder / "nina00000001")
    folder = VoiceFolder(folder.folder)
    assert names(folder) == ["Whole"]
    [told] = folder.damaged()
    assert "cannot be used" in told.sentence
    assert told.hint
    with pytest.raises(UnknownVoice, match="cannot be used"):
        folder.path(told.id)
    VoiceFolder(folder.folder).throw_away(told.id)


def test_what_it_speaks_with_is_read_before_it_is_given_to_an_engine(folder: VoiceFolder) -> None:
    keep(folder)
    (folder.folder / "nina00000001/1/style.bin").write_bytes(b"STYLE")  # of the same size
    with pytest.raises(UnknownVoice, match=r"style\.bin is missing or has changed"):
        VoiceFolder(folder.folder).path("mine/nina00000001")


def test_a_sample_that_has_changed_is_found_when_all_is_read(folder: VoiceFolder) -> None:
    keep(folder)
    assert folder.verify("mine/nina00000001").fingerprint
    (folder.folder / "nina00000001/1/samples/1.flac").write_bytes(b"SOUND style")
    with pytest.raises(UnknownVoice, match=r"samples/1\.flac"):
        folder.verify("mine/nina00000001")


def test_signed_by_a_made_up_record_without_a_consent_it_is_no_voice(folder: VoiceFolder) -> None:
    voice = record()
    keep(folder, replace(voice, consent=replace(voice.consent, person="")))
    assert folder.voices() == ()
    assert "no consent" in folder.damaged()[0].sentence


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b", ".hidden", "a\\b", "x" * 200])
def test_a_record_that_names_files_elsewhere_is_no_voice(folder: VoiceFolder, name: str) -> None:
    with folder.new() as place:
        (place / "style.bin").write_bytes(b"style")
        folder.keep(place, record(data=((name, "0" * 64),)), Card("Nina"))
    assert folder.voices() == ()
    assert "is not signed" in folder.damaged()[0].sentence


def test_without_its_card_it_goes_by_its_speakers_name_until_it_is_renamed(folder: VoiceFolder) -> None:
    keep(folder)
    (folder.folder / "nina00000001/card.json").write_bytes(b"{}")
    folder = VoiceFolder(folder.folder)
    assert names(folder) == ["Nina Berg"]
    [told] = folder.damaged()
    assert "audiostudio voice rename" in told.hint
    folder.write_card(told.id, Card("Nina"))
    assert (names(folder), folder.damaged()) == (["Nina"], ())


def test_a_key_is_made_once_and_only_its_user_can_read_it(tmp_path: Path) -> None:
    key = Identity(tmp_path).public_key
    assert Identity(tmp_path).public_key == key
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


ACTS: dict[str, Callable[[VoiceFolder], object]] = {
    "made": lambda folder: keep(folder, record("mine/otto00000001"), Card("Otto", slot="A"), b"otto"),
    "made again": lambda folder: keep(folder, content=b"style 2"),
    "thrown away": lambda folder: folder.throw_away("mine/nina00000001"),
    "brought back": lambda folder: folder.bring_back("mine/emma00000001"),
    "bin emptied": lambda folder: folder.empty_bin(),
}


@pytest.mark.long
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "full", [pytest.param(False, id="sampled"), pytest.param(True, id="each", marks=pytest.mark.full)]
)
def test_killed_at_any_line_every_voice_is_whole(tmp_path: Path, act: str, full: bool) -> None:
    step = 0 if full else SEED % STEP
    killed = True
    while killed:
        folder = folder_in(tmp_path / str(step))
        keep(folder, card=Card("Nina", slot="A"))
        keep(folder, record("mine/emma00000001"), Card("Emma"), b"emma")
        folder.throw_away("mine/emma00000001")
        again = VoiceFolder(folder.folder, Identity(folder.folder.parents[1]))
        killed = killed_at(step, partial(ACTS[act], again), CODE)
        check(folder, act)
        step += 1 if full else STEP
    assert step > 20


def check(folder: VoiceFolder, act: str) -> None:
    """Nothing is lost or half there, and what was left in the making goes with the next that is made."""
    after = VoiceFolder(folder.folder, Identity(folder.folder.parents[1]))
    assert after.damaged() == ()
    there = {one.card.name: one for one in (*after.voices(), *after.binned())}
    for one in after.voices():
        after.verify(one.voice.id)
    assert "Nina" in there
    assert ("Emma" in there) or act == "bin emptied"
    assert len([one for one in there.values() if one.card.slot == "A"]) <= 1
    if act == "made again":
        content = (after.path("mine/nina00000001") / "style.bin").read_bytes()
        assert content == (b"style 2" if there["Nina"].voice.revision == 2 else b"style")
    keep(after, record("mine/last00000001"), Card("Last"))
    left = [one.name for one in after.folder.iterdir() if one.name.startswith(".new-")]
    assert left == []
    assert all(
        len([one for one in place.iterdir() if one.is_dir()]) == 1 for place in after.folder.glob("????00000001")
    )
    with contextlib.suppress(NotFound):
        after.bring_back("mine/nina00000001")


def test_what_a_living_process_makes_stays(folder: VoiceFolder) -> None:
    with folder.new() as place:
        (place / "style.bin").write_bytes(b"in the making")
        keep(VoiceFolder(folder.folder, Identity(folder.folder.parents[1])))
        assert (place / "style.bin").read_bytes() == b"in the making"
    assert not place.exists()


def test_two_processes_make_voices_at_once(folder: VoiceFolder) -> None:
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            own = VoiceFolder(folder.folder, Identity(folder.folder.parents[1]))
            for turn in range(3):
                keep(own, record(f"mine/voice000{number}"), Card(f"Voice {number}"), b"%d" % turn)
                keep(own, content=b"shared %d %d" % (number, turn))
            os._exit(0)
        children.append(child)
    assert all(os.waitpid(child, 0)[1] == 0 for child in children)
    assert folder.damaged() == ()
    assert {one.card.name: one.voice.revision for one in folder.voices()} == {
        **{f"Voice {number}": 3 for number in range(4)},
        "Nina": 12,
    }


def test_on_a_full_disk_the_voice_stays_as_it_was(folder: VoiceFolder) -> None:
    keep(folder)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, before[1]))
        with pytest.raises(DiskFull):
            keep(folder, content=b"style 2")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    [kept] = VoiceFolder(folder.folder).voices()
    assert kept.voice.revision == 1
    assert [one for one in folder.folder.iterdir() if one.name.startswith(".new-")] == []
