"""What a user does with the library, on a real database and real files."""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from audiostudio.errors import MissingMedia, NotFound, RequestError, UnreadableMedia
from audiostudio.library import AssetKind, AssetSource, Library, MediaInfo, NewAsset, Query, Sort, recipe_key
from audiostudio.library.model import Preset
from audiostudio.rights import Rights
from tests.library.conftest import found, new, some_file

FREE = Rights("Apache-2.0", True, "Kokoro by hexgrad")
FORBIDDEN = Rights("CC-BY-NC-4.0", False, "MusicGen by Meta")


def test_an_added_file_is_the_librarys_under_a_readable_name(library: Library, tmp_path: Path) -> None:
    file = some_file(tmp_path / "x7f.WAV", b"sound")
    asset = library.add(file, new("Product intro – Emma", media=MediaInfo(1.5, 48_000, 2)))
    assert not file.exists()
    assert asset.path.read_bytes() == b"sound"
    assert asset.path.parent == library.media
    assert asset.path.name == f"{asset.created.astimezone():%Y-%m-%d} Product intro – Emma.wav"
    assert (asset.size, asset.format, asset.duration, asset.channels) == (5, "wav", 1.5, 2)
    assert library.get(asset.id) == asset
    assert library.search().assets == (asset,)


def test_a_copied_file_stays_where_it_was(library: Library, tmp_path: Path) -> None:
    file = some_file(tmp_path / "mine.wav")
    asset = library.add(file, new(), move=False)
    assert file.read_bytes() == asset.path.read_bytes()
    assert not file.samefile(asset.path)


def test_a_link_is_followed(library: Library, tmp_path: Path) -> None:
    file = some_file(tmp_path / "real.wav", b"real")
    link = tmp_path / "link.wav"
    link.symlink_to(file)
    asset = library.add(link, new())
    assert asset.path.read_bytes() == b"real"
    assert not asset.path.is_symlink()


def test_the_workshop_is_swept_of_what_was_left_behind(library: Library) -> None:
    old, fresh = some_file(library.workshop / "old.wav"), some_file(library.workshop / "fresh.wav")
    left = library.workshop / "left by a killed process"
    left.mkdir()
    some_file(left / "stem.wav")
    os.utime(old, (0, 0))
    os.utime(left, (0, 0))
    Library.open(library.folder).close()
    assert list(library.workshop.iterdir()) == [fresh]
    assert library.add(fresh, new()).path.exists()


def test_equal_names_get_numbers_and_overwrite_nothing(library: Library, tmp_path: Path) -> None:
    assets = [library.add(some_file(tmp_path / "f.wav", bytes([n + 1])), new("Take")) for n in range(30)]
    assert len({asset.path for asset in assets}) == 30
    assert [asset.path.read_bytes() for asset in assets] == [bytes([n + 1]) for n in range(30)]
    assert assets[1].path.name.endswith("Take (2).wav")
    assert assets[29].path.name.endswith("Take (30).wav")


def test_names_that_differ_in_case_only_do_not_meet_on_other_systems(library: Library, tmp_path: Path) -> None:
    names = ["Straße", "STRASSE", "é", "e\u0301"]
    files = [library.add(some_file(tmp_path / "f.wav"), new(name)).path.name.casefold() for name in names]
    assert len(set(files)) == len(files)


def test_a_file_of_a_stranger_is_never_overwritten(library: Library, tmp_path: Path) -> None:
    first = library.add(some_file(tmp_path / "f.wav"), new("Intro"))
    stranger = some_file(first.path.with_name(first.path.name.replace("Intro", "Outro")), b"precious")
    added = library.add(some_file(tmp_path / "g.wav", b"mine"), new("Outro"))
    assert stranger.read_bytes() == b"precious"
    assert added.path.read_bytes() == b"mine"


@pytest.mark.parametrize("content", [None, b""])
def test_nothing_cannot_be_added(library: Library, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "f.wav"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(MissingMedia if content is None else UnreadableMedia):
        library.add(file, new())
    assert library.search().total == 0


def test_a_file_whose_name_is_no_text(library: Library, tmp_path: Path) -> None:
    file = some_file(tmp_path / os.fsdecode(b"caf\xe9.wav"))
    copied = library.add(file, new(file.stem), move=False)
    moved = library.add(file, new(""))
    assert (copied.name, moved.name) == ("caf?", "caf?")
    assert copied.path.is_file()
    assert moved.path.is_file()


def test_an_add_that_cannot_be_leaves_the_file_alone(library: Library, tmp_path: Path) -> None:
    file = some_file(tmp_path / "f.wav")
    for wrong in (new(folder=7), new(made_of=("nobody",))):
        with pytest.raises(NotFound):
            library.add(file, wrong)
    assert file.exists()
    assert list(library.media.iterdir()) == []


def test_rename_takes_the_file_along(library: Library, tmp_path: Path) -> None:
    asset = library.add(some_file(tmp_path / "f.wav", b"sound"), new("Intro"))
    renamed = library.rename(asset.id, "  Opening:\nscene 1/2  ")
    assert renamed.name == "Opening: scene 1/2"
    assert renamed.path.name.endswith("Opening scene 1 2.wav")
    assert renamed.path.read_bytes() == b"sound"
    assert not asset.path.exists()
    assert found(library, "opening") == ["Opening: scene 1/2"]
    assert found(library, "intro") == []
    assert library.undo() == "Rename “Intro”"
    assert library.get(asset.id).path == asset.path
    assert asset.path.read_bytes() == b"sound"
    with pytest.raises(RequestError):
        library.rename(asset.id, " \n")


def test_rename_to_another_case_and_to_itself(library: Library, tmp_path: Path) -> None:
    asset = library.add(some_file(tmp_path / "f.wav"), new("intro"))
    assert library.rename(asset.id, "INTRO").path.name.endswith(" INTRO.wav")
    assert library.rename(asset.id, "INTRO").path.exists()
    assert len(list(library.media.iterdir())) == 1


def test_a_renamed_asset_without_its_file_keeps_the_files_name(library: Library, tmp_path: Path) -> None:
    asset = library.add(some_file(tmp_path / "f.wav"), new("Intro"))
    asset.path.unlink()
    assert library.rename(asset.id, "Outro").path == asset.path
    assert found(library, "outro") == ["Outro"]


def test_search_finds_names_tags_and_texts_by_the_beginnings_of_words(library: Library, tmp_path: Path) -> None:
    add = lambda name, **facts: library.add(some_file(tmp_path / "f.wav"), new(name, **facts))  # noqa: E731
    add("Product intro – Émma", text="Welcome to the Größe show", tags=("Promo 2026",))
    add("日本語のテスト", text="東京タワーへようこそ")
    add("हिन्दी में स्वागत है")
    add("🎵 party", text="rock'n'roll")
    for text in ("prod", "EMMA", "émm", "welcome show", "grösse", "promo", "2026 intro"):
        assert found(library, text) == ["Product intro – Émma"], text
    for text in ("日本", "語", "テスト", "タワー", "東京", "ようこそ"):
        assert found(library, text) == ["日本語のテスト"], text
    assert found(library, "स्वा") == ["हिन्दी में स्वागत है"]
    assert found(library, "🎵") == found(library, "rock roll") == ["🎵 party"]
    for text in ("duct", "本日", "welcome party", "🎶"):
        assert found(library, text) == [], text
    assert len(found(library, " – ")) == 4


@pytest.mark.long
def test_filters_and_sorts(library: Library, tmp_path: Path) -> None:
    chance = random.Random(3)
    kinds, sources = list(AssetKind), list(AssetSource)
    folder, other = library.create_folder("Show"), library.create_folder("Other")
    inner = library.create_folder("Part", folder.id)
    tags = [("red",), ("Red", "blue"), ()]
    for number in range(60):
        asset = library.add(
            some_file(tmp_path / "f.wav", b"x" * chance.randint(1, 5000)),
            NewAsset(
                *(chance.choice(kinds), chance.choice(sources), f"Line {number}"),
                media=MediaInfo(chance.choice([None, chance.uniform(0, 60)])),
                tags=tags[number % 3],
                folder=chance.choice([None, folder.id, inner.id, other.id]),
                project=chance.choice([None, "p-1", "p 2/ä"]),
                take_only=number % 7 == 0,
            ),
        )
        if number % 5 == 0:
            library.set_favourite(asset.id, True)
    every = library.search(Query(include_takes=True, descending=False)).assets
    assert [asset.name for asset in every] == [f"Line {number}" for number in range(60)]
    shelf = [asset for asset in every if not asset.take_only]
    checks = [
        (Query(), lambda _: True),
        (Query(kinds=(AssetKind.MUSIC, AssetKind.FILM)), lambda a: a.kind in ("music", "film")),
        (Query(sources=(AssetSource.AI_VOICE,)), lambda a: a.source == "ai_voice"),
        (Query(folder=folder.id), lambda a: a.folder in (folder.id, inner.id)),
        (Query(tags=("RED",)), lambda a: "red" in a.tags or "Red" in a.tags),
        (Query(tags=("red", "blue")), lambda a: "blue" in a.tags),
        (Query(favourite=True), lambda a: a.favourite),
        (Query(favourite=False), lambda a: not a.favourite),
        (Query(project="p 2/ä"), lambda a: a.project == "p 2/ä"),
        (Query(missing=True), lambda _: False),
        (Query("line", kinds=(AssetKind.SONG,), favourite=False), lambda a: a.kind == "song" and not a.favourite),
    ]
    for query, holds in checks:
        page = library.search(query)
        assert {asset.id for asset in page.assets} == {asset.id for asset in shelf if holds(asset)}, query
        assert page.total == len(page.assets)
    for sort, key in ((Sort.SIZE, lambda a: a.size), (Sort.DURATION, lambda a: a.duration or -1)):
        for down in (False, True):
            keys = [key(asset) for asset in library.search(Query(sort=sort, descending=down)).assets]
            assert keys == sorted(keys, reverse=down)
    names = [asset.name for asset in library.search(Query(sort=Sort.NAME, descending=False)).assets]
    assert names == [asset.name for asset in shelf]
    with pytest.raises(NotFound):
        library.search(Query(folder=99))


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_hold_everything_once(library: Library, tmp_path: Path, sort: Sort) -> None:
    for number in range(25):
        library.add(some_file(tmp_path / "f.wav"), new(f"{'Intro' if number % 2 else 'My intro'} {number % 4}"))
    query = Query("intro", sort=sort)
    pages = [library.search(query, offset, 7) for offset in range(0, 28, 7)]
    assert {page.total for page in pages} == {25}
    assert [len(page.assets) for page in pages] == [7, 7, 7, 4]
    assert len({asset.id for page in pages for asset in page.assets}) == 25
    if sort is Sort.RELEVANCE:
        begins = [asset.name.startswith("Intro") for page in pages for asset in page.assets]
        assert begins == sorted(begins, reverse=True)


def test_the_bin(library: Library, tmp_path: Path) -> None:
    keep, drop = (library.add(some_file(tmp_path / "f.wav"), new(name)) for name in ("Keep", "Drop"))
    library.bin([drop.id])
    assert found(library) == ["Keep"]
    assert found(library, binned=True) == ["Drop"]
    assert library.get(drop.id).binned
    assert drop.path.exists()
    library.restore([drop.id])
    assert found(library) == ["Drop", "Keep"]
    library.bin([drop.id])
    assert library.purge([keep.id]) == 0
    assert library.empty_bin() == 1
    assert not drop.path.exists()
    assert keep.path.exists()
    with pytest.raises(NotFound):
        library.get(drop.id)
    assert found(library, binned=True) == []
    library.verify()


def test_undo_takes_back_step_by_step_and_says_what(library: Library, tmp_path: Path) -> None:
    one, two = (library.add(some_file(tmp_path / "f.wav"), new(name, tags=("old",))) for name in ("One", "Two"))
    folder = library.create_folder("Show")
    library.set_tags(one.id, ["new", "NEW", " two  words "])
    library.set_favourite(one.id, True)
    library.move([one.id, two.id], folder.id)
    library.bin([one.id, two.id])
    library.remove_folder(folder.id)
    assert library.get(one.id).tags == ("new", "two words")
    labels = []
    while library.undo_label is not None:
        labels.append(library.undo_label)
        assert library.undo() == labels[-1]
    assert labels == [
        "Remove folder “Show”",
        "Bin 2 items",
        "Move 2 items",
        "Favourite “One”",
        "Tag “One”",
        "New folder “Show”",
    ]
    assert library.undo() is None
    for before, after in ((one, library.get(one.id)), (two, library.get(two.id))):
        assert (after.tags, after.favourite, after.folder, after.binned) == (before.tags, False, None, False)
    assert library.folders() == ()
    library.verify()


def test_undo_leaves_out_what_is_gone(library: Library, tmp_path: Path) -> None:
    asset = library.add(some_file(tmp_path / "f.wav"), new("One"))
    library.rename(asset.id, "Two")
    library.bin([asset.id])
    library.empty_bin()
    assert library.undo() == "Bin “Two”"
    assert library.undo() == "Rename “One”"


def test_folders(library: Library, tmp_path: Path) -> None:
    show = library.create_folder(" Show ")
    part = library.create_folder("Part", show.id)
    deep = library.create_folder("Deep", part.id)
    top = library.create_folder("Deep")
    asset = library.add(some_file(tmp_path / "f.wav"), new(folder=part.id))
    assert [folder.name for folder in library.folders()] == ["Deep", "Show", "Part", "Deep"]
    with pytest.raises(RequestError):
        library.create_folder("Show")
    with pytest.raises(RequestError):
        library.rename_folder(part.id, " ")
    with pytest.raises(RequestError):
        library.move_folder(show.id, deep.id)
    with pytest.raises(RequestError):
        library.move_folder(deep.id, None)
    with pytest.raises(NotFound):
        library.create_folder("X", 99)
    assert found(library, folder=show.id) == ["A name"]
    library.remove_folder(part.id)
    assert library.get(asset.id).folder == show.id
    assert {(folder.name, folder.parent) for folder in library.folders()} == {
        ("Deep", None),
        ("Show", None),
        ("Deep", show.id),
    }
    assert found(library, folder=show.id) == ["A name"]
    assert library.undo() == "Remove folder “Part”"
    assert library.get(asset.id).folder == part.id
    assert {folder.id: folder.parent for folder in library.folders()} == {
        **{show.id: None, top.id: None},
        **{part.id: show.id, deep.id: part.id},
    }
    library.rename_folder(part.id, "Chapter")
    library.move_folder(part.id, top.id)
    assert found(library, folder=top.id) == ["A name"]
    assert library.undo() == "Move folder “Chapter”"
    assert library.undo() == "Rename folder “Part”"
    assert found(library, folder=show.id) == ["A name"]
    library.verify()


def test_rights_are_inherited(library: Library, tmp_path: Path) -> None:
    voice = library.add(some_file(tmp_path / "f.wav"), new("Voice", rights=FREE))
    music = library.add(some_file(tmp_path / "f.wav"), new("Music", rights=FORBIDDEN))
    mine = new("Mix", rights=Rights("yours", True), made_of=(voice.id, music.id))
    mix = library.add(some_file(tmp_path / "f.wav"), mine)
    film = library.add(some_file(tmp_path / "f.mp4"), new("Film", made_of=(mix.id,)))
    assert mix.rights.commercial is film.rights.commercial is False
    assert film.rights.licence == "yours AND Apache-2.0 AND CC-BY-NC-4.0"
    assert film.rights.credit == "Kokoro by hexgrad\nMusicGen by Meta"
    assert set(mix.made_of) == {voice.id, music.id}
    assert library.add(some_file(tmp_path / "f.wav"), new()).rights.commercial is None


def test_the_same_recipe_need_not_be_made_again(library: Library, tmp_path: Path) -> None:
    recipe = {"engine": "kokoro", "text": "Hello – “wörld”", "speed": 1.25, "voice": {"id": "af_heart"}}
    key = recipe_key(dict(reversed(recipe.items())))
    assert library.find_by_recipe(key) is None
    first, second = (library.add(some_file(tmp_path / "f.wav"), new(recipe=recipe)) for _ in range(2))
    assert second.recipe == recipe
    assert library.find_by_recipe(key) == second
    second.path.unlink()
    assert library.find_by_recipe(key) == first
    library.bin([first.id])
    assert library.find_by_recipe(key) is None


def test_takes_are_listed_with_their_line_only(library: Library, tmp_path: Path) -> None:
    assets = [library.add(some_file(tmp_path / "f.wav"), new(f"Line {n}", take_only=True)) for n in range(3)]
    words = [{"text": "Hello", "start": 0, "end": 24_000}]
    first = library.add_take("project", "line-1", assets[0].id, words)
    second = library.add_take("project", "line-1", assets[1].id)
    third = library.add_take("project", "line-1", assets[2].id, chosen=False)
    library.add_take("project", "line-2", assets[0].id)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [(take.number, take.chosen) for take in library.takes("project", "line-1")] == [
        *((1, False), (2, True), (3, False)),
    ]
    assert library.takes("project", "line-1")[0].words == words
    assert library.choose_take("project", "line-1", 3).chosen
    assert [take.chosen for take in library.takes("project", "line-1")] == [False, False, True]
    assert library.undo() == "Choose take"
    assert [take.chosen for take in library.takes("project", "line-1")] == [False, True, False]
    assert library.search().total == 0
    assert library.search(Query(include_takes=True)).total == 3
    library.show_take(assets[0].id)
    assert library.search().total == 1
    library.bin([assets[1].id])
    assert [take.number for take in library.takes("project", "line-1")] == [1, 3]
    library.empty_bin()
    assert library.add_take("project", "line-1", assets[0].id).number == 4
    with pytest.raises(NotFound):
        library.choose_take("project", "line-1", 2)
    with pytest.raises(NotFound):
        library.add_take("project", "line-1", "nobody")


def test_a_take_number_is_never_given_twice(library: Library, tmp_path: Path) -> None:
    asset = library.add(some_file(tmp_path / "f.wav"), new())
    assert library.add_take("p", "l", asset.id).number == 1
    last = library.add(some_file(tmp_path / "f.wav"), new())
    assert library.add_take("p", "l", last.id).number == 2
    library.bin([last.id])
    library.empty_bin()
    assert library.add_take("p", "l", asset.id).number == 3


def test_projects_voices_and_presets(library: Library, tmp_path: Path) -> None:
    library.index_project("p1", "First", tmp_path / "first.json")
    library.index_project("p2", "Second", tmp_path / "second.json")
    library.index_project("p1", "First again", tmp_path / "first.json")
    assert [(project.id, project.name) for project in library.recent_projects()] == [
        *(("p1", "First again"), ("p2", "Second")),
    ]
    library.forget_project("p1")
    assert [project.id for project in library.recent_projects()] == ["p2"]
    library.set_favourite_voice("af_heart", True)
    library.set_favourite_voice("am_adam", True)
    library.set_favourite_voice("am_adam", False)
    assert library.favourite_voices() == {"af_heart"}
    library.save_preset(Preset("Calm", "speech", {"speed": 0.9}))
    library.save_preset(Preset("Calm", "speech", {"speed": 0.8}))
    assert library.presets("speech") == (Preset("Calm", "speech", {"speed": 0.8}),)
    assert library.presets("music") == ()
    library.remove_preset("speech", "Calm")
    with pytest.raises(NotFound):
        library.remove_preset("speech", "Calm")


def test_music_is_found_by_genre_mood_key_tempo_and_terms(library: Library, tmp_path: Path) -> None:
    pieces: tuple[tuple[str, dict[str, Any], bool | None], ...] = (
        ("Tide", {"genre": "ambient", "mood": "calm", "key": "A minor", "bpm": 71.6}, True),
        ("Riot", {"genre": "rock", "mood": "aggressive", "key": "E minor", "bpm": 148.0}, False),
        ("Heard", {"analysis": {"bpm": 148.4, "key": "A minor"}}, None),
        ("Odd", {"genre": 3, "bpm": "fast", "analysis": []}, None),
    )
    for name, detail, sold in pieces:
        music = NewAsset(AssetKind.MUSIC, AssetSource.COMPOSED, name, Rights("x", sold), detail=detail)
        library.add(some_file(tmp_path / "m.wav"), music)
    assert found(library, genres=("Ambient",)) == ["Tide"]
    assert found(library, moods=("calm", "aggressive")) == ["Riot", "Tide"]
    assert found(library, keys=("A minor",)) == ["Heard", "Tide"]
    assert found(library, bpm=(72, 147.9)) == ["Tide"]
    assert found(library, bpm=(148, 999)) == ["Heard", "Riot"]
    assert found(library, bpm=(80, 70)) == []
    assert found(library, keys=("A minor",), bpm=(140, 150)) == ["Heard"]
    assert found(library, commercial=True) == ["Tide"]
    assert found(library, commercial=False) == ["Riot"]
    assert library.music_facts() == {
        "genre": {"3": 1, "ambient": 1, "rock": 1},
        "mood": {"aggressive": 1, "calm": 1},
        "key": {"A minor": 2, "E minor": 1},
    }
    tide = library.search(Query("tide")).assets[0]
    library.update_detail(tide.id, {"genre": "lo-fi"})
    assert found(library, genres=("ambient",)) == []
    assert found(library, genres=("lo-fi",)) == ["Tide"]
    library.set_tags(tide.id, ["new"])
    assert found(library, genres=("lo-fi",), tags=("new",)) == ["Tide"]


def test_details_that_several_change_are_all_kept(library: Library, tmp_path: Path) -> None:
    asset = library.add(some_file(tmp_path / "f.wav"), new(detail={"genre": "rock", "cover": {"title": "Riot"}}))
    with ThreadPoolExecutor(4) as others:
        list(others.map(lambda number: library.update_detail(asset.id, {f"fact {number}": number}), range(20)))
    kept = library.update_detail(asset.id, {"genre": None, "bpm": 120}).detail
    assert kept == {f"fact {number}": number for number in range(20)} | {"cover": {"title": "Riot"}, "bpm": 120}
    assert library.get(asset.id).detail == kept


def test_tags_and_counts(library: Library, tmp_path: Path) -> None:
    add = lambda **facts: library.add(some_file(tmp_path / "f.wav"), new(**facts))  # noqa: E731
    add(tags=("Promo", "été"))
    add(tags=("promo",))
    binned = add(tags=("Gone",))
    add(take_only=True)
    library.add(some_file(tmp_path / "f.wav"), NewAsset(AssetKind.MUSIC, AssetSource.AI_MUSIC, "Tune"))
    library.bin([binned.id])
    assert library.tags() == {"Promo": 2, "été": 1}
    assert library.counts() == {AssetKind.VOICEOVER: 2, AssetKind.MUSIC: 1}


def test_version_moves_with_changes_of_others_and_only_then(library: Library, tmp_path: Path) -> None:
    before = library.version()
    library.search()
    assert library.version() == before
    asset = library.add(some_file(tmp_path / "f.wav"), new())
    own = library.version()
    assert own != before
    with Library.open(library.folder) as other:
        assert other.version() == own
        other.rename(asset.id, "Other")
        assert library.version() == other.version() != own
