import errno
import json
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiostudio.errors import MissingMedia, NewerFormat, NotFound, ProjectDamaged, ReadOnly, StorageError, StudioError
from audiostudio.timeline import edits, writer
from audiostudio.timeline.file import ProjectFile, ProjectSession
from audiostudio.timeline.folder import VERSIONS, ProjectFolder
from audiostudio.timeline.project import Project, VoiceChoice
from tests.timeline.documents import Edit, any_edit, make_take, take_for_some_line

TYPED = "Hello world\n\nand good night 🎬\ud800"


def type_text(session: ProjectSession, text: str) -> None:
    session.edit("Typing", lambda project: edits.set_text(project, text))


def abandon(session: ProjectSession) -> None:
    """What a crash leaves: what was written, and no lock."""
    session.flush()
    session.close(discard=True)


def saved(path: Path) -> dict[str, object]:
    data = json.loads((path / "project.json").read_bytes().decode("utf-8", "surrogatepass"))
    assert isinstance(data, dict)
    return data


def store(path: Path, data: object) -> None:
    (path / "project.json").write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed project that says “One”."""
    with ProjectFile.create(tmp_path, "Film") as session:
        type_text(session, "One")
    return session.path


def test_a_project_is_there_again_with_its_undo_stack(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film", language="ka", voice=VoiceChoice("am_adam", 1.2)) as session:
        type_text(session, TYPED)
        session.edit("Rename", lambda project: edits.rename_project(project, "Movie"))
        session.add_takes(make_take(session.project.script.lines[0].id))
        session.undo()
        project = session.project
    with ProjectFile.open(session.path) as again:
        assert again.project == project
        assert (again.recovered, again.read_only, again.problem) == (False, False, None)
        assert (again.history.undo_label, again.history.redo_label) == ("Typing", "Rename")
        again.redo()
        assert again.project.name == "Movie"
        again.undo()
        again.undo()
        assert again.project.text == ""
        assert again.project.takes == project.takes


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(any_edit, st.sampled_from(["undo", "redo", "save", "take", "reopen", "crash"])), max_size=15))
def test_any_edits_then_as_many_undos_give_the_first_document_across_restarts(
    tmp_path: Path, done: list[Edit | str]
) -> None:
    session = ProjectFile.create(tmp_path, "Film")
    start = session.project
    for action in done:
        before = session.project
        if action == "reopen":
            session.close()
            session = ProjectFile.open(session.path / "project.json")
            assert session.project == before
        elif action == "crash":
            abandon(session)
            session = ProjectFile.open(session.path)
            assert session.project == before
        elif action == "take":
            session.add_takes(take_for_some_line(session.project, 1))
        elif callable(action):
            session.edit("Edit", action)
        else:
            assert isinstance(action, str)
            getattr(session, action)()
    while session.undo():
        pass
    assert replace(session.project, takes=()) == start
    session.close()


def test_what_was_not_saved_comes_back_after_a_crash(path: Path) -> None:
    session = ProjectFile.open(path)
    type_text(session, TYPED)
    session.edit("Rename", lambda project: edits.rename_project(project, "Movie"))
    project = session.project
    abandon(session)
    with ProjectFile.open(path) as again:
        assert again.recovered
        assert again.project == project
        assert again.history.undo_label == "Rename"
    with ProjectFile.open(path) as again:
        assert not again.recovered
        assert again.project == project


def test_recovering_deletes_nothing(path: Path) -> None:
    before = (path / "project.json").read_bytes()
    session = ProjectFile.open(path)
    type_text(session, TYPED)
    abandon(session)
    (journal,) = (path / "recovery").glob("journal-*.log")
    told = journal.read_bytes()
    ProjectFile.open(path).close()
    assert before in [kept.read_bytes() for kept in (path / "backups").glob("project-*.json")]
    assert (path / "backups" / journal.name).read_bytes() == told


def test_opening_without_recovering_keeps_the_journal_until_something_is_changed(path: Path) -> None:
    session = ProjectFile.open(path)
    type_text(session, TYPED)
    abandon(session)
    with ProjectFile.open_without_recovering(path) as session:
        assert session.project.text == "One"
        assert not session.recovered
    with ProjectFile.open_without_recovering(path) as session:
        type_text(session, "Two")
    with ProjectFile.open(path) as session:
        assert session.project.text == "Two"
    assert len(list((path / "backups").glob("journal-*.log"))) >= 2


@pytest.mark.long
def test_a_journal_torn_anywhere_gives_what_was_whole(path: Path, tmp_path: Path) -> None:
    session = ProjectFile.open(path)
    states = [session.project]
    for text in ("One two", "One two\nthree", "გამარჯობა"):
        type_text(session, text)
        states.append(session.project)
    session.undo()
    states.append(session.project)
    abandon(session)
    (journal,) = (path / "recovery").glob("journal-*.log")
    data = journal.read_bytes()
    ends = [0] + [i + 1 for i in range(len(data)) if data[i : i + 1] == b"\n"]
    folder = ProjectFolder(path)
    for cut in range(len(data) + 1):
        journal.write_bytes(data[:cut])
        loaded = folder.load()
        whole = sum(end <= cut for end in ends) - 1
        assert loaded.project == states[whole]
        assert loaded.recovered == whole
        assert loaded.torn == (cut not in ends)
    for broken in range(len(data)):
        journal.write_bytes(data[:broken] + bytes([data[broken] ^ 1]) + data[broken + 1 :])
        loaded = folder.load()
        assert loaded.project == states[loaded.recovered]
        assert loaded.recovered >= sum(end <= broken for end in ends) - 1


def test_work_goes_on_after_a_torn_journal_and_the_torn_one_is_kept(path: Path) -> None:
    session = ProjectFile.open(path)
    type_text(session, "One two")
    abandon(session)
    (journal,) = (path / "recovery").glob("journal-*.log")
    torn = journal.read_bytes() + b"0badc0de 99 {"
    journal.write_bytes(torn)
    session = ProjectFile.open(path)
    assert session.recovered
    assert session.torn
    type_text(session, "One two three")
    abandon(session)
    assert (path / "backups" / journal.name).read_bytes() == torn
    with ProjectFile.open(path) as session:
        assert session.project.text == "One two three"
        assert not session.torn


def test_a_lost_or_damaged_undo_stack_costs_only_itself(path: Path) -> None:
    for damage in (
        b"",
        b"{",
        b"[]",
        b'{"schema":"History.1","undo":[{}],"redo":[]}',
        b"\xff",
        b'{"schema":"History.9"}',
    ):
        session = ProjectFile.open(path)
        type_text(session, "Two")
        session.undo()
        text = session.project.text
        abandon(session)
        for history in (path / "recovery").glob("history-*.json"):
            history.write_bytes(damage)
        with ProjectFile.open(path) as session:
            assert session.project.text == text
            assert session.history.redo_label == "Typing"


def test_a_second_window_may_look_but_not_write(path: Path) -> None:
    with ProjectFile.open(path) as first:
        type_text(first, "Two")
        first.flush()
        with ProjectFile.open(path) as second:
            assert second.read_only
            assert isinstance(second.problem, ReadOnly)
            assert f"process {os.getpid()}" in str(second.problem)
            assert second.project.text == "Two"
            for attempt in (
                lambda: type_text(second, "Three"),
                lambda: second.add_takes(make_take("x")),
                second.undo,
                second.save,
            ):
                with pytest.raises(ReadOnly, match="another window"):
                    attempt()
            assert second.project.text == "Two"
            assert not second.recovered
        type_text(first, "Four")
    with ProjectFile.open(path) as third:
        assert not third.read_only
        assert third.project.text == "Four"


def test_a_closed_project_refuses_edits(path: Path) -> None:
    session = ProjectFile.open(path)
    session.close()
    with pytest.raises(ReadOnly, match="closed"):
        type_text(session, "Two")
    assert session.project.text == "One"
    session.close()


DAMAGES = {
    "empty": b"",
    "zeros": bytes(4096),
    "cut": b'{"schema":"ProjectFile.1","generation":"0000',
    "other": b'{"a": 1}',
    "list": b"[1]",
    "deep": b"[" * 100_000,
    "number": b'{"schema":"ProjectFile.1","generation":"000001-abcdef","project":' + b"9" * 5000 + b"}",
    "no project": b'{"schema":"ProjectFile.1","generation":"000001-abcdef"}',
    "way out": b'{"schema":"ProjectFile.1","generation":"../../../000001-abcdef","project":{}}',
    "latin": "é".encode("latin-1"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_said_to_be_and_mended_without_loss(path: Path, damage: bytes) -> None:
    with ProjectFile.open(path) as session:
        type_text(session, "Two")
        session.save()
        session.flush()
        type_text(session, "Three")
        session.undo()
        project = session.project
    (path / "project.json").write_bytes(damage)
    with pytest.raises(ProjectDamaged) as told:
        ProjectFile.open(path)
    newest = ProjectFile.versions(path)[0]
    assert str(newest.path) in told.value.hint
    with ProjectFile.restore(path) as session:
        assert session.project == project
        assert session.history.redo_label == "Typing"
    assert damage in [kept.read_bytes() for kept in (path / "backups").glob("replaced*.json")]
    ProjectFile.open(path).close()


@pytest.mark.parametrize(
    "change",
    [
        lambda project: project.update(name=5),
        lambda project: project.update(takes={}),
        lambda project: project.pop("script"),
        lambda project: project.pop("id"),
        lambda project: project.update(schema="Line.1"),
        lambda project: project.update(schema="Project.0"),
        lambda project: project.update(schema="Project.1.1"),
        lambda project: project["voice"].update(speed=True),
        lambda project: project["voice"].update(speed="fast"),
        lambda project: project["script"]["lines"][0].update(text=None),
        lambda project: project["script"]["lines"].append(None),
        lambda project: project["script"]["lines"][0].update(schema=7),
    ],
)
def test_a_file_with_wrong_content_is_damaged_or_lacks_what_has_a_default(path: Path, change: object) -> None:
    data = saved(path)
    assert callable(change)
    removed = change(data["project"])
    store(path, data)
    if isinstance(removed, dict):  # the script has a default: an empty one
        assert ProjectFile.read(path).text == ""
        return
    with pytest.raises(ProjectDamaged):
        ProjectFile.read(path)


def test_no_project_is_not_a_damaged_one(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for missing in (tmp_path / "none", tmp_path / "empty", tmp_path / "none" / "project.json"):
        with pytest.raises(NotFound):
            ProjectFile.open(missing)
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_project_file_that_vanished_can_be_mended(path: Path) -> None:
    with ProjectFile.open(path) as session:
        type_text(session, "Two")
    (path / "project.json").unlink()
    with pytest.raises(ProjectDamaged, match="missing"):
        ProjectFile.open(path)
    with ProjectFile.restore(path) as session:
        assert session.project.text == "Two"


def test_what_a_newer_program_wrote_is_shown_and_left_alone(path: Path) -> None:
    data = saved(path)
    project = data["project"]
    assert isinstance(project, dict)
    project["schema"] = "Project.2"
    project["timeline"] = {"schema": "Timeline.1", "tracks": []}
    store(path, data)
    before = (path / "project.json").read_bytes()
    with ProjectFile.open(path) as session:
        assert session.read_only
        assert isinstance(session.problem, NewerFormat)
        assert session.project.text == "One"
        with pytest.raises(NewerFormat):
            type_text(session, "Two")
    assert (path / "project.json").read_bytes() == before
    project["name"] = {"schema": "Name.1"}
    store(path, data)
    with pytest.raises(NewerFormat):
        ProjectFile.open(path)


def test_fields_that_this_program_does_not_know_are_kept(path: Path) -> None:
    data = saved(path)
    project = data["project"]
    assert isinstance(project, dict)
    timeline = {"schema": "Timeline.1", "tracks": [[1, {"a": None}], []]}
    project["timeline"] = timeline
    project["script"]["lines"][0]["mood"] = ["sad"]
    store(path, data)
    with ProjectFile.open(path) as session:
        type_text(session, "One!\nTwo")
        abandon_text = session.project.text
    with ProjectFile.open(path) as session:
        session.undo()
        session.redo()
        assert session.project.text == abandon_text
        type_text(session, "One!\nTwo\nThree")
    project = saved(path)["project"]
    assert isinstance(project, dict)
    assert project["timeline"] == timeline
    assert project["script"]["lines"][0]["mood"] == ["sad"]


def test_earlier_versions_are_kept_up_to_a_number(path: Path) -> None:
    with ProjectFile.open(path) as session:
        for number in range(VERSIONS + 4):
            type_text(session, f"Version {number}")
            session.save()
            session.flush()
    versions = ProjectFile.versions(path)
    assert len(versions) == VERSIONS
    assert ProjectFile.read_version(path, versions[0]).text == f"Version {VERSIONS + 2}"
    assert ProjectFile.read_version(path, versions[-1]).text == "Version 3"
    assert len(list((path / "backups").glob("journal-*"))) <= VERSIONS
    assert len(list((path / "recovery").iterdir())) == 2


def test_saving_or_closing_without_a_change_writes_nothing(path: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in path.rglob("*.json")}
    with ProjectFile.open(path) as session:
        session.save()
        session.flush()
        assert not session.changed
    assert {file: file.stat().st_mtime_ns for file in path.rglob("*.json")} == before


def test_a_journal_that_has_grown_becomes_a_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LARGEST_JOURNAL", 2000)
    session = ProjectFile.open(path)
    for number in range(200):
        type_text(session, f"Text {number}")
        session.flush()
    (journal,) = (path / "recovery").glob("journal-*.log")
    assert journal.stat().st_size < 3000
    abandon(session)
    with ProjectFile.open(path) as session:
        assert session.project.text == "Text 199"
        for _ in range(200):
            assert session.undo()
        assert session.project.text == "One"


def test_a_folder_that_is_taken_away_is_a_problem_until_it_is_back(path: Path, tmp_path: Path) -> None:
    session = ProjectFile.open(path)
    type_text(session, "Two")
    session.flush()
    heard: list[StudioError | None] = []
    session.on_problem = heard.append
    path.rename(tmp_path / "elsewhere")
    type_text(session, "Three")
    with pytest.raises(MissingMedia):
        session.flush()
    with pytest.raises(MissingMedia):
        session.close()
    assert isinstance(session.problem, MissingMedia)
    assert not path.exists()
    type_text(session, "Four")
    (tmp_path / "elsewhere").rename(path)
    session.close()
    assert session.problem is None
    assert isinstance(heard[0], MissingMedia)
    assert heard[-1] is None
    assert ProjectFile.read(path).text == "Four"


def test_an_fsync_that_fails_leads_to_a_whole_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = ProjectFile.open(path)
    type_text(session, "Two")
    session.flush()
    sync, failed = os.fsync, threading.Event()

    def fail_once(handle: int) -> None:
        if not failed.is_set():
            failed.set()
            raise OSError(errno.EIO, "Input/output error")
        sync(handle)

    monkeypatch.setattr(os, "fsync", fail_once)
    type_text(session, "Three")
    assert failed.wait(10)
    session.flush()
    assert session.problem is None
    project = saved(path)["project"]
    assert isinstance(project, dict)
    assert project["script"]["lines"][0]["text"] == "Three"
    session.close()


def test_names_become_folders_that_every_system_takes(tmp_path: Path) -> None:
    names = {
        "My film": "My film",
        'a/b\\c:d*e?"f"<g>|h': "a b c d e f g h",
        "../..": "Project",
        "con": "Project con",
        "nul.txt": "Project nul.txt",
        " . ": "Project",
        "\ud800": "Project 2",
        "ფილმი 🎬": "ფილმი 🎬",
        "x" * 500: "x" * 120,
    }
    for name, folder in names.items():
        with ProjectFile.create(tmp_path, name) as session:
            assert session.project.name == name
        taken = tmp_path / folder
        assert session.path == taken or session.path.parent == tmp_path
        if name not in (" . ", "\ud800", "../.."):
            assert session.path == taken
        assert ProjectFile.read(session.path).name == name
    with ProjectFile.create(tmp_path, "My film") as second:
        assert second.path == tmp_path / "My film 2"


def test_a_copy_of_a_project_folder_is_a_project(path: Path, tmp_path: Path) -> None:
    with ProjectFile.open(path) as session:
        type_text(session, "Two")
        session.flush()
        shutil.copytree(path, tmp_path / "copy")
        with ProjectFile.open(tmp_path / "copy") as copy:
            assert not copy.read_only
            assert copy.recovered
            assert copy.project == session.project


def test_the_file_is_one_that_people_and_version_control_can_read(path: Path) -> None:
    with ProjectFile.open(path) as session:
        type_text(session, "One\nTwo\nThree")
    lines = (path / "project.json").read_text(encoding="utf-8").splitlines()
    assert sum('"schema":"Line.1"' in line for line in lines) == 3


@pytest.mark.long
def test_a_reader_beside_a_writer_that_saves_all_the_time(path: Path) -> None:
    texts = [f"Text {number}" for number in range(60)]
    seen: list[str] = []
    problems: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        try:
            while not done.is_set():
                seen.append(ProjectFile.read(path).text)
        except (StudioError, ValueError) as error:
            problems.append(error)

    reader = threading.Thread(target=look)
    with ProjectFile.open(path) as session:
        reader.start()
        for text in texts:
            type_text(session, text)
            session.save()
            session.flush()
        done.set()
        reader.join()
    assert problems == []
    places = [texts.index(text) for text in seen if text != "One"]
    assert places == sorted(places)


def test_every_error_of_the_system_is_one_that_the_user_can_mend(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        with pytest.raises(StorageError):
            ProjectFile.open(path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        with pytest.raises(StorageError):
            ProjectFile.create(path.parent, "Other")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "glob", refuse)
        with pytest.raises(StorageError):
            ProjectFile.versions(path)
    ProjectFile.open(path).close()


def test_a_project_is_stored_as_it_is(path: Path, tmp_path: Path) -> None:
    project: Project = ProjectFile.read(path)
    with ProjectFile.store(tmp_path / "copies", project) as copy:
        assert copy.project == project
