-- Help: codes, counts, acts on wallets, cases and the outbox. Times are microseconds since the Unix epoch, UTC; booleans are 0 or 1;
-- `details` is JSON. Customers are keyed hashes here. These rows outlive the contact they came from, so none of them refers to it.
-- Identifiers sort by bytes, as on SQLite.

CREATE TABLE challenge (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    contact    TEXT COLLATE "C" NOT NULL,
    wallet     TEXT NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    -- A keyed hash of the code.
    code       TEXT NOT NULL,
    state      TEXT NOT NULL,
    sent_at    BIGINT NOT NULL,
    details    TEXT NOT NULL,
    -- When the row must be gone; how long the code is good for stands in its details.
    expires_at BIGINT NOT NULL
);

-- What was lately done under one key: the row on which a limit is guarded.
CREATE TABLE tally (
    key        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    -- JSON: what, when and against whom, oldest first.
    ticks      TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE operation (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    -- The wallet knows the act by it: one key, one act.
    key        TEXT COLLATE "C" NOT NULL UNIQUE,
    wallet     TEXT NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    case_id    TEXT COLLATE "C" NOT NULL,
    contact    TEXT COLLATE "C" NOT NULL,
    state      TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    details    TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX operation_by_case ON operation (case_id, created_at, id);
CREATE INDEX operation_unsettled ON operation (created_at, id) WHERE settled_at IS NULL;

-- `case` is a word of SQL.
CREATE TABLE support_case (
    id             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    reference      TEXT COLLATE "C" NOT NULL UNIQUE,
    kind           TEXT NOT NULL,
    wallet         TEXT NOT NULL,
    subject        TEXT COLLATE "C" NOT NULL,
    transaction_id TEXT,
    state          TEXT NOT NULL,
    opened_at      BIGINT NOT NULL,
    details        TEXT NOT NULL,
    expires_at     BIGINT NOT NULL
);
CREATE INDEX support_case_by_customer ON support_case (subject, wallet, kind, transaction_id, opened_at, id);

-- The outbox. An errand that is over leaves no row.
CREATE TABLE errand (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    wallet     TEXT NOT NULL,
    contact    TEXT COLLATE "C",
    kind       TEXT NOT NULL,
    -- What is to be done, sealed: it names numbers, addresses and codes.
    job        TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    give_up_at BIGINT NOT NULL
);
CREATE INDEX errand_by_due ON errand (due_at, id);
