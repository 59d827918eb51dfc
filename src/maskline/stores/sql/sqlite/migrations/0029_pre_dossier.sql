-- What tenants hand in and the platform decides on, and whom of them it may ask.

-- `since` is when it came into its state, `revision` counts its changes.
CREATE TABLE dossier (
    kind TEXT NOT NULL,
    dossier_id TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    since INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (kind, dossier_id)
) WITHOUT ROWID;
CREATE INDEX dossier_by_time ON dossier (kind, since, dossier_id);
CREATE INDEX dossier_of_tenant ON dossier (kind, tenant_id, since, dossier_id);
CREATE INDEX dossier_in_state ON dossier (kind, state, since, dossier_id);

CREATE TABLE contact (
    tenant_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant_id, contact_id)
) WITHOUT ROWID;
