-- Articles of the help centre. Every version stays; `details` is JSON, `null` where the article was taken down.

CREATE TABLE article (
    wallet       TEXT COLLATE "C" NOT NULL,
    language     TEXT COLLATE "C" NOT NULL,
    slug         TEXT COLLATE "C" NOT NULL,
    version      BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    details      TEXT NOT NULL,
    PRIMARY KEY (wallet, language, slug, version)
);
