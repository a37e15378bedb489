-- The official directory: addresses of wallets, what was done to them, what was signed and published, and what is reported as a
-- fake. Times are microseconds since the Unix epoch, UTC; `details` is JSON.

CREATE TABLE listing (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    wallet     TEXT    NOT NULL,
    -- The address as one word: a wallet has one listing of it.
    address    TEXT    NOT NULL,
    published  INTEGER NOT NULL,
    proposed   INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    details    TEXT    NOT NULL,
    UNIQUE (wallet, address)
) STRICT;

-- Only ever added to.
CREATE TABLE listing_line (
    seq     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    listing TEXT    NOT NULL REFERENCES listing (id),
    at      INTEGER NOT NULL,
    details TEXT    NOT NULL
) STRICT;
CREATE INDEX listing_line_by_listing ON listing_line (listing, seq);

-- What was signed. Only ever added to, and numbered without a gap.
CREATE TABLE edition (
    version    INTEGER NOT NULL PRIMARY KEY,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    key_id     TEXT    NOT NULL,
    hash       TEXT    NOT NULL,
    document   TEXT    NOT NULL,
    -- JSON: what it lists.
    listed     TEXT    NOT NULL
) STRICT;

CREATE TABLE suspect (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    -- What is reported, as one word.
    mark       TEXT    NOT NULL UNIQUE,
    state      TEXT    NOT NULL,
    last_at    INTEGER NOT NULL,
    details    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX suspect_by_state ON suspect (state, last_at, id);
CREATE INDEX suspect_by_expiry ON suspect (expires_at);
