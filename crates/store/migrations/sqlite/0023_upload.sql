-- Files that were sent as evidence for cases. Their bytes are sealed files in the data folder; `state` holds the sealed key while there is one.
CREATE TABLE upload (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    case_id    TEXT    NOT NULL,
    place      INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    digest     TEXT    NOT NULL,
    sent_by    TEXT    NOT NULL,
    sent_at    INTEGER NOT NULL,
    standing   TEXT    NOT NULL,
    state      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (case_id, place)
) STRICT;
CREATE INDEX upload_standing ON upload (standing, sent_at, id);
