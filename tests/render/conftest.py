import pytest

from tests.render.mixing import Bench


@pytest.fixture
def bench(tmp_path) -> Bench:
    return Bench(tmp_path)
