-- Articles of the help centre. Every version stays; `details` is JSON, `null` where the article was taken down.

CREATE TABLE article (
    wallet       TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    slug         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    details      TEXT    NOT NULL,
    PRIMARY KEY (wallet, language, slug, version)
) STRICT;
