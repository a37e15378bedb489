-- Reversals of transactions. Times are microseconds of sandbox time since the Unix epoch, UTC; `minor4` is the amount in ten-thousandths
-- of its currency. A reversal that was taken counts against its original at once, and is carried out when it is due.
CREATE TABLE reversal (
    number         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    correlation_id TEXT    NOT NULL UNIQUE,
    wallet         TEXT    NOT NULL,
    account        TEXT    NOT NULL,
    original       TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    amount         TEXT    NOT NULL,
    minor4         INTEGER NOT NULL,
    currency       TEXT    NOT NULL,
    callback_url   TEXT,
    is_deferred    INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    -- When a pending one is carried out; none once it is.
    due_at         INTEGER
) STRICT;
CREATE INDEX reversal_by_original ON reversal (original);
CREATE INDEX reversal_pending ON reversal (due_at) WHERE due_at IS NOT NULL;

-- What an effect moved, where it moved money.
ALTER TABLE ledger ADD COLUMN amount TEXT;
ALTER TABLE ledger ADD COLUMN currency TEXT;
ALTER TABLE ledger ADD COLUMN original TEXT;

-- What a callback says; none for the change of an account.
ALTER TABLE callback ADD COLUMN body TEXT;
