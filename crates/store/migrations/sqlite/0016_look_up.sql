-- A masked number of a contact that somebody was shown in full, and why. `waits` is 1 where somebody else must see it and has not.
CREATE TABLE look_up (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    staff      TEXT    NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    contact    TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    waits      INTEGER NOT NULL,
    seen_by    TEXT,
    seen_at    INTEGER,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX look_up_waiting ON look_up (waits, at, id);
