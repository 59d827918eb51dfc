-- Reports of days that are over, as figures by tenant in JSON.

CREATE TABLE daily_report (
    day TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    content BYTEA NOT NULL
);
