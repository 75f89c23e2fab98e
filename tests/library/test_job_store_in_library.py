import pytest

from audiostudio.jobs.store import JobStore
from audiostudio.library import Library
from audiostudio.library.jobs import LibraryJobStore
from tests.jobs.store_contract import StoreContract


class TestLibraryJobStore(StoreContract):
    @pytest.fixture
    def store(self, library: Library) -> JobStore:
        return LibraryJobStore(library)


def test_jobs_outlive_the_program_and_do_not_count_as_changes(library: Library) -> None:
    from tests.jobs.store_contract import OWNER, job

    given, before = job(), library.version()
    LibraryJobStore(library).add(given, OWNER)
    assert library.version() == before
    with Library.open(library.folder) as again:
        assert LibraryJobStore(again).get(given.id).job == given
