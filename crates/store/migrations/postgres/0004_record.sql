-- Lines that acts on a wallet add to a contact's timeline, and its case. They stand in the commits of the acts, which may come before
-- the contact itself is durable, or after its end: so there is no reference to it. Whoever erases a contact erases these too.
CREATE TABLE timeline_added (
    contact TEXT COLLATE "C" NOT NULL,
    -- The row it tells of and how that stood then.
    name    TEXT COLLATE "C" NOT NULL,
    at      BIGINT  NOT NULL,
    fact    TEXT    NOT NULL,
    PRIMARY KEY (contact, name)
);

CREATE TABLE contact_case (
    contact   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    reference TEXT    NOT NULL,
    at        BIGINT  NOT NULL
);

-- The run of the program that claimed an errand: when that run is over, the next start frees what it held.
ALTER TABLE errand ADD COLUMN held_by TEXT COLLATE "C";
CREATE INDEX errand_by_holder ON errand (held_by) WHERE held_by IS NOT NULL;
