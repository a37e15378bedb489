-- What somebody shows besides their password: an authenticator's seed, sealed, the last step of which a code was taken, a seed that
-- was shown and waits to be confirmed, and keyed hashes of the recovery codes that are left, as a JSON list.
CREATE TABLE second_factor (
    staff        TEXT    NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    version      INTEGER NOT NULL,
    seed         TEXT,
    since        INTEGER,
    step         INTEGER NOT NULL,
    offered_seed TEXT,
    offered_at   INTEGER,
    recovery     TEXT    NOT NULL,
    misses       INTEGER NOT NULL,
    locked_until INTEGER
) STRICT;

-- A session knows what was shown and when, and stays the same when its token changes. Of those before, nobody can say what was
-- shown: everybody logs in again.
DROP TABLE session;
CREATE TABLE session (
    token_hash TEXT    NOT NULL PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    staff      TEXT    NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    shown      TEXT    NOT NULL,
    shown_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_staff ON session (staff, expires_at);
