-- What was credited for a case before it is known who is right. The money itself moves at the wallet.
CREATE TABLE case_credit (
    case_id    TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    minor      INTEGER NOT NULL CHECK (minor > 0),
    currency   TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    changed_at INTEGER NOT NULL,
    details    TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
