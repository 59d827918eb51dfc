-- What the console shows of what went on: happenings that are kept a while, sums of quarters of an
-- hour, delivered notices, and what people said about problems.

-- `detail` is JSON without real numbers, secrets and texts.
CREATE TABLE happening (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    happened_at BIGINT NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    detail BYTEA NOT NULL
);
CREATE INDEX happening_of_kind ON happening (kind, sequence);
CREATE INDEX happening_of_application ON happening (app_key, kind, sequence);
CREATE INDEX happening_of_subject ON happening (subject, kind, sequence);

-- What name and sums are depends on the subject.
CREATE TABLE tally (
    subject TEXT COLLATE "C" NOT NULL,
    slot BIGINT NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    s0 BIGINT NOT NULL,
    s1 BIGINT NOT NULL,
    s2 BIGINT NOT NULL,
    s3 BIGINT NOT NULL,
    s4 BIGINT NOT NULL,
    s5 BIGINT NOT NULL,
    s6 BIGINT NOT NULL,
    s7 BIGINT NOT NULL,
    PRIMARY KEY (subject, slot, app_key, name)
);

-- Up to which sequence rows are counted. What is up to `written` was there at `written_at`.
CREATE TABLE tally_position (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    counted BIGINT NOT NULL,
    written BIGINT NOT NULL,
    written_at BIGINT NOT NULL
);
CREATE INDEX call_record_by_place ON call_record (sequence);

-- Delivered notices as they stood in the outbox, sealed as they were.
CREATE TABLE delivered_notice (
    bucket SMALLINT NOT NULL,
    sequence BIGINT NOT NULL,
    notice_id TEXT COLLATE "C" NOT NULL,
    push_id TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    delivered_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (bucket, sequence)
);
CREATE INDEX delivered_by_place ON delivered_notice (sequence);
CREATE INDEX delivered_of_stream ON delivered_notice (stream, sequence);
CREATE INDEX delivered_of_push ON delivered_notice (push_id);
CREATE INDEX delivered_of_application ON delivered_notice (app_key, sequence);

-- What somebody said about a problem: it is known, or shall be silent until then.
CREATE TABLE problem_mark (
    problem_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_key TEXT COLLATE "C" NOT NULL,
    marked_by TEXT NOT NULL,
    marked_at BIGINT NOT NULL,
    muted_until BIGINT,
    note TEXT NOT NULL
);
