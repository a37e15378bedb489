-- What whoever calls back says first, and until when, sealed; null of requests from before there were phrases.

ALTER TABLE callback ADD COLUMN phrase TEXT;
