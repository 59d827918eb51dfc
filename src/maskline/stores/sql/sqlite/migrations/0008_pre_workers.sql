-- What one process tells all others that share the store.
CREATE TABLE bulletin (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    origin TEXT NOT NULL,
    posted_at INTEGER NOT NULL
) STRICT;

-- Virtual numbers that carry one call at a time, in the hands of one.
CREATE TABLE number_hold (
    x TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL,
    host TEXT NOT NULL,
    taken_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
