-- STO-3. Created at the first start; a database that has the tables is left as it is.

CREATE TABLE IF NOT EXISTS clients (
    id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT NOT NULL UNIQUE,  -- compared byte by byte (REG-7)
    public_key BLOB,                  -- DER; NULL until a valid one came
    last_seen  TEXT NOT NULL,         -- UTC, as in 2024-06-01T12:34:56.789Z
    aes_key    BLOB                   -- the one handed out last; NULL before
) STRICT;

CREATE TABLE IF NOT EXISTS files (
    id        BLOB NOT NULL REFERENCES clients (id),
    file_name TEXT NOT NULL,          -- as it was sent
    path      TEXT NOT NULL,          -- below the data folder, with slashes
    verified  INTEGER NOT NULL CHECK (verified IN (0, 1)),
    PRIMARY KEY (id, file_name)
) STRICT;
