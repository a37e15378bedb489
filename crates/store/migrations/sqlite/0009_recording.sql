-- Recordings of contacts. A row outlives its recording: of what is erased the state remains, and no key, hash or waveform. Times are
-- microseconds since the Unix epoch, UTC; `notice` and `state` are JSON. A row may be durable before its contact is.

CREATE TABLE recording (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    contact    TEXT    NOT NULL UNIQUE,
    standing   TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    notice     TEXT    NOT NULL,
    state      TEXT    NOT NULL
) STRICT;
CREATE INDEX recording_by_standing ON recording (standing, expires_at);
