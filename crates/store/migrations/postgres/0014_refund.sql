-- Refunds: what was asked for, who decided, and the sums that must not be exceeded. Times are microseconds since the Unix epoch, UTC; sums
-- are whole minor units; `details` is JSON. These rows outlive the contact they came from, so none of them refers to it.

CREATE TABLE refund (
    id             TEXT    NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    -- The wallet knows the refund by it: one key, one effect.
    key            TEXT    NOT NULL UNIQUE,
    -- The request that asked for it, as a hash: sent again, it finds the same refund.
    request_key    TEXT    NOT NULL UNIQUE,
    wallet         TEXT    NOT NULL,
    subject        TEXT    NOT NULL,
    case_id        TEXT    NOT NULL,
    contact        TEXT    NOT NULL,
    transaction_id TEXT    NOT NULL,
    minor          BIGINT NOT NULL CHECK (minor > 0),
    currency       TEXT    NOT NULL,
    maker          TEXT    NOT NULL,
    state          TEXT    NOT NULL,
    asked_at       BIGINT NOT NULL,
    settled_at     BIGINT,
    -- The number of its customer and why it was asked for, sealed.
    person         TEXT    NOT NULL,
    details        TEXT    NOT NULL,
    expires_at     BIGINT NOT NULL
);
CREATE INDEX refund_by_contact ON refund (contact, asked_at, id);
CREATE INDEX refund_open ON refund (asked_at, id) WHERE settled_at IS NULL;

-- Decisions on refunds; lines are only ever added. `reason` is sealed.
CREATE TABLE refund_approval (
    refund   TEXT    NOT NULL,
    number   BIGINT NOT NULL,
    verdict  TEXT    NOT NULL,
    by_staff TEXT,
    reason   TEXT,
    at       BIGINT NOT NULL,
    PRIMARY KEY (refund, number)
);

-- What is back, on its way or approved of a transaction: never more than was paid, whoever writes.
CREATE TABLE refund_source (
    key            TEXT    NOT NULL PRIMARY KEY,
    version        BIGINT NOT NULL,
    wallet         TEXT    NOT NULL,
    transaction_id TEXT    NOT NULL,
    currency       TEXT    NOT NULL,
    captured       BIGINT NOT NULL,
    held           BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    CHECK (held >= 0 AND held <= captured)
);

-- What was approved within a day for one customer, or at one person's request.
CREATE TABLE refund_spent (
    key        TEXT    NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    -- JSON: which, how much and when, oldest first.
    entries    TEXT    NOT NULL,
    expires_at BIGINT NOT NULL
);
