-- The audit log as a tree: what personal data was read for, which leaf an entry is, and the heads that were made of the log.

ALTER TABLE audit ADD COLUMN purpose TEXT;
-- The entry's place in the tree, from 0; NULL until it was hashed. Given once, together with the head that covers it.
ALTER TABLE audit ADD COLUMN leaf INTEGER;
CREATE UNIQUE INDEX audit_by_leaf ON audit (leaf);
CREATE INDEX audit_unhashed ON audit (seq) WHERE leaf IS NULL;

-- Hashes, key and signature are small hexadecimal digits; the peaks stand one behind the other, largest first.
CREATE TABLE audit_head (
    size       INTEGER NOT NULL PRIMARY KEY,
    root       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    peaks      TEXT    NOT NULL,
    public_key TEXT,
    signature  TEXT
) STRICT;
