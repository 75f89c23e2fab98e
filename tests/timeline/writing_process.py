"""A process that edits a project until it is killed, and says on its standard output what must survive.

python writing_process.py FOLDER edit             edits for ever
python writing_process.py FOLDER hold             opens the project and waits
python writing_process.py FOLDER full             edits on a disk with room for a few more bytes
python writing_process.py PARENT disk             fills a small disk while it edits
python writing_process.py FOLDER nobody           opens the project as a user who may not write
"""

import os
import resource
import sys
from pathlib import Path

from audiostudio.errors import DiskFull, StudioError
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile, ProjectSession
from tests.timeline.documents import make_take


def append_line(session: ProjectSession, text: str) -> None:
    session.edit("Typing", lambda p: edits.set_text(p, f"{p.text}\n{text}" if p.text else text), merge_key="text")


def edit_for_ever(path: Path) -> None:
    session = ProjectFile.open(path)
    for number in range(len(session.project.script.lines), 1_000_000):
        append_line(session, str(number))
        if number % 5 == 0:
            session.add_takes(make_take(session.project.script.lines[-1].id, key=str(number)))
        if number % 7 == 0:
            session.edit("Rename", lambda p, name=str(number): edits.rename_project(p, name))
            session.undo()
        if number % 11 == 0:
            session.save()
        if number % 3 == 0:
            session.flush()
            print(f"{number + 1} {len(session.project.takes)}", flush=True)


def hold(path: Path) -> None:
    session = ProjectFile.open(path)
    print("read only" if session.read_only else "open", flush=True)
    sys.stdin.read()


def edit_on_a_full_disk(path: Path) -> None:
    with ProjectFile.open(path) as session:
        append_line(session, "before")
        session.flush()
        largest = max(file.stat().st_size for file in path.rglob("*") if file.is_file())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 150, resource.RLIM_INFINITY))
        refused = 0
        for number in range(20):
            append_line(session, f"while {number}")
            try:
                session.flush()
            except StudioError:
                refused += 1
        print(refused, type(session.problem).__name__, ProjectFile.read(path).script.lines[0].text, flush=True)
        session.save()
        try:
            session.close()
        except StudioError as error:
            print(error.sentence, flush=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        append_line(session, "after")
        session.flush()
        print(session.problem, flush=True)


def crash_after_a_full_disk(path: Path) -> None:
    session = ProjectFile.open(path)
    append_line(session, "before")
    session.flush()
    (journal,) = (path / "recovery").glob("journal-*.log")
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.stat().st_size + 50, resource.RLIM_INFINITY))
    append_line(session, "while")
    try:
        session.flush()
    except DiskFull:
        print(journal.read_bytes()[-1:] != b"\n", flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    append_line(session, "after")
    session.flush()
    session.close(discard=True)


def fill_a_small_disk(parent: Path) -> None:
    with ProjectFile.create(parent, "Film") as session:
        append_line(session, "before")
        session.flush()
        filler = parent / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1024)):
                    pass
            except OSError:
                pass
        refused: set[str] = set()
        for number in range(200):
            append_line(session, f"while {number} " + "x" * 100)
            try:
                session.flush()
            except DiskFull as error:
                refused.add(error.hint)
        print(len(refused), type(session.problem).__name__, flush=True)
        filler.unlink()
        append_line(session, "after")


def open_as_nobody(path: Path) -> None:
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    with ProjectFile.open(path) as session:
        print(session.read_only, type(session.problem).__name__, session.project.text, flush=True)
    try:
        ProjectFile.create(path.parent, "Other")
    except StudioError as error:
        print(type(error).__name__, flush=True)


if __name__ == "__main__":
    folder, what = Path(sys.argv[1]), sys.argv[2]
    {
        "edit": edit_for_ever,
        "hold": hold,
        "full": edit_on_a_full_disk,
        "torn": crash_after_a_full_disk,
        "disk": fill_a_small_disk,
        "nobody": open_as_nobody,
    }[what](folder)
