-- Numbers whose calls are refused, frequency rules, and the calls that these have counted.

-- A place is a tenant, an application, a virtual number; '' is all. `number` is a keyed hash.
CREATE TABLE call_block (
    block_id TEXT COLLATE "C" PRIMARY KEY,
    number BYTEA NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    x TEXT COLLATE "C" NOT NULL,
    direction TEXT COLLATE "C" NOT NULL,
    by_tenant BOOLEAN NOT NULL,
    until BIGINT,
    created_at BIGINT NOT NULL,
    hits BIGINT NOT NULL,
    last_hit_at BIGINT,
    sealed BYTEA NOT NULL,
    UNIQUE (number, tenant_id, app_key, x, direction, by_tenant)
);
CREATE INDEX call_block_by_time ON call_block (created_at, block_id);
CREATE INDEX call_block_of_tenant ON call_block (tenant_id, created_at, block_id);

CREATE TABLE frequency_rule (
    rule_id TEXT COLLATE "C" PRIMARY KEY,
    scope TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    x TEXT COLLATE "C" NOT NULL,
    counted TEXT COLLATE "C" NOT NULL,
    calls INTEGER NOT NULL,
    within_s INTEGER NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    by_tenant BOOLEAN NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    hits BIGINT NOT NULL,
    last_hit_at BIGINT
);
CREATE INDEX frequency_rule_by_time ON frequency_rule (created_at, rule_id);
CREATE INDEX frequency_rule_of_tenant ON frequency_rule (tenant_id, created_at, rule_id);

-- `key` is a keyed hash of what a rule counts the calls of; `calls` are the moments of those that
-- still count, in microseconds.
CREATE TABLE call_count (
    rule_id TEXT COLLATE "C" NOT NULL,
    key BYTEA NOT NULL,
    calls BIGINT[] NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (rule_id, key)
);
CREATE INDEX call_count_by_use ON call_count (used_at);
