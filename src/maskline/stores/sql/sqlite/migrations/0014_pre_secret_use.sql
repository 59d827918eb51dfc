-- When each secret of an application was last used, and from where.

CREATE TABLE secret_use (
    app_key TEXT NOT NULL REFERENCES application,
    secret_id TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (app_key, secret_id)
) WITHOUT ROWID;
