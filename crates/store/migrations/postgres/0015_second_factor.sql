-- What somebody shows besides their password: an authenticator's seed, sealed, the last step of which a code was taken, a seed that
-- was shown and waits to be confirmed, and keyed hashes of the recovery codes that are left, as a JSON list.
CREATE TABLE second_factor (
    staff        TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    version      BIGINT NOT NULL,
    seed         TEXT,
    since        BIGINT,
    step         BIGINT NOT NULL,
    offered_seed TEXT,
    offered_at   BIGINT,
    recovery     TEXT NOT NULL,
    misses       BIGINT NOT NULL,
    locked_until BIGINT
);

-- A session knows what was shown and when, and stays the same when its token changes. Of those before, nobody can say what was
-- shown: everybody logs in again.
DROP TABLE session;
CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    staff      TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    shown      TEXT NOT NULL,
    shown_at   BIGINT NOT NULL
);
CREATE INDEX session_by_staff ON session (staff, expires_at);
