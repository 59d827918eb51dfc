-- name: dossier_add
-- Keep a new dossier.
INSERT INTO dossier (kind, dossier_id, tenant_id, state, revision, since, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING;

-- name: dossier_save
-- Replace the revision before this one.
UPDATE dossier SET state = $4, revision = $5, since = $6, sealed = $7
WHERE kind = $1 AND dossier_id = $2 AND tenant_id = $3 AND revision = $5 - 1;

-- name: dossier_get
-- One dossier.
SELECT dossier_id, tenant_id, sealed FROM dossier WHERE kind = $1 AND dossier_id = $2;

-- name: dossier_list
-- Dossiers by when they came into their state, newest first.
SELECT dossier_id, tenant_id, sealed FROM dossier ORDER BY since DESC, dossier_id DESC;

-- name: contact_save
-- Add a contact, or replace it.
INSERT INTO contact (tenant_id, contact_id, created_at, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, contact_id) DO UPDATE SET sealed = excluded.sealed;

-- name: contact_remove
-- Forget a contact.
DELETE FROM contact WHERE tenant_id = $1 AND contact_id = $2;

-- name: contact_list
-- The contacts of a tenant in the order they were added.
SELECT contact_id, sealed FROM contact WHERE tenant_id = $1 ORDER BY created_at, contact_id;
