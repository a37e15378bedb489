-- What was written in forms of the help pages that became cases. What it says is sealed like what waits in the outbox.
CREATE TABLE statement (
    case_id    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    form       TEXT COLLATE "C" NOT NULL UNIQUE,
    told       TEXT NOT NULL,
    sent_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
