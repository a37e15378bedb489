-- Calls, staff and the audit log. Times are microseconds since the Unix epoch, UTC; booleans are 0 or 1; `details` is JSON.
-- Identifiers sort by bytes, as on SQLite.

CREATE TABLE contact (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version     BIGINT NOT NULL,
    line        TEXT NOT NULL,
    wallet      TEXT NOT NULL,
    caller      TEXT NOT NULL,
    opened_at   BIGINT NOT NULL,
    ended_at    BIGINT,
    disposition TEXT,
    details     TEXT NOT NULL,
    -- The personal data of a contact, in all the tables that refer to it, goes with this row.
    expires_at  BIGINT NOT NULL
);
CREATE INDEX contact_by_opening ON contact (opened_at, id);
CREATE INDEX contact_open ON contact (id) WHERE ended_at IS NULL;

-- Finds the contacts an agent took part in; their order stands in the contact's details.
CREATE TABLE contact_agent (
    agent     TEXT COLLATE "C" NOT NULL,
    contact   TEXT COLLATE "C" NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (agent, contact)
);
CREATE INDEX contact_agent_by_opening ON contact_agent (agent, opened_at, contact);
CREATE INDEX contact_agent_by_contact ON contact_agent (contact);

CREATE TABLE leg (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version     BIGINT NOT NULL,
    contact     TEXT COLLATE "C" NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT,
    cause       TEXT,
    dialog      TEXT,
    dialog_over BIGINT NOT NULL,
    details     TEXT NOT NULL
);
CREATE INDEX leg_by_contact ON leg (contact, started_at, id);
CREATE INDEX leg_open ON leg (id) WHERE ended_at IS NULL;
CREATE INDEX leg_in_dialog ON leg (started_at, id) WHERE dialog IS NOT NULL;

CREATE TABLE timeline (
    contact TEXT COLLATE "C" NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    fact    TEXT NOT NULL,
    PRIMARY KEY (contact, seq)
);

CREATE TABLE note (
    contact TEXT COLLATE "C" NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    agent   TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (contact, agent)
);

CREATE TABLE wrap_up (
    contact TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES contact (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    agent   TEXT COLLATE "C" NOT NULL,
    code    TEXT NOT NULL,
    note    TEXT NOT NULL,
    at      BIGINT NOT NULL
);

CREATE TABLE staff (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version       BIGINT NOT NULL,
    user_name     TEXT NOT NULL UNIQUE,
    number        TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    sip_ha1       TEXT,
    details       TEXT NOT NULL
);

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    staff      TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_staff ON session (staff, expires_at);

CREATE TABLE login_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    staff      TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX login_link_by_staff ON login_link (staff, expires_at);

CREATE TABLE sip_binding (
    staff      TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    binding    TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE presence (
    seq   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL,
    at    BIGINT NOT NULL
);
CREATE INDEX presence_by_agent ON presence (agent, at, seq);

CREATE TABLE audit (
    seq     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, seq);
