-- People who sign in, links that are good once, and sessions.

-- `tenant_id` is empty for the platform's own people. `login` is a keyed hash; the login itself,
-- the name, the password's hash and the secret of the second factor are in `sealed`.
CREATE TABLE account (
    user_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    login BYTEA NOT NULL UNIQUE,
    role TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT,
    totp_counter BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX account_by_time ON account (created_at, user_id);
CREATE INDEX account_of_tenant ON account (tenant_id, created_at, user_id);
CREATE INDEX account_of_role ON account (role, tenant_id);

CREATE TABLE account_link (
    digest BYTEA PRIMARY KEY,
    link_id TEXT COLLATE "C" NOT NULL UNIQUE,
    purpose TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    login BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX account_link_of_tenant ON account_link (tenant_id, created_at, link_id);
CREATE INDEX account_link_of_login ON account_link (login, purpose);

-- `digest` is the SHA-256 of the cookie; from where it is used is in `sealed`.
CREATE TABLE account_session (
    digest BYTEA PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL UNIQUE,
    user_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    stepped_up_until BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX account_session_of_user ON account_session (user_id, used_at);
CREATE INDEX account_session_by_use ON account_session (used_at);
CREATE INDEX account_session_by_expiry ON account_session (expires_at);
