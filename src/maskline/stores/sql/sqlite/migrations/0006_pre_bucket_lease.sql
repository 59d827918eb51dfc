-- Which worker serves which bucket of the outbox, and the workers that ask for a share.

CREATE TABLE bucket_lease (
    bucket INTEGER NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL
);
CREATE TABLE bucket_holder (
    holder TEXT NOT NULL PRIMARY KEY,
    until INTEGER NOT NULL
) WITHOUT ROWID;
