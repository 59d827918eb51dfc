-- name: tenant_lock
-- A tenant, whose tokens nobody else changes meanwhile.
SELECT tenant_id FROM tenant WHERE tenant_id = $1 FOR NO KEY UPDATE;
