-- When each secret of an application was last used, and from where.

CREATE TABLE secret_use (
    app_key TEXT COLLATE "C" NOT NULL REFERENCES application,
    secret_id TEXT COLLATE "C" NOT NULL,
    used_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (app_key, secret_id)
);
