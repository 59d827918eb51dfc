-- name: amount_lock
-- The same, which nobody else changes meanwhile.
SELECT files, registrants FROM registration_amount WHERE tenant_id = $1 FOR UPDATE;

-- name: names_there
-- Which of some files a tenant has.
SELECT name FROM report_file WHERE tenant_id = $1 AND name = ANY($2::BYTEA[]);

-- name: numbers_there
-- Which of some numbers a tenant has registered.
SELECT number FROM registrant WHERE tenant_id = $1 AND number = ANY($2::BYTEA[]);

-- name: photos_used
-- Which of some files registrants name.
SELECT photo FROM registrant WHERE tenant_id = $1 AND photo = ANY($2::BYTEA[]) LIMIT 1;

-- name: registrants_get
-- Some registrants in the order they were added.
SELECT sequence, tenant_id, number, status, failures, failed_at, sealed FROM registrant
WHERE tenant_id = $1 AND number = ANY($2::BYTEA[]) ORDER BY sequence;
