import pytest

from audiostudio.jobs.store import JobStore, MemoryStore
from tests.jobs.store_contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> JobStore:
        return MemoryStore()
