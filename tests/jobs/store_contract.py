"""What every `JobStore` must do. A test class inherits this and names its store in a fixture `store`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audiostudio.errors import NotFound, StorageError
from audiostudio.jobs.job import Job, JobState, Progress
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.store import JobStore

OWNER = Owner(4242, "a boot/a namespace/17")
OTHER = Owner(4242, "a boot/a namespace/18")


def job(title: str = "Speak “Wörld” 🎙") -> Job:
    return Job("speak", {"text": "Wörld 🎙\n", "lines": [1, 2.5, None, True, {"a": []}]}, title, 3, "project-1")


class StoreContract:
    @pytest.fixture
    def store(self) -> JobStore:
        raise NotImplementedError

    def test_a_job_comes_back_as_it_was_given(self, store: JobStore) -> None:
        given = job()
        store.add(given, OWNER)
        stored = store.get(given.id)
        assert stored.job == given
        assert stored.job.created.utcoffset() == timedelta(0)
        assert stored.owner == OWNER
        assert stored.state is JobState.QUEUED
        assert (stored.progress, stored.result, stored.error) == (Progress(None), None, None)
        assert abs(stored.heartbeat - given.created) < timedelta(minutes=1)

    def test_an_update_changes_only_what_it_names(self, store: JobStore) -> None:
        given = job()
        store.add(given, OWNER)
        assert store.update(given.id, state=JobState.RUNNING)
        assert store.update(given.id, progress=Progress(0.25, "Line 3 of 12", 7.5))
        stored = store.get(given.id)
        assert stored.state is JobState.RUNNING
        assert stored.progress == Progress(0.25, "Line 3 of 12", 7.5)
        assert store.update(given.id, state=JobState.DONE, result={"asset": "7", "samples": 48000})
        stored = store.get(given.id)
        assert stored.state is JobState.DONE
        assert stored.result == {"asset": "7", "samples": 48000}
        assert stored.progress.fraction == 0.25

    def test_an_empty_result_is_a_result(self, store: JobStore) -> None:
        given = job()
        store.add(given, OWNER)
        store.update(given.id, state=JobState.DONE, result={})
        assert store.get(given.id).result == {}

    def test_an_error_is_kept(self, store: JobStore) -> None:
        given = job()
        store.add(given, OWNER)
        error = {"error": "DiskFull", "sentence": "The disk is full.", "hint": "Free some space."}
        store.update(given.id, state=JobState.FAILED, error=error)
        assert store.get(given.id).error == error

    @pytest.mark.parametrize(
        "ended", [JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED], ids=str
    )
    def test_an_ended_job_stays_as_it_ended(self, store: JobStore, ended: JobState) -> None:
        given = job()
        store.add(given, OWNER)
        store.update(given.id, state=ended, progress=Progress(0.5))
        assert not store.update(given.id, state=JobState.RUNNING, progress=Progress(0.9))
        stored = store.get(given.id)
        assert stored.state is ended
        assert stored.progress.fraction == 0.5

    def test_unknown_jobs(self, store: JobStore) -> None:
        with pytest.raises(NotFound):
            store.get("nobody")
        with pytest.raises(NotFound):
            store.update("nobody", state=JobState.RUNNING)
        store.remove("nobody")

    def test_an_id_is_used_once(self, store: JobStore) -> None:
        given = job()
        store.add(given, OWNER)
        with pytest.raises((ValueError, StorageError)):
            store.add(given, OWNER)

    def test_jobs_are_listed_newest_first(self, store: JobStore) -> None:
        first = job("first")
        second = replace(job("second"), created=first.created + timedelta(seconds=1))
        third = replace(job("third"), created=first.created + timedelta(microseconds=1))
        for one in (first, second, third):
            store.add(one, OWNER)
        store.update(third.id, state=JobState.RUNNING)
        assert [stored.job.title for stored in store.jobs()] == ["second", "third", "first"]
        assert [stored.job.title for stored in store.jobs(limit=1)] == ["second"]
        assert [stored.job.title for stored in store.jobs({JobState.QUEUED})] == ["second", "first"]
        assert store.jobs(set()) == []

    def test_a_heartbeat_touches_the_owners_living_jobs_only(self, store: JobStore) -> None:
        mine, ended, others = job(), job(), job()
        store.add(mine, OWNER)
        store.add(ended, OWNER)
        store.add(others, OTHER)
        store.update(ended.id, state=JobState.DONE)
        before = {one.id: store.get(one.id).heartbeat for one in (mine, ended, others)}
        store.heartbeat(OWNER)
        assert store.get(mine.id).heartbeat > before[mine.id]
        assert store.get(ended.id).heartbeat == before[ended.id]
        assert store.get(others.id).heartbeat == before[others.id]

    def test_only_ended_jobs_can_be_removed(self, store: JobStore) -> None:
        given = job()
        store.add(given, OWNER)
        store.remove(given.id)
        assert store.get(given.id).job == given
        store.update(given.id, state=JobState.CANCELLED)
        store.remove(given.id)
        with pytest.raises(NotFound):
            store.get(given.id)
