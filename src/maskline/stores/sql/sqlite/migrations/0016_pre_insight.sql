-- What the console shows of what went on: happenings that are kept a while, sums of quarters of an
-- hour, delivered notices, and what people said about problems.

-- `detail` is JSON without real numbers, secrets and texts.
CREATE TABLE happening (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    app_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    cause TEXT NOT NULL,
    detail BLOB NOT NULL
);
CREATE INDEX happening_of_kind ON happening (kind, sequence);
CREATE INDEX happening_of_application ON happening (app_key, kind, sequence);
CREATE INDEX happening_of_subject ON happening (subject, kind, sequence);

-- What name and sums are depends on the subject.
CREATE TABLE tally (
    subject TEXT NOT NULL,
    slot INTEGER NOT NULL,
    app_key TEXT NOT NULL,
    name TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    s0 INTEGER NOT NULL,
    s1 INTEGER NOT NULL,
    s2 INTEGER NOT NULL,
    s3 INTEGER NOT NULL,
    s4 INTEGER NOT NULL,
    s5 INTEGER NOT NULL,
    s6 INTEGER NOT NULL,
    s7 INTEGER NOT NULL,
    PRIMARY KEY (subject, slot, app_key, name)
) WITHOUT ROWID;

-- Up to which sequence rows are counted. What is up to `written` was there at `written_at`.
CREATE TABLE tally_position (
    name TEXT NOT NULL PRIMARY KEY,
    counted INTEGER NOT NULL,
    written INTEGER NOT NULL,
    written_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Delivered notices as they stood in the outbox, sealed as they were.
CREATE TABLE delivered_notice (
    sequence INTEGER PRIMARY KEY,
    notice_id TEXT NOT NULL,
    push_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    app_key TEXT NOT NULL,
    purpose TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    delivered_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX delivered_of_stream ON delivered_notice (stream, sequence);
CREATE INDEX delivered_of_push ON delivered_notice (push_id);
CREATE INDEX delivered_of_application ON delivered_notice (app_key, sequence);

-- What somebody said about a problem: it is known, or shall be silent until then.
CREATE TABLE problem_mark (
    problem_id TEXT NOT NULL PRIMARY KEY,
    app_key TEXT NOT NULL,
    marked_by TEXT NOT NULL,
    marked_at INTEGER NOT NULL,
    muted_until INTEGER,
    note TEXT NOT NULL
) WITHOUT ROWID;
