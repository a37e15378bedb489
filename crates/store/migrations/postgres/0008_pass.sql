-- Call passes: what somebody wrote on the help pages before calling. Found by a keyed hash of wallet and code; the code is nowhere.
-- Times are microseconds since the Unix epoch, UTC; `details` is JSON. A row refers to no contact: it is gone after a day.

CREATE TABLE call_pass (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    BIGINT  NOT NULL,
    wallet     TEXT    NOT NULL,
    code       TEXT    NOT NULL UNIQUE,
    topic      TEXT    NOT NULL,
    made_at    BIGINT  NOT NULL,
    details    TEXT    NOT NULL,
    expires_at BIGINT  NOT NULL
);
CREATE INDEX call_pass_by_expiry ON call_pass (expires_at);
CREATE INDEX call_pass_by_wallet ON call_pass (wallet, expires_at);
