-- Files that were sent as evidence for cases. Their bytes are sealed files in the data folder; `state` holds the sealed key while there is one.
CREATE TABLE upload (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    case_id    TEXT COLLATE "C" NOT NULL,
    place      BIGINT NOT NULL,
    name       TEXT NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    size       BIGINT NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    sent_by    TEXT NOT NULL,
    sent_at    BIGINT NOT NULL,
    standing   TEXT COLLATE "C" NOT NULL,
    state      TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (case_id, place)
);
CREATE INDEX upload_standing ON upload (standing, sent_at, id);
