-- Bindings that have ended, and how long a tenant's are kept.

-- The columns are those of `binding`, as they were: a row is copied, sealed as it is. `a` and `b`
-- are keyed hashes, `b` null where there was no real B.
CREATE TABLE ended_binding (
    sequence INTEGER PRIMARY KEY,
    binding_id TEXT NOT NULL,
    mode TEXT NOT NULL,
    app_key TEXT NOT NULL,
    x TEXT NOT NULL,
    a BLOB NOT NULL,
    b BLOB,
    expires_at INTEGER,
    sealed BLOB NOT NULL,
    y TEXT,
    extension TEXT,
    relation TEXT,
    calls_left INTEGER,
    idle_us INTEGER,
    ends_at INTEGER,
    ended_at INTEGER NOT NULL,
    cause TEXT NOT NULL
);
CREATE INDEX ended_binding_by_id ON ended_binding (binding_id);
CREATE INDEX ended_binding_by_time ON ended_binding (ended_at);
CREATE INDEX ended_binding_of_application ON ended_binding (app_key, ended_at);
CREATE INDEX ended_binding_of_number ON ended_binding (x, ended_at);
CREATE INDEX ended_binding_of_y ON ended_binding (y, ended_at) WHERE y IS NOT NULL;
CREATE INDEX ended_binding_of_a ON ended_binding (a, ended_at);
CREATE INDEX ended_binding_of_b ON ended_binding (b, ended_at) WHERE b IS NOT NULL;

ALTER TABLE tenant ADD COLUMN binding_retention_days INTEGER NOT NULL DEFAULT 180;
