-- Reports of days that are over, as figures by tenant in JSON.

CREATE TABLE daily_report (
    day TEXT NOT NULL PRIMARY KEY,
    made_at INTEGER NOT NULL,
    content BLOB NOT NULL
) WITHOUT ROWID;
