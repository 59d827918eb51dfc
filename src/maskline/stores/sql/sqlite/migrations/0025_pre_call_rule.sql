-- Numbers whose calls are refused, frequency rules, and the calls that these have counted.

-- A place is a tenant, an application, a virtual number; '' is all. `number` is a keyed hash.
CREATE TABLE call_block (
    block_id TEXT PRIMARY KEY,
    number BLOB NOT NULL,
    scope TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    app_key TEXT NOT NULL,
    x TEXT NOT NULL,
    direction TEXT NOT NULL,
    by_tenant INTEGER NOT NULL,
    until INTEGER,
    created_at INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    last_hit_at INTEGER,
    sealed BLOB NOT NULL,
    UNIQUE (number, tenant_id, app_key, x, direction, by_tenant)
) WITHOUT ROWID;
CREATE INDEX call_block_by_time ON call_block (created_at, block_id);
CREATE INDEX call_block_of_tenant ON call_block (tenant_id, created_at, block_id);

CREATE TABLE frequency_rule (
    rule_id TEXT PRIMARY KEY,
    scope TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    app_key TEXT NOT NULL,
    x TEXT NOT NULL,
    counted TEXT NOT NULL,
    calls INTEGER NOT NULL,
    within_s INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL,
    note TEXT NOT NULL,
    by_tenant INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    last_hit_at INTEGER
) WITHOUT ROWID;
CREATE INDEX frequency_rule_by_time ON frequency_rule (created_at, rule_id);
CREATE INDEX frequency_rule_of_tenant ON frequency_rule (tenant_id, created_at, rule_id);

-- `key` is a keyed hash of what a rule counts the calls of; `calls` are the moments of those that
-- still count, eight bytes each.
CREATE TABLE call_count (
    rule_id TEXT NOT NULL,
    key BLOB NOT NULL,
    calls BLOB NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (rule_id, key)
) WITHOUT ROWID;
CREATE INDEX call_count_by_use ON call_count (used_at);
