-- The directory, AXB bindings, calls and the outbox. Times are microseconds since 1970, UTC.
-- Columns named `sealed` and `body` are ciphertext; `caller`, `callee`, `a`, `b` keyed hashes.

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE tenant (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    data_key BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE application (
    app_key TEXT NOT NULL PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant,
    mode TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX application_by_time ON application (created_at, app_key);

CREATE TABLE trunk (
    name TEXT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE number (
    number TEXT NOT NULL PRIMARY KEY,
    app_key TEXT NOT NULL REFERENCES application,
    area_code TEXT NOT NULL,
    state TEXT NOT NULL,
    may_message INTEGER NOT NULL,
    pairs INTEGER NOT NULL DEFAULT 0 CHECK (pairs >= 0),
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
-- The least loaded number of a city, and of the whole application.
CREATE INDEX number_choice_in_area ON number (app_key, area_code, state, pairs, number);
CREATE INDEX number_choice ON number (app_key, state, pairs, number);

CREATE TABLE binding (
    sequence INTEGER PRIMARY KEY,
    binding_id TEXT NOT NULL UNIQUE,
    mode TEXT NOT NULL,
    app_key TEXT NOT NULL,
    x TEXT NOT NULL,
    a BLOB NOT NULL,
    b BLOB NOT NULL,
    expires_at INTEGER,
    sealed BLOB NOT NULL
);
CREATE INDEX binding_of_application ON binding (app_key);
CREATE INDEX binding_of_number ON binding (x, expires_at);
CREATE INDEX binding_expiry ON binding (expires_at) WHERE expires_at IS NOT NULL;

-- What a call looks up. The caller stands first so that one party's bindings are a range, too.
CREATE TABLE route (
    caller BLOB NOT NULL,
    x TEXT NOT NULL,
    binding INTEGER NOT NULL,
    role TEXT NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (caller, x)
) WITHOUT ROWID;

CREATE TABLE live_call (
    session_id TEXT NOT NULL PRIMARY KEY,
    host TEXT NOT NULL,
    app_key TEXT NOT NULL,
    x TEXT NOT NULL,
    arrived_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE call_record (
    sequence INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    app_key TEXT NOT NULL,
    x TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    caller BLOB NOT NULL,
    callee BLOB,
    sealed BLOB NOT NULL
);
CREATE INDEX call_record_by_time ON call_record (ended_at);
CREATE INDEX call_record_of_application ON call_record (app_key, ended_at);
CREATE INDEX call_record_of_number ON call_record (x, ended_at);
CREATE INDEX call_record_of_caller ON call_record (caller, ended_at);
CREATE INDEX call_record_of_callee ON call_record (callee, ended_at) WHERE callee IS NOT NULL;

-- state: 0 may be claimed when due, 1 the same as part of a batch, 2 held back by an earlier
-- notice of its stream, 3 dead. `error` is null until a try has failed.
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,
    notice_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    app_key TEXT NOT NULL,
    purpose TEXT NOT NULL,
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    batch_id TEXT,
    error TEXT,
    body BLOB NOT NULL
);
CREATE INDEX outbox_due ON outbox (app_key, purpose, state, due_at) WHERE state < 2;
CREATE INDEX outbox_stream ON outbox (stream, sequence) WHERE state < 3;
CREATE INDEX outbox_batch ON outbox (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (app_key, sequence) WHERE state = 3;
