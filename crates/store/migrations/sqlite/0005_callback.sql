-- Requests to be called back. Each belongs to a case, which carries its reference. Times are microseconds since the Unix epoch, UTC.

CREATE TABLE callback (
    case_id    TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    wallet     TEXT    NOT NULL,
    -- The number to be called, sealed: a copy of the database gives away none.
    number     TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    service    TEXT,
    -- `waiting`, `taken`, `done`; by whom and when stands in the details.
    state      TEXT    NOT NULL,
    asked_at   INTEGER NOT NULL,
    details    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX callback_open ON callback (asked_at, case_id) WHERE state <> 'done';
