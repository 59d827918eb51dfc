-- Traces of calls, how long a tenant's call records are kept, and what was erased.
CREATE TABLE call_trace (
    session_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_key TEXT COLLATE "C" NOT NULL,
    began_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX call_trace_by_time ON call_trace (began_at);

ALTER TABLE tenant ADD COLUMN record_retention_days INTEGER NOT NULL DEFAULT 180;

-- One row for each person whose data was erased, which never says whose it was: `place` orders
-- them, `counts` is how much of what, `seal` a keyed hash over the row and the one before, so that
-- none can be changed or taken out.
CREATE TABLE erasure (
    place BIGINT NOT NULL PRIMARY KEY,
    erasure_id TEXT COLLATE "C" NOT NULL UNIQUE,
    tenant_id TEXT COLLATE "C" NOT NULL,
    erased_at BIGINT NOT NULL,
    counts TEXT NOT NULL,
    seal BYTEA NOT NULL
);

CREATE INDEX bind_key_of_binding ON bind_key (binding_id);
