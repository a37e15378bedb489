-- The sandbox's processing house. Times are microseconds of sandbox time since the Unix epoch, UTC.

CREATE TABLE setting (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

-- An account and who holds it. `wallets`: the brands that see it, as JSON; `profile`: what never changes, as JSON.
CREATE TABLE customer (
    account     TEXT    NOT NULL PRIMARY KEY,
    position    INTEGER NOT NULL,
    msisdn      TEXT    NOT NULL UNIQUE,
    wallets     TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    sub_status  TEXT    NOT NULL,
    modified_at INTEGER NOT NULL,
    seeded_at   INTEGER NOT NULL,
    profile     TEXT    NOT NULL
) STRICT;

-- What a transaction is; how far it is follows from `created_at` and the clock.
CREATE TABLE movement (
    id         TEXT    NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL REFERENCES customer (account) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    detail     TEXT    NOT NULL
) STRICT;
CREATE INDEX movement_by_account ON movement (account, created_at DESC, id);

-- A change that was taken, by the client's correlation id. Its number never returns, so an id from before a reset finds nothing.
CREATE TABLE request (
    number         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    correlation_id TEXT    NOT NULL UNIQUE,
    wallet         TEXT    NOT NULL,
    account        TEXT    NOT NULL,
    status         TEXT    NOT NULL,
    sub_status     TEXT    NOT NULL,
    callback_url   TEXT,
    -- Answered 202: its state is asked for, not its account's.
    is_deferred    INTEGER NOT NULL,
    -- When a pending one is carried out; none once it is.
    due_at         INTEGER
) STRICT;
CREATE INDEX request_pending ON request (due_at) WHERE due_at IS NOT NULL;

-- Every effect on an account, at most one for each correlation id.
CREATE TABLE ledger (
    id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    correlation_id TEXT    NOT NULL UNIQUE,
    operation      TEXT    NOT NULL,
    account        TEXT    NOT NULL,
    at             INTEGER NOT NULL
) STRICT;

-- Misbehaviour that was ordered, oldest first.
CREATE TABLE fault (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    operation TEXT    NOT NULL,
    fault     TEXT    NOT NULL,
    remaining INTEGER NOT NULL
) STRICT;

-- Callbacks that have not been taken yet.
CREATE TABLE callback (
    id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    correlation_id TEXT    NOT NULL,
    url            TEXT    NOT NULL,
    due_at         INTEGER NOT NULL,
    tries          INTEGER NOT NULL
) STRICT;
CREATE INDEX callback_due ON callback (due_at);
