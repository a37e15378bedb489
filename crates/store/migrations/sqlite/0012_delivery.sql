-- What became of messages, and what they came to. Times are microseconds since the Unix epoch, UTC; `details` is JSON. Neither the words
-- of a message nor its number stand here.

CREATE TABLE delivery (
    -- The errand that carries it.
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    wallet     TEXT    NOT NULL,
    contact    TEXT,
    challenge  TEXT,
    state      TEXT    NOT NULL,
    route      TEXT,
    -- The gateway's own name for it, by which receipts find it.
    reference  TEXT,
    queued_at  INTEGER NOT NULL,
    details    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_by_reference ON delivery (wallet, route, reference, queued_at) WHERE reference IS NOT NULL;
CREATE INDEX delivery_by_contact ON delivery (contact, queued_at, id);

-- Messages of one wallet on one day of its own: all of them, those to a prefix, those to a range of numbers.
CREATE TABLE message_budget (
    wallet   TEXT    NOT NULL,
    day      TEXT    NOT NULL,
    scope    TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    -- In millionths of the wallet's currency.
    cost     INTEGER NOT NULL,
    PRIMARY KEY (wallet, day, scope)
) STRICT;

-- When an errand was found changed by other hands: it is not run.
ALTER TABLE errand ADD COLUMN refused_at INTEGER;
