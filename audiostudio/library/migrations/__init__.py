"""Alembic scripts. A revision is never changed after a release: `tests/data/library/` holds a library of each."""
