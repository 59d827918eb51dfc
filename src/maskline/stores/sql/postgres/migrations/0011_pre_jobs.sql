-- Long work behind the console, and what became of its rows.

-- `holder` works on it until `leased_until`; `wish` is what its owner wants meanwhile.
CREATE TABLE job (
    job_id TEXT COLLATE "C" PRIMARY KEY,
    tenant_id TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    owner TEXT NOT NULL,
    owner_id TEXT COLLATE "C",
    digest TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    wish TEXT COLLATE "C" NOT NULL DEFAULT 'go_on',
    holder TEXT COLLATE "C" NOT NULL DEFAULT '',
    leased_until BIGINT NOT NULL DEFAULT 0,
    files_until BIGINT,
    sealed BYTEA NOT NULL
);
CREATE INDEX job_by_time ON job (created_at, job_id);
CREATE INDEX job_by_files ON job (files_until) WHERE files_until IS NOT NULL;
CREATE INDEX job_of_tenant ON job (tenant_id, created_at, job_id);

CREATE TABLE job_row (
    job_id TEXT COLLATE "C" NOT NULL REFERENCES job (job_id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (job_id, number)
);
CREATE INDEX job_row_by_outcome ON job_row (job_id, outcome, number);
