-- What tenants hand in and the platform decides on, and whom of them it may ask.

-- `since` is when it came into its state, `revision` counts its changes.
CREATE TABLE dossier (
    kind TEXT COLLATE "C" NOT NULL,
    dossier_id TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    revision INTEGER NOT NULL,
    since BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (kind, dossier_id)
);
CREATE INDEX dossier_by_time ON dossier (kind, since, dossier_id);
CREATE INDEX dossier_of_tenant ON dossier (kind, tenant_id, since, dossier_id);
CREATE INDEX dossier_in_state ON dossier (kind, state, since, dossier_id);

CREATE TABLE contact (
    tenant_id TEXT COLLATE "C" NOT NULL,
    contact_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, contact_id)
);
