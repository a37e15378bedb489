-- Calls, staff and the audit log. Times are microseconds since the Unix epoch, UTC; booleans are 0 or 1; `details` is JSON.

CREATE TABLE contact (
    id          TEXT    NOT NULL PRIMARY KEY,
    version     INTEGER NOT NULL,
    line        TEXT    NOT NULL,
    wallet      TEXT    NOT NULL,
    caller      TEXT    NOT NULL,
    opened_at   INTEGER NOT NULL,
    ended_at    INTEGER,
    disposition TEXT,
    details     TEXT    NOT NULL,
    -- The personal data of a contact, in all the tables that refer to it, goes with this row.
    expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX contact_by_opening ON contact (opened_at, id);
CREATE INDEX contact_open ON contact (id) WHERE ended_at IS NULL;

-- Finds the contacts an agent took part in; their order stands in the contact's details.
CREATE TABLE contact_agent (
    agent     TEXT    NOT NULL,
    contact   TEXT    NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    opened_at INTEGER NOT NULL,
    PRIMARY KEY (agent, contact)
) STRICT;
CREATE INDEX contact_agent_by_opening ON contact_agent (agent, opened_at, contact);
CREATE INDEX contact_agent_by_contact ON contact_agent (contact);

CREATE TABLE leg (
    id          TEXT    NOT NULL PRIMARY KEY,
    version     INTEGER NOT NULL,
    contact     TEXT    NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    cause       TEXT,
    dialog      TEXT,
    dialog_over INTEGER NOT NULL,
    details     TEXT    NOT NULL
) STRICT;
CREATE INDEX leg_by_contact ON leg (contact, started_at, id);
CREATE INDEX leg_open ON leg (id) WHERE ended_at IS NULL;
CREATE INDEX leg_in_dialog ON leg (started_at, id) WHERE dialog IS NOT NULL;

CREATE TABLE timeline (
    contact TEXT    NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    fact    TEXT    NOT NULL,
    PRIMARY KEY (contact, seq)
) STRICT;

CREATE TABLE note (
    contact TEXT    NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    agent   TEXT    NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (contact, agent)
) STRICT;

CREATE TABLE wrap_up (
    contact TEXT    NOT NULL PRIMARY KEY REFERENCES contact (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    agent   TEXT    NOT NULL,
    code    TEXT    NOT NULL,
    note    TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE TABLE staff (
    id            TEXT    NOT NULL PRIMARY KEY,
    version       INTEGER NOT NULL,
    user_name     TEXT    NOT NULL UNIQUE,
    number        TEXT    NOT NULL UNIQUE,
    password_hash TEXT,
    sip_ha1       TEXT,
    details       TEXT    NOT NULL
) STRICT;

CREATE TABLE session (
    token_hash TEXT    NOT NULL PRIMARY KEY,
    staff      TEXT    NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_staff ON session (staff, expires_at);

CREATE TABLE login_link (
    token_hash TEXT    NOT NULL PRIMARY KEY,
    staff      TEXT    NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX login_link_by_staff ON login_link (staff, expires_at);

CREATE TABLE sip_binding (
    staff      TEXT    NOT NULL PRIMARY KEY REFERENCES staff (id) ON DELETE CASCADE,
    binding    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE presence (
    seq   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    agent TEXT    NOT NULL,
    state TEXT    NOT NULL,
    at    INTEGER NOT NULL
) STRICT;
CREATE INDEX presence_by_agent ON presence (agent, at, seq);

CREATE TABLE audit (
    seq     INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    subject TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, seq);
