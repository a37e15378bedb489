-- What became of messages, and what they came to. Times are microseconds since the Unix epoch, UTC; `details` is JSON. Neither the words
-- of a message nor its number stand here.

CREATE TABLE delivery (
    -- The errand that carries it.
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    wallet     TEXT COLLATE "C" NOT NULL,
    contact    TEXT COLLATE "C",
    challenge  TEXT,
    state      TEXT COLLATE "C" NOT NULL,
    route      TEXT,
    -- The gateway's own name for it, by which receipts find it.
    reference  TEXT,
    queued_at  BIGINT NOT NULL,
    details    TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX delivery_by_reference ON delivery (wallet, route, reference, queued_at) WHERE reference IS NOT NULL;
CREATE INDEX delivery_by_contact ON delivery (contact, queued_at, id);

-- Messages of one wallet on one day of its own: all of them, those to a prefix, those to a range of numbers.
CREATE TABLE message_budget (
    wallet   TEXT COLLATE "C" NOT NULL,
    day      TEXT COLLATE "C" NOT NULL,
    scope    TEXT COLLATE "C" NOT NULL,
    version  BIGINT NOT NULL,
    messages BIGINT NOT NULL,
    -- In millionths of the wallet's currency.
    cost     BIGINT NOT NULL,
    PRIMARY KEY (wallet, day, scope)
);

-- When an errand was found changed by other hands: it is not run.
ALTER TABLE errand ADD COLUMN refused_at BIGINT;
