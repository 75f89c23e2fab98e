"""Whatever is done to own voices, by two who look at the same folder, they agree with a simple account of it."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from audiostudio.errors import StudioError
from audiostudio.voices.voice import OWN, SLOTS, Card
from tests.voices.making import folder_in, keep, record

IDS = st.sampled_from([f"{OWN}voice00{number}" for number in range(3)])
CARDS = st.builds(
    Card,
    st.text(min_size=1, max_size=12),
    st.text(max_size=12),
    st.lists(st.text(max_size=5), max_size=3).map(tuple),
    st.sampled_from(["", *SLOTS]),
)


class Folders(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.folders = [folder_in(Path(self.place.name)) for _ in range(2)]
        self.here: dict[str, tuple[Card, int]] = {}
        self.binned: dict[str, tuple[Card, int]] = {}

    def teardown(self) -> None:
        self.place.cleanup()

    @rule(who=st.integers(0, 1), identity=IDS, card=CARDS)
    def made(self, who: int, identity: str, card: Card) -> None:
        done = attempt(lambda: keep(self.folders[who], record(identity), card, identity.encode()))
        assert done == (identity not in self.binned and clean(card).name != "")
        if done:
            revision = self.here.get(identity, (card, 0))[1] + 1
            self.takes_slot(identity, card)
            self.here[identity] = clean(card), revision

    @rule(who=st.integers(0, 1), identity=IDS, card=CARDS)
    def written_on(self, who: int, identity: str, card: Card) -> None:
        assert attempt(lambda: self.folders[who].write_card(identity, card)) == (
            identity in self.here and clean(card).name != ""
        )
        if identity in self.here and clean(card).name:
            self.takes_slot(identity, card)
            self.here[identity] = clean(card), self.here[identity][1]

    @rule(who=st.integers(0, 1), identity=IDS)
    def thrown_away(self, who: int, identity: str) -> None:
        assert attempt(lambda: self.folders[who].throw_away(identity)) == (identity in self.here)
        if identity in self.here:
            self.binned[identity] = self.here.pop(identity)

    @rule(who=st.integers(0, 1), identity=IDS)
    def brought_back(self, who: int, identity: str) -> None:
        assert attempt(lambda: self.folders[who].bring_back(identity)) == (identity in self.binned)
        if identity in self.binned:
            card, revision = self.binned.pop(identity)
            if card.slot in {one.slot for one, _ in self.here.values()}:
                card = replace(card, slot="")
            self.here[identity] = card, revision

    @precondition(lambda self: self.binned)
    @rule(who=st.integers(0, 1))
    def bin_emptied(self, who: int) -> None:
        assert self.folders[who].empty_bin() == len(self.binned)
        self.binned.clear()

    @invariant()
    def both_agree(self) -> None:
        for folder in self.folders:
            assert {one.voice.id: (one.card, one.voice.revision) for one in folder.voices()} == self.here
            assert {one.voice.id: (one.card, one.voice.revision) for one in folder.binned()} == self.binned
            assert folder.damaged() == ()
            for identity in self.here:
                assert (folder.path(identity) / "style.bin").read_bytes() == identity.encode()

    def takes_slot(self, identity: str, card: Card) -> None:
        for other, (known, revision) in self.here.items():
            if card.slot and known.slot == card.slot and other != identity:
                self.here[other] = replace(known, slot=""), revision


def attempt(act: Callable[[], object]) -> bool:
    try:
        act()
    except StudioError:
        return False
    return True


def clean(card: Card) -> Card:
    """Half characters become question marks in a file, and control characters are left out."""

    def text(one: str, kept: str = "\n\t") -> str:
        hidden = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *map(chr, range(0x202A, 0x202F))}
        hidden |= set(map(chr, range(0x2066, 0x206A)))
        return "".join(
            letter for letter in one.encode(errors="replace").decode() if letter in kept or letter not in hidden
        )

    return replace(card, name=text(card.name, ""), description=text(card.description), tags=tuple(map(text, card.tags)))


TestFolders = Folders.TestCase
TestFolders.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)
