-- Tariffs, packages, the ledger with the balances of tenants, and the runs that charge.

-- `terms` is JSON: what is shown, and never looked for.
CREATE TABLE tariff (
    tariff_id TEXT PRIMARY KEY,
    tenant_id TEXT,
    valid_from INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    terms TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE package_offer (
    offer_id TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    terms TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE package_purchase (
    purchase_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    bought_at INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    terms TEXT NOT NULL,
    minutes_left INTEGER NOT NULL,
    messages_left INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX package_purchase_of_tenant ON package_purchase (tenant_id, valid_until);

-- Rows are added only. `lines` is JSON, pairs of account and amount that add up to 0; `amount` is
-- what they add to the balance. `at` is when it was posted, `used_at` when what it is for was used.
CREATE TABLE posting (
    posting_id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    lines TEXT NOT NULL,
    amount INTEGER NOT NULL,
    app_key TEXT NOT NULL,
    x TEXT NOT NULL,
    units INTEGER NOT NULL,
    covered INTEGER NOT NULL,
    price INTEGER NOT NULL,
    note TEXT NOT NULL,
    created_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX posting_by_time ON posting (at, posting_id);
CREATE INDEX posting_of_tenant ON posting (tenant_id, at, posting_id);
CREATE INDEX posting_by_use ON posting (tenant_id, used_at);

CREATE TABLE money_account (
    tenant_id TEXT PRIMARY KEY,
    balance INTEGER NOT NULL DEFAULT 0,
    credit INTEGER NOT NULL DEFAULT 0,
    alert_below INTEGER,
    alerted_at INTEGER,
    arrears_since INTEGER,
    was_frozen INTEGER NOT NULL DEFAULT 0,
    released_at INTEGER
) WITHOUT ROWID;

-- Numbers that were paused because of arrears, and the state they go back to.
CREATE TABLE arrears_number (
    number TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    state TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX arrears_number_of_tenant ON arrears_number (tenant_id, number);

-- A run is done when it has an `ended_at`.
CREATE TABLE charge_run (
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    cursor TEXT NOT NULL DEFAULT '',
    postings INTEGER NOT NULL DEFAULT 0,
    amount INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    holder TEXT NOT NULL,
    leased_until INTEGER NOT NULL,
    PRIMARY KEY (kind, period)
) WITHOUT ROWID;
CREATE INDEX charge_run_by_time ON charge_run (started_at);
