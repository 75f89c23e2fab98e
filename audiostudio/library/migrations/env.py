"""Runs inside the transaction of `database.migrate`, which hands its connection over."""

from alembic import context

from audiostudio.library.schema import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=False
)
context.run_migrations()
