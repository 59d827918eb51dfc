-- name: file_add
-- Keep a file under a name that is new to its tenant.
INSERT INTO report_file (tenant_id, name, created_at, sealed, photo) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, name) DO NOTHING;

-- name: file_remove
-- Forget a file.
DELETE FROM report_file WHERE tenant_id = $1 AND name = $2;

-- name: file_is_there
-- Whether a tenant has a file.
SELECT 1 FROM report_file WHERE tenant_id = $1 AND name = $2;

-- name: file_photo
-- The content of a file.
SELECT photo FROM report_file WHERE tenant_id = $1 AND name = $2;

-- name: file_list
-- The files of a tenant made between two moments, both included.
SELECT tenant_id, name, created_at, sealed FROM report_file
WHERE tenant_id = $1 AND created_at BETWEEN $2 AND $3 ORDER BY created_at, sequence;

-- name: file_list_named
-- The file of one name, if it was made between two moments.
SELECT tenant_id, name, created_at, sealed FROM report_file
WHERE tenant_id = $1 AND created_at BETWEEN $2 AND $3 AND name = $4;

-- name: photo_is_used
-- Whether a registrant names a file.
SELECT 1 FROM registrant WHERE tenant_id = $1 AND photo = $2 LIMIT 1;

-- name: registrant_save
-- Add or replace a registrant.
INSERT INTO registrant (tenant_id, number, status, photo, failures, failed_at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant_id, number) DO UPDATE SET
status = excluded.status, photo = excluded.photo, failures = excluded.failures,
failed_at = excluded.failed_at, sealed = excluded.sealed;

-- name: registrant_remove
-- Forget a registrant.
DELETE FROM registrant WHERE tenant_id = $1 AND number = $2;

-- name: registrant_get
-- One registrant.
SELECT sequence, tenant_id, number, status, failures, failed_at, sealed FROM registrant
WHERE tenant_id = $1 AND number = $2;

-- name: registrant_status
-- Where the verification of a number stands; read at each call that depends on it.
SELECT status FROM registrant WHERE tenant_id = $1 AND number = $2;

-- name: registrant_list
-- Registrants in the order they were added.
SELECT sequence, tenant_id, number, status, failures, failed_at, sealed FROM registrant
ORDER BY sequence;

-- name: registrant_list_of_tenant
-- The registrants of a tenant.
SELECT sequence, tenant_id, number, status, failures, failed_at, sealed FROM registrant
WHERE tenant_id = $1 ORDER BY sequence;

-- name: registrant_list_of_tenant_in_status
-- The registrants of a tenant in one status.
SELECT sequence, tenant_id, number, status, failures, failed_at, sealed FROM registrant
WHERE tenant_id = $1 AND status = $2 ORDER BY sequence;

-- name: failure_keep
-- Remember the failures of a number whose registrant goes.
INSERT INTO registration_failure (tenant_id, number, failures, failed_at)
SELECT tenant_id, number, failures, failed_at FROM registrant
WHERE tenant_id = $1 AND number = $2 AND failures > 0;

-- name: failure_drop
-- What was remembered of a number is its registrant's again.
DELETE FROM registration_failure WHERE tenant_id = $1 AND number = $2;

-- name: failure_get
-- What is remembered of a number without a registrant.
SELECT failures, failed_at FROM registration_failure WHERE tenant_id = $1 AND number = $2;

-- name: amount_get
-- How many files and registrants a tenant has.
SELECT files, registrants FROM registration_amount WHERE tenant_id = $1;

-- name: amount_begin
-- The row of a tenant's amounts.
INSERT INTO registration_amount (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING;

-- name: amount_change
-- Count files and registrants that came, or went.
UPDATE registration_amount SET files = files + $2, registrants = registrants + $3
WHERE tenant_id = $1;
