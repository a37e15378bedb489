-- What stands behind the extension API. Times are microseconds of sandbox time since the Unix epoch, UTC.

-- `last_step`: the newest step of RFC 6238 whose code was taken; none of it or before it is taken again.
CREATE TABLE second_factor (
    account       TEXT    NOT NULL PRIMARY KEY REFERENCES customer (account) ON DELETE CASCADE,
    secret        TEXT    NOT NULL,
    is_active     INTEGER NOT NULL,
    since         INTEGER NOT NULL,
    last_step     INTEGER NOT NULL,
    refused       INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT;

CREATE TABLE device (
    id       TEXT    NOT NULL PRIMARY KEY,
    account  TEXT    NOT NULL REFERENCES customer (account) ON DELETE CASCADE,
    name     TEXT    NOT NULL,
    bound_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_by_account ON device (account, bound_at);

CREATE TABLE session (
    id      TEXT    NOT NULL PRIMARY KEY,
    account TEXT    NOT NULL REFERENCES customer (account) ON DELETE CASCADE,
    device  TEXT    NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    since   INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account, since);

-- A page that can be opened once. `purpose`: `reset`, `unlock`, `enrol`.
CREATE TABLE link (
    number     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account    TEXT    NOT NULL REFERENCES customer (account) ON DELETE CASCADE,
    purpose    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;

-- A code that the customer carries over into the app. `state`: `pending`, `approved`, `refused`.
CREATE TABLE approval (
    number     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    account    TEXT    NOT NULL REFERENCES customer (account) ON DELETE CASCADE,
    detail     TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    tries      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE closing (
    account   TEXT    NOT NULL PRIMARY KEY REFERENCES customer (account) ON DELETE CASCADE,
    closes_at INTEGER NOT NULL
) STRICT;

-- How a change was answered, by the client's correlation id: it is answered so again.
CREATE TABLE extension_request (
    correlation_id TEXT    NOT NULL PRIMARY KEY,
    asked          TEXT    NOT NULL,
    status         INTEGER NOT NULL,
    answer         TEXT    NOT NULL
) STRICT;

-- What a file of an earlier version already holds gets what a fresh one is seeded with.
INSERT INTO second_factor (account, secret, is_active, since, last_step, refused, blocked_until)
    SELECT account, json_extract(profile, '$.totp_secret'), 1, seeded_at, 0, 0, 0 FROM customer
    WHERE json_extract(profile, '$.totp_secret') IS NOT NULL;
INSERT INTO device (id, account, name, bound_at)
    SELECT 'device-' || account, account, 'Phone', seeded_at - 7776000000000 FROM customer;
INSERT INTO session (id, account, device, since)
    SELECT 'session-' || account, account, 'device-' || account, seeded_at - 86400000000 FROM customer;
