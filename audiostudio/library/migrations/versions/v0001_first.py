"""The first library."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE folders (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        parent_id INTEGER REFERENCES folders (id),
        name VARCHAR NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX folders_name ON folders (coalesce(parent_id, 0), name)",
    """
    CREATE TABLE assets (
        number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        id VARCHAR NOT NULL UNIQUE,
        kind VARCHAR NOT NULL,
        source VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        name_key VARCHAR NOT NULL,
        file VARCHAR NOT NULL,
        file_key VARCHAR NOT NULL UNIQUE,
        format VARCHAR NOT NULL,
        size INTEGER NOT NULL,
        duration DOUBLE,
        sample_rate INTEGER,
        channels INTEGER,
        width INTEGER,
        height INTEGER,
        folder_id INTEGER REFERENCES folders (id) ON DELETE SET NULL,
        favourite BOOLEAN NOT NULL,
        take_only BOOLEAN NOT NULL,
        missing BOOLEAN NOT NULL,
        binned VARCHAR,
        created VARCHAR NOT NULL,
        updated VARCHAR NOT NULL,
        project VARCHAR,
        line VARCHAR,
        content_hash VARCHAR NOT NULL,
        recipe JSON,
        recipe_key VARCHAR,
        licence VARCHAR NOT NULL,
        commercial BOOLEAN,
        credit VARCHAR NOT NULL,
        rights_url VARCHAR NOT NULL,
        detail JSON NOT NULL,
        text VARCHAR NOT NULL,
        words VARCHAR NOT NULL
    )
    """,
    "CREATE INDEX assets_name ON assets (name_key, number)",
    "CREATE INDEX assets_duration ON assets (duration, number)",
    "CREATE INDEX assets_size ON assets (size, number)",
    "CREATE INDEX assets_content ON assets (content_hash)",
    "CREATE INDEX assets_recipe ON assets (recipe_key) WHERE recipe_key IS NOT NULL",
    "CREATE INDEX assets_folder ON assets (folder_id) WHERE folder_id IS NOT NULL",
    "CREATE INDEX assets_shelf ON assets (kind) WHERE binned IS NULL AND take_only = 0",
    "CREATE INDEX assets_binned ON assets (binned) WHERE binned IS NOT NULL",
    """
    CREATE TABLE asset_tags (
        number INTEGER NOT NULL REFERENCES assets (number) ON DELETE CASCADE,
        key VARCHAR NOT NULL,
        tag VARCHAR NOT NULL,
        PRIMARY KEY (number, key)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX asset_tags_key ON asset_tags (key, tag)",
    """
    CREATE TABLE made_of (
        asset_id VARCHAR NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
        source_id VARCHAR NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
        PRIMARY KEY (asset_id, source_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX made_of_source ON made_of (source_id)",
    """
    CREATE TABLE takes (
        project VARCHAR NOT NULL,
        line VARCHAR NOT NULL,
        number INTEGER NOT NULL,
        asset_id VARCHAR REFERENCES assets (id) ON DELETE SET NULL,
        chosen BOOLEAN NOT NULL,
        words JSON,
        PRIMARY KEY (project, line, number)
    ) WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX takes_chosen ON takes (project, line) WHERE chosen",
    "CREATE INDEX takes_asset ON takes (asset_id)",
    """
    CREATE TABLE moves (
        asset_id VARCHAR NOT NULL PRIMARY KEY,
        origin BLOB NOT NULL,
        target VARCHAR NOT NULL,
        target_key VARCHAR NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        columns JSON NOT NULL,
        adds BOOLEAN NOT NULL,
        keep_origin BOOLEAN NOT NULL,
        owner_pid INTEGER NOT NULL,
        owner_started VARCHAR NOT NULL,
        begun VARCHAR NOT NULL
    )
    """,
    """
    CREATE TABLE projects (
        id VARCHAR NOT NULL PRIMARY KEY,
        name VARCHAR NOT NULL,
        path BLOB NOT NULL,
        updated VARCHAR NOT NULL
    )
    """,
    "CREATE INDEX projects_updated ON projects (updated)",
    "CREATE TABLE voices (id VARCHAR NOT NULL PRIMARY KEY, favourite BOOLEAN NOT NULL)",
    """
    CREATE TABLE presets (
        kind VARCHAR NOT NULL, name VARCHAR NOT NULL, body JSON NOT NULL, PRIMARY KEY (kind, name)
    )
    """,
    """
    CREATE TABLE jobs (
        id VARCHAR NOT NULL PRIMARY KEY,
        operation VARCHAR NOT NULL,
        request JSON NOT NULL,
        title VARCHAR NOT NULL,
        priority INTEGER NOT NULL,
        project VARCHAR,
        created VARCHAR NOT NULL,
        owner_pid INTEGER NOT NULL,
        owner_started VARCHAR NOT NULL,
        heartbeat VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        fraction DOUBLE,
        message VARCHAR NOT NULL,
        seconds_left DOUBLE,
        result JSON,
        error JSON
    )
    """,
    "CREATE INDEX jobs_created ON jobs (created)",
    "CREATE TABLE change_count (id INTEGER NOT NULL PRIMARY KEY, number INTEGER NOT NULL)",
    "INSERT INTO change_count VALUES (1, 0)",
)

SEARCH = (
    # Every filter of a search is a word of the index too: one full-text expression finds, counts and pages.
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
        AS words
    FROM assets
    """,
    """
    CREATE VIRTUAL TABLE search USING fts5 (
        words, content='asset_words', content_rowid='number', detail=none, columnsize=0,
        tokenize="ascii tokenchars '_'", prefix='1 2 3 4 5'
    )
    """,
    """
    CREATE TRIGGER assets_added AFTER INSERT ON assets BEGIN
        INSERT INTO search (rowid, words) SELECT number, words FROM asset_words WHERE number = new.number;
    END
    """,
    """
    CREATE TRIGGER assets_changing
    BEFORE UPDATE OF words, kind, source, binned, take_only, favourite, missing, folder_id ON assets BEGIN
        INSERT INTO search (search, rowid, words)
        SELECT 'delete', number, words FROM asset_words WHERE number = old.number;
    END
    """,
    """
    CREATE TRIGGER assets_changed
    AFTER UPDATE OF words, kind, source, binned, take_only, favourite, missing, folder_id ON assets BEGIN
        INSERT INTO search (rowid, words) SELECT number, words FROM asset_words WHERE number = new.number;
    END
    """,
    """
    CREATE TRIGGER assets_removed BEFORE DELETE ON assets BEGIN
        INSERT INTO search (search, rowid, words)
        SELECT 'delete', number, words FROM asset_words WHERE number = old.number;
    END
    """,
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in TABLES + SEARCH:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("A library is never taken back to an older version: restore a backup.")
