-- +goose Up

-- One row for every key that was ever put or referred to:
--   live      version set, deleted false, body set
--   deleted   version set, deleted true: kept so that the change feed can say so
--   named     version NULL, deleted true: referred to before (or, for a built-in
--             region, without) being put; it only lends its rowid to refs
CREATE TABLE records (
    rowid   INTEGER PRIMARY KEY,
    type    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    version BIGINT  UNIQUE,
    pack    TEXT    NOT NULL,
    deleted BOOLEAN NOT NULL,
    body    BLOB,
    UNIQUE (type, id),
    CHECK (deleted = (body IS NULL)),
    CHECK (deleted OR version IS NOT NULL)
);

-- Counting live records = all keys (from the unique index) less these few.
CREATE INDEX records_gone ON records (type) WHERE deleted;

-- Which record refers to which. Integers keep a million demands with 14
-- references each small; the field that refers is found in the body when asked.
CREATE TABLE refs (
    to_row   BIGINT NOT NULL,
    from_row BIGINT NOT NULL,
    PRIMARY KEY (to_row, from_row)
) WITHOUT ROWID;

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
