-- Clocks of cases: until when something is due, under which rule. `look_at` is when somebody has to look at it next; none when never.
CREATE TABLE case_clock (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    case_id    TEXT COLLATE "C" NOT NULL,
    wallet     TEXT COLLATE "C" NOT NULL,
    regime     TEXT COLLATE "C" NOT NULL,
    clock      TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    deadline   BIGINT,
    look_at    BIGINT,
    ended_at   BIGINT,
    details    TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (case_id, regime, clock)
);
CREATE INDEX case_clock_next ON case_clock (look_at, id);
CREATE INDEX support_case_of_kind ON support_case (wallet, kind, state, opened_at, id);
