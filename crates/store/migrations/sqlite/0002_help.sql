-- Help: codes, counts, acts on wallets, cases and the outbox. Times are microseconds since the Unix epoch, UTC; booleans are 0 or 1;
-- `details` is JSON. Customers are keyed hashes here. These rows outlive the contact they came from, so none of them refers to it.

CREATE TABLE challenge (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    contact    TEXT    NOT NULL,
    wallet     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    -- A keyed hash of the code.
    code       TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    sent_at    INTEGER NOT NULL,
    details    TEXT    NOT NULL,
    -- When the row must be gone; how long the code is good for stands in its details.
    expires_at INTEGER NOT NULL
) STRICT;

-- What was lately done under one key: the row on which a limit is guarded.
CREATE TABLE tally (
    key        TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    -- JSON: what, when and against whom, oldest first.
    ticks      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE operation (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    -- The wallet knows the act by it: one key, one act.
    key        TEXT    NOT NULL UNIQUE,
    wallet     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    case_id    TEXT    NOT NULL,
    contact    TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    settled_at INTEGER,
    details    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX operation_by_case ON operation (case_id, created_at, id);
CREATE INDEX operation_unsettled ON operation (created_at, id) WHERE settled_at IS NULL;

-- `case` is a word of SQL.
CREATE TABLE support_case (
    id             TEXT    NOT NULL PRIMARY KEY,
    version        INTEGER NOT NULL,
    reference      TEXT    NOT NULL UNIQUE,
    kind           TEXT    NOT NULL,
    wallet         TEXT    NOT NULL,
    subject        TEXT    NOT NULL,
    transaction_id TEXT,
    state          TEXT    NOT NULL,
    opened_at      INTEGER NOT NULL,
    details        TEXT    NOT NULL,
    expires_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX support_case_by_customer ON support_case (subject, wallet, kind, transaction_id, opened_at, id);

-- The outbox. An errand that is over leaves no row.
CREATE TABLE errand (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    wallet     TEXT    NOT NULL,
    contact    TEXT,
    kind       TEXT    NOT NULL,
    -- What is to be done, sealed: it names numbers, addresses and codes.
    job        TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    give_up_at INTEGER NOT NULL
) STRICT;
CREATE INDEX errand_by_due ON errand (due_at, id);
