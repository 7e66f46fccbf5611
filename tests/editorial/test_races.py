"""Two editors at the same moment, on the real database: what was acknowledged is there afterwards (200 rounds: benchmarks/races.py)."""

import pgtrigger
import pytest

from tests.races import PATHS, run

ROUNDS = 10


@pytest.fixture(scope="module")
def append_only_tables_may_be_emptied():
    """Flushing between tests empties the ledger too, which its triggers refuse; only this thread, which races nobody, may."""
    with pgtrigger.ignore():
        yield


@pytest.fixture
def real_database(append_only_tables_may_be_emptied, transactional_db):
    """Committed for real, so that two connections can meet."""


@pytest.mark.parametrize("path", PATHS)
def test_nothing_acknowledged_is_lost_when_two_save_at_once(path, real_database):
    count = run(path, range(ROUNDS))

    assert not count.broken
    assert not count.lost
    assert count.acknowledged >= ROUNDS
    assert count.acknowledged + count.refused == 2 * ROUNDS
