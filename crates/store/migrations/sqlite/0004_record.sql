-- Lines that acts on a wallet add to a contact's timeline, and its case. They stand in the commits of the acts, which may come before
-- the contact itself is durable, or after its end: so there is no reference to it. Whoever erases a contact erases these too.
CREATE TABLE timeline_added (
    contact TEXT    NOT NULL,
    -- The row it tells of and how that stood then.
    name    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    fact    TEXT    NOT NULL,
    PRIMARY KEY (contact, name)
) STRICT;

CREATE TABLE contact_case (
    contact   TEXT    NOT NULL PRIMARY KEY,
    reference TEXT    NOT NULL,
    at        INTEGER NOT NULL
) STRICT;

-- The run of the program that claimed an errand: when that run is over, the next start frees what it held.
ALTER TABLE errand ADD COLUMN held_by TEXT;
CREATE INDEX errand_by_holder ON errand (held_by) WHERE held_by IS NOT NULL;
