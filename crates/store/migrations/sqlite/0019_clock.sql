-- Clocks of cases: until when something is due, under which rule. `look_at` is when somebody has to look at it next; none when never.
CREATE TABLE case_clock (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    case_id    TEXT    NOT NULL,
    wallet     TEXT    NOT NULL,
    regime     TEXT    NOT NULL,
    clock      TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    deadline   INTEGER,
    look_at    INTEGER,
    ended_at   INTEGER,
    details    TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (case_id, regime, clock)
) STRICT;
CREATE INDEX case_clock_next ON case_clock (look_at, id);
CREATE INDEX support_case_of_kind ON support_case (wallet, kind, state, opened_at, id);
