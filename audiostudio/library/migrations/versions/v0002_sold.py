"""Whether something may be sold is a word of the index."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = "words, kind, source, binned, take_only, favourite, missing, folder_id, commercial"

STATEMENTS = (
    "DROP TRIGGER assets_changing",
    "DROP TRIGGER assets_changed",
    "DROP VIEW asset_words",
    """
    CREATE VIEW asset_words AS SELECT
        number,
        words
        || CASE WHEN binned IS NOT NULL THEN ' §binned' WHEN take_only THEN ' §take' ELSE ' §shelf' END
        || ' §kind_' || kind
        || ' §source_' || source
        || CASE WHEN favourite THEN ' §favourite' ELSE '' END
        || CASE WHEN missing THEN ' §missing' ELSE '' END
        || CASE WHEN folder_id IS NULL THEN '' ELSE ' §folder_' || folder_id END
        || CASE WHEN commercial IS NULL THEN '' ELSE ' §sold_' || commercial END
        AS words
    FROM assets
    """,
    f"""
    CREATE TRIGGER assets_changing
    BEFORE UPDATE OF {COLUMNS} ON assets BEGIN
        INSERT INTO search (search, rowid, words)
        SELECT 'delete', number, words FROM asset_words WHERE number = old.number;
    END
    """,
    f"""
    CREATE TRIGGER assets_changed
    AFTER UPDATE OF {COLUMNS} ON assets BEGIN
        INSERT INTO search (rowid, words) SELECT number, words FROM asset_words WHERE number = new.number;
    END
    """,
    "INSERT INTO search (search) VALUES ('rebuild')",
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("A library is never taken back to an older version: restore a backup.")
