-- The official directory: addresses of wallets, what was done to them, what was signed and published, and what is reported as a
-- fake. Times are microseconds since the Unix epoch, UTC; `details` is JSON.

CREATE TABLE listing (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    wallet     TEXT NOT NULL,
    -- The address as one word: a wallet has one listing of it.
    address    TEXT COLLATE "C" NOT NULL,
    published  BIGINT NOT NULL,
    proposed   BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    details    TEXT NOT NULL,
    UNIQUE (wallet, address)
);

-- Only ever added to.
CREATE TABLE listing_line (
    seq     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    listing TEXT COLLATE "C" NOT NULL REFERENCES listing (id),
    at      BIGINT NOT NULL,
    details TEXT NOT NULL
);
CREATE INDEX listing_line_by_listing ON listing_line (listing, seq);

-- What was signed. Only ever added to, and numbered without a gap.
CREATE TABLE edition (
    version    BIGINT NOT NULL PRIMARY KEY,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    key_id     TEXT NOT NULL,
    hash       TEXT NOT NULL,
    document   TEXT NOT NULL,
    -- JSON: what it lists.
    listed     TEXT NOT NULL
);

CREATE TABLE suspect (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    -- What is reported, as one word.
    mark       TEXT COLLATE "C" NOT NULL UNIQUE,
    state      TEXT NOT NULL,
    last_at    BIGINT NOT NULL,
    details    TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX suspect_by_state ON suspect (state, last_at, id);
CREATE INDEX suspect_by_expiry ON suspect (expires_at);
