-- What members of staff were examined in: at most one certificate of each kind, replaced by the next.
CREATE TABLE certificate (
    staff      TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    score      BIGINT NOT NULL,
    issued_at  BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (staff, kind)
);
