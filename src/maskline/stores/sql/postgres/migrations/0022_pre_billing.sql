-- Tariffs, packages, the ledger with the balances of tenants, and the runs that charge.

-- `terms` is JSON: what is shown, and never looked for.
CREATE TABLE tariff (
    tariff_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C",
    valid_from BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    terms TEXT NOT NULL
);

CREATE TABLE package_offer (
    offer_id TEXT COLLATE "C" PRIMARY KEY,
    created_at BIGINT NOT NULL,
    terms TEXT NOT NULL
);

CREATE TABLE package_purchase (
    purchase_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    bought_at BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    terms TEXT NOT NULL,
    minutes_left BIGINT NOT NULL,
    messages_left BIGINT NOT NULL
);
CREATE INDEX package_purchase_of_tenant ON package_purchase (tenant_id, valid_until);

-- Rows are added only. `lines` is JSON, pairs of account and amount that add up to 0; `amount` is
-- what they add to the balance. `at` is when it was posted, `used_at` when what it is for was used.
CREATE TABLE posting (
    posting_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    lines TEXT NOT NULL,
    amount BIGINT NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    x TEXT COLLATE "C" NOT NULL,
    units BIGINT NOT NULL,
    covered BIGINT NOT NULL,
    price BIGINT NOT NULL,
    note TEXT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX posting_by_time ON posting (at, posting_id);
CREATE INDEX posting_of_tenant ON posting (tenant_id, at, posting_id);
CREATE INDEX posting_by_use ON posting (tenant_id, used_at);

CREATE TABLE money_account (
    tenant_id TEXT COLLATE "C" PRIMARY KEY,
    balance BIGINT NOT NULL DEFAULT 0,
    credit BIGINT NOT NULL DEFAULT 0,
    alert_below BIGINT,
    alerted_at BIGINT,
    arrears_since BIGINT,
    was_frozen BOOLEAN NOT NULL DEFAULT FALSE,
    released_at BIGINT
);

-- Numbers that were paused because of arrears, and the state they go back to.
CREATE TABLE arrears_number (
    number TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL
);
CREATE INDEX arrears_number_of_tenant ON arrears_number (tenant_id, number);

-- A run is done when it has an `ended_at`.
CREATE TABLE charge_run (
    kind TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    cursor TEXT NOT NULL DEFAULT '',
    postings BIGINT NOT NULL DEFAULT 0,
    amount BIGINT NOT NULL DEFAULT 0,
    skipped BIGINT NOT NULL DEFAULT 0,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    holder TEXT COLLATE "C" NOT NULL,
    leased_until BIGINT NOT NULL,
    PRIMARY KEY (kind, period)
);
CREATE INDEX charge_run_by_time ON charge_run (started_at);
