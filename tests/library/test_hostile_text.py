"""Any text is a name, a tag, a folder and a search, and none is a syntax error."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.library import Library, Query, Sort
from tests.library.conftest import found, new, some_file

HOSTILE = [
    *('"', "'", '"intro', "intro OR", "NOT intro", "AND", "NEAR(a b)", "a* b*", "^intro", "words:intro", "(", ")))"),
    *("-intro", "intro; DROP TABLE assets", "%", "_", "\\", "\0", "a\0b", "{intro}", "§shelf", "§binned", "+", "*"),
    *("🎵", "\ud800", "a" * 100_000, "( " * 5000, " a" * 5000, "\u202e", "İ", "ß", "ﬁ"),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[Library]:
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library") as library:
        library.add(some_file(Path(folder) / "f.wav"), new("intro"))
        yield library


@pytest.mark.long
@pytest.mark.parametrize("sort", list(Sort))
def test_no_search_is_an_error(shared: Library, sort: Sort) -> None:
    for text in HOSTILE:
        page = shared.search(Query(text, sort=sort))
        assert page.total >= len(page.assets)
        assert shared.search(Query(tags=(text,), project=f"no {text}", sort=sort)).total == 0


def test_facets_cannot_be_typed(shared: Library) -> None:
    assert found(shared, "§binned") == []
    assert found(shared, "§shelf") == []


@pytest.mark.long
@settings(max_examples=150)
@given(st.text(max_size=60), st.sampled_from(Sort))
def test_no_text_at_all_is_an_error(shared: Library, text: str, sort: Sort) -> None:
    assert shared.search(Query(text, tags=(text,), project="none", sort=sort)).total == 0


@pytest.mark.long
@settings(max_examples=40)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_name_can_be_given_and_found(shared: Library, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asset = shared.add(some_file(Path(folder) / "f.wav"), new(text, tags=(text,), project=text))
    assert asset.path.is_file()
    assert asset.id in {one.id for one in shared.search(Query(text)).assets}
    assert asset.id in {one.id for one in shared.search(Query(project=text)).assets}
    if text.strip():
        assert asset.id in {one.id for one in shared.search(Query(tags=(text,))).assets}
    shared.bin([asset.id])
    shared.empty_bin()


@pytest.mark.long
def test_hostile_names(shared: Library, tmp_path: Path) -> None:
    for text in HOSTILE:
        asset = shared.add(some_file(tmp_path / "f.wav"), new(text, tags=(text,), text=text))
        assert asset.path.parent == shared.media
        shared.rename(asset.id, f"x {text}")
        shared.create_folder(f"x {text}")
    shared.verify()
