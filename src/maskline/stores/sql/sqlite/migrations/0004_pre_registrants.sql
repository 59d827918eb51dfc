-- Actual users: photos, registered A numbers, and the tokens tenants register them with.
-- `name`, `number` and the registrant's `photo` are keyed hashes, a file's `photo` and all
-- `sealed` ciphertext under the tenant's key.

CREATE TABLE report_file (
    sequence INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant,
    name BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    photo BLOB NOT NULL,
    UNIQUE (tenant_id, name)
);
CREATE INDEX report_file_by_time ON report_file (tenant_id, created_at);

CREATE TABLE registrant (
    sequence INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenant,
    number BLOB NOT NULL,
    status TEXT NOT NULL,
    photo BLOB,
    failures INTEGER NOT NULL,
    failed_at INTEGER,
    sealed BLOB NOT NULL,
    UNIQUE (tenant_id, number)
);
CREATE INDEX registrant_of_tenant ON registrant (tenant_id);
CREATE INDEX registrant_of_tenant_in_status ON registrant (tenant_id, status);
CREATE INDEX registrant_in_status ON registrant (status);
CREATE INDEX registrant_by_photo ON registrant (tenant_id, photo) WHERE photo IS NOT NULL;

-- What is remembered of numbers whose registrant was deleted.
CREATE TABLE registration_failure (
    tenant_id TEXT NOT NULL,
    number BLOB NOT NULL,
    failures INTEGER NOT NULL,
    failed_at INTEGER,
    PRIMARY KEY (tenant_id, number)
) WITHOUT ROWID;

-- How many files and registrants a tenant has: counting them would cost more with each.
CREATE TABLE registration_amount (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    files INTEGER NOT NULL DEFAULT 0 CHECK (files >= 0),
    registrants INTEGER NOT NULL DEFAULT 0 CHECK (registrants >= 0)
) WITHOUT ROWID;

CREATE TABLE tenant_token (
    digest BLOB NOT NULL PRIMARY KEY,
    token_id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenant,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX tenant_token_of_tenant ON tenant_token (tenant_id, created_at);
