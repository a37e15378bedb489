-- What members of staff were examined in: at most one certificate of each kind, replaced by the next.
CREATE TABLE certificate (
    staff      TEXT    NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    score      INTEGER NOT NULL,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (staff, kind)
) STRICT;
