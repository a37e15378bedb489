-- A masked number of a contact that somebody was shown in full, and why. `waits` is 1 where somebody else must see it and has not.
CREATE TABLE look_up (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    staff      TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    contact    TEXT COLLATE "C" NOT NULL,
    reason     TEXT NOT NULL,
    at         BIGINT NOT NULL,
    waits      BIGINT NOT NULL,
    seen_by    TEXT COLLATE "C",
    seen_at    BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX look_up_waiting ON look_up (waits, at, id);
