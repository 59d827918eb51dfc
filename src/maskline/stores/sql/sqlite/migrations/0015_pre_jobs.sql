-- Long work behind the console, and what became of its rows.

-- `holder` works on it until `leased_until`; `wish` is what its owner wants meanwhile.
CREATE TABLE job (
    job_id TEXT PRIMARY KEY,
    tenant_id TEXT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    owner_id TEXT,
    digest TEXT,
    created_at INTEGER NOT NULL,
    wish TEXT NOT NULL DEFAULT 'go_on',
    holder TEXT NOT NULL DEFAULT '',
    leased_until INTEGER NOT NULL DEFAULT 0,
    files_until INTEGER,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX job_by_time ON job (created_at, job_id);
CREATE INDEX job_by_files ON job (files_until) WHERE files_until IS NOT NULL;
CREATE INDEX job_of_tenant ON job (tenant_id, created_at, job_id);

CREATE TABLE job_row (
    job_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (job_id, number)
) WITHOUT ROWID;
CREATE INDEX job_row_by_outcome ON job_row (job_id, outcome, number);
