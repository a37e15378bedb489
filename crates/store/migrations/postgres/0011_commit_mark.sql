-- What became of a transaction whose answer was lost: each writer of the program has one row, and each of its transactions puts its
-- own number there. Nothing is done by it, so the audit log does not speak of it.
CREATE TABLE commit_mark (
    writer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    landed BIGINT NOT NULL,
    at     BIGINT NOT NULL
);
