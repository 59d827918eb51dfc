-- People who sign in, links that are good once, and sessions.

-- `tenant_id` is empty for the platform's own people. `login` is a keyed hash; the login itself,
-- the name, the password's hash and the secret of the second factor are in `sealed`.
CREATE TABLE account (
    user_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    login BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER,
    totp_counter INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX account_by_time ON account (created_at, user_id);
CREATE INDEX account_of_tenant ON account (tenant_id, created_at, user_id);
CREATE INDEX account_of_role ON account (role, tenant_id);

CREATE TABLE account_link (
    digest BLOB PRIMARY KEY,
    link_id TEXT NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    login BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX account_link_of_tenant ON account_link (tenant_id, created_at, link_id);
CREATE INDEX account_link_of_login ON account_link (login, purpose);

-- `digest` is the SHA-256 of the cookie; from where it is used is in `sealed`.
CREATE TABLE account_session (
    digest BLOB PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    stepped_up_until INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX account_session_of_user ON account_session (user_id, used_at);
CREATE INDEX account_session_by_use ON account_session (used_at);
CREATE INDEX account_session_by_expiry ON account_session (expires_at);
