-- What was credited for a case before it is known who is right. The money itself moves at the wallet.
CREATE TABLE case_credit (
    case_id    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version    BIGINT NOT NULL,
    minor      BIGINT NOT NULL CHECK (minor > 0),
    currency   TEXT COLLATE "C" NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    details    TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
