"""Libraries of every earlier version open, and a migration that fails changes nothing."""

import gzip
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy.exc
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from audiostudio.errors import ReadOnly
from audiostudio.jobs.job import JobState
from audiostudio.library import AssetKind, Library, Preset, Query, database, recipe_key
from audiostudio.library.jobs import LibraryJobStore
from audiostudio.library.schema import Base
from tests.library.conftest import found, new, some_file
from tests.library.make_baseline import BASELINES

VERSIONS = sorted(BASELINES.glob("*.db.gz"))


def unpack(baseline: Path, folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "library.db").write_bytes(gzip.decompress(baseline.read_bytes()))
    return folder


def shape(folder: Path) -> set[tuple[str, str, str]]:
    with sqlite3.connect(folder / "library.db") as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    connection.close()
    return {(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows}


def test_there_is_a_library_of_this_version() -> None:
    assert VERSIONS[-1].name == f"{database.HEAD}.db.gz"


@pytest.mark.parametrize("baseline", VERSIONS, ids=lambda path: path.name)
def test_a_library_of_every_version_opens(tmp_path: Path, baseline: Path) -> None:
    folder = unpack(baseline, tmp_path / "old")
    with Library.open(folder) as library:
        library.verify()
        assert found(library) == ["Film 🎬", "Theme", "Product intro – Emma"]
        assert found(library, "welcome") == ["Product intro – Emma"]
        assert found(library, "theme", tags=("ete",)) == ["Theme"]
        assert found(library, binned=True) == ["Old"]
        assert found(library, favourite=True) == ["Product intro – Emma"]
        assert found(library, folder=library.folders()[0].id) == ["Theme"]
        film = library.search(Query("🎬")).assets[0]
        assert {library.get(source).name for source in film.made_of} == {"Product intro – Emma", "Theme"}
        assert film.rights.licence == "Apache-2.0"
        assert film.media.sample_rate == 48_000
        assert film.recipe == {"engine": "kokoro", "text": "Film 🎬"}
        take = library.takes("project", "line-1")[0]
        assert take.chosen
        assert take.words == [{"text": "Hello", "start": 0, "end": 24_000}]
        assert library.recent_projects()[0].name == "My project"
        assert library.favourite_voices() == {"af_heart"}
        assert library.presets("speech") == (Preset("Calm", "speech", {"speed": 0.9}),)
        assert LibraryJobStore(library).get("job").state is JobState.QUEUED
        assert library.counts()[AssetKind.MUSIC] == 1
        library.add(some_file(tmp_path / "f.wav"), new("Newest"))
        assert library.find_by_recipe(recipe_key({"engine": "none"})) is None
        assert found(library)[0] == "Newest"
    Library.open(tmp_path / "fresh").close()
    assert shape(folder) == shape(tmp_path / "fresh")


def test_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [database.HEAD]
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_the_scripts_make_what_the_program_uses(library: Library) -> None:
    shadow = {"search", "search_data", "search_idx", "search_config", "search_docsize", "search_content"}

    def is_ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name not in shadow

    with library.database.read() as session:
        options = {"include_name": is_ours, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(session.connection(), opts=options)
        differences = compare_metadata(context, Base.metadata)
    kinds = {"add_table", "remove_table", "add_column", "remove_column", "modify_nullable"}
    found_kinds = [one for one in differences if isinstance(one, list) or one[0] in kinds]
    assert found_kinds == []


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The scripts with one more, whose body the test writes."""
    scripts = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(database, "MIGRATIONS", scripts)
    monkeypatch.setattr(database, "HEAD", "9000")
    return scripts / "versions" / "v9000_next.py"


def script(body: str) -> str:
    return (
        f'"""Next."""\nfrom alembic import op\nrevision, down_revision = "9000", {VERSIONS[-1].name[:4]!r}\n'
        f"branch_labels = depends_on = None\ndef upgrade():\n    {body}\n"
    )


def test_a_migration_keeps_everything_and_a_copy_of_what_was(tmp_path: Path, next_version: Path) -> None:
    folder = unpack(VERSIONS[-1], tmp_path / "old")
    next_version.write_text(script('op.execute("ALTER TABLE presets ADD COLUMN colour VARCHAR")'))
    with Library.open(folder) as library:
        assert len(found(library)) == 3
    copies = list(folder.glob("library-*-before-9000.db"))
    assert len(copies) == 1
    with sqlite3.connect(copies[0]) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (VERSIONS[-1].name[:4],)
    connection.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, next_version: Path) -> None:
    folder = unpack(VERSIONS[-1], tmp_path / "old")
    before = shape(folder)
    next_version.write_text(script('op.execute("DROP TABLE presets"); op.execute("SELECT nothing FROM nowhere")'))
    with pytest.raises(sqlalchemy.exc.OperationalError):
        Library.open(folder)
    assert shape(folder) == before


def test_an_old_library_that_can_only_be_read_says_so(
    tmp_path: Path, next_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = unpack(VERSIONS[-1], tmp_path / "old")
    next_version.write_text(script("pass"))
    monkeypatch.setattr(database, "_writable", lambda _: False)
    with pytest.raises(ReadOnly):
        Library.open(folder)


def test_alembic_is_imported_only_when_it_is_needed(library: Library) -> None:
    code = (
        "import sys; from pathlib import Path; from audiostudio.library import Library\n"
        "Library.open(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run([sys.executable, "-c", code, library.folder], cwd=root, capture_output=True, check=True)
    assert ran.stdout.strip() == b"False"
