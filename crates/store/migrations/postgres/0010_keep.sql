-- How long recordings stay, who may find them, and who leads whom. Times are microseconds since the Unix epoch, UTC.

-- Legal holds of a recording, oldest first, as JSON; `held` is 1 while one stands.
ALTER TABLE recording ADD COLUMN holds TEXT NOT NULL DEFAULT '[]';
ALTER TABLE recording ADD COLUMN held BIGINT NOT NULL DEFAULT 0;

-- Until when a case keeps the recordings of its contacts: 0 when it keeps none, and the end of time while it is open.
ALTER TABLE support_case ADD COLUMN kept_until BIGINT NOT NULL DEFAULT 0;
UPDATE support_case SET kept_until = CASE WHEN state = 'open' THEN 9223372036854775807 ELSE expires_at END
    WHERE kind IN ('freeze', 'transaction_overdue', 'refund_due');

-- Finds the cases of a contact; the order of a case's contacts stands in its details.
CREATE TABLE case_contact (
    contact TEXT COLLATE "C" NOT NULL,
    case_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (contact, case_id)
);
INSERT INTO case_contact (contact, case_id)
    SELECT recording.contact, support_case.id FROM recording
    JOIN support_case ON support_case.details LIKE '%"' || recording.contact || '"%';

-- What a contact was about, to find it by.
ALTER TABLE contact ADD COLUMN service TEXT;
UPDATE contact SET service = CASE
    WHEN details LIKE '%"service":"account"%' THEN 'account'
    WHEN details LIKE '%"service":"transactions"%' THEN 'transactions'
    WHEN details LIKE '%"service":"security"%' THEN 'security'
    WHEN details LIKE '%"service":"refunds"%' THEN 'refunds'
    WHEN details LIKE '%"service":"features"%' THEN 'features'
    WHEN details LIKE '%"service":"freeze"%' THEN 'freeze'
    END;
CREATE INDEX contact_by_line ON contact (line, opened_at, id);

-- The teams somebody belongs to, or leads: what `staff.teams` says in JSON, a row for each that is named. Whoever led agents before
-- there were teams leads all of them.
ALTER TABLE staff ADD COLUMN teams TEXT NOT NULL DEFAULT '{"named":[]}';
UPDATE staff SET teams = '"all"' WHERE details LIKE '%"role":"supervisor"%';
CREATE TABLE staff_team (
    staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    team  TEXT NOT NULL,
    PRIMARY KEY (staff, team)
);
CREATE INDEX staff_team_by_team ON staff_team (team, staff);

-- Which part of a recording somebody was given to hear, milliseconds from its start, and when. One with an entry of the audit log.
CREATE TABLE listening (
    recording TEXT COLLATE "C" NOT NULL,
    staff     TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    from_ms   BIGINT NOT NULL,
    to_ms     BIGINT NOT NULL
);
CREATE INDEX listening_by_recording ON listening (recording, at);
