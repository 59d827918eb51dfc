-- The audit log, and tokens with which programs call the management API.

-- `tenant_id` is empty for what is the platform's, `user_id` for what no person did. Names,
-- addresses, before and after are in `sealed`.
CREATE TABLE audit_event (
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    sealed BLOB NOT NULL
);
CREATE INDEX audit_event_by_time ON audit_event (at, sequence);
CREATE INDEX audit_event_of_tenant ON audit_event (tenant_id, at, sequence);
CREATE INDEX audit_event_of_user ON audit_event (user_id, at, sequence);
CREATE INDEX audit_event_of_action ON audit_event (action, at, sequence);
CREATE INDEX audit_event_of_target ON audit_event (target, at, sequence);

-- `digest` is the SHA-256 of the token; `address` is sealed.
CREATE TABLE api_token (
    digest BLOB PRIMARY KEY,
    token_id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    rights TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    address BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX api_token_of_tenant ON api_token (tenant_id, created_at, token_id);
