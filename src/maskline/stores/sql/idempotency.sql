-- name: key_get
-- The bind under a key.
SELECT created_at, binding_id, sealed FROM bind_key WHERE lookup = $1;

-- name: key_count
-- One key more of an application, unless it has as many as it may.
UPDATE application SET bind_keys = bind_keys + 1 WHERE app_key = $1 AND bind_keys < $2;

-- name: key_add
-- Reserve a key.
INSERT INTO bind_key (lookup, app_key, created_at, binding_id, sealed) VALUES ($1, $2, $3, $4, $5);

-- name: key_replace
-- Reserve a key that was too old to count.
UPDATE bind_key SET created_at = $2, binding_id = $3, sealed = $4 WHERE lookup = $1;

-- name: key_answer
-- Keep the answer of a reserved bind.
UPDATE bind_key SET sealed = $3 WHERE lookup = $1 AND binding_id = $2;

-- name: key_release
-- Forget a reserved bind.
DELETE FROM bind_key WHERE lookup = $1 AND binding_id = $2 RETURNING app_key;

-- name: key_sweep
-- Forget the oldest keys of those from before a moment.
DELETE FROM bind_key WHERE lookup IN (
    SELECT lookup FROM bind_key WHERE created_at < $1 ORDER BY created_at LIMIT $2)
RETURNING app_key;

-- name: key_uncount
-- So many keys of an application are gone.
UPDATE application SET bind_keys = bind_keys - $2 WHERE app_key = $1;

-- name: change_get
-- The change under a key.
SELECT created_at, attempt, sealed FROM change_key WHERE lookup = $1;

-- name: change_count
-- How many changes under keys a caller has, up to a bound.
SELECT count(*) FROM (SELECT 1 FROM change_key WHERE caller = $1 LIMIT $2) AS own;

-- name: change_save
-- Reserve a key that is free, or too old to count.
INSERT INTO change_key (lookup, caller, created_at, attempt, sealed) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (lookup) DO UPDATE SET created_at = excluded.created_at, attempt = excluded.attempt,
    sealed = excluded.sealed;

-- name: change_answer
-- Keep the answer of a reserved change.
UPDATE change_key SET sealed = $3 WHERE lookup = $1 AND attempt = $2;

-- name: change_release
-- Forget a reserved change.
DELETE FROM change_key WHERE lookup = $1 AND attempt = $2;

-- name: change_sweep
-- Forget the oldest changes of those from before a moment.
DELETE FROM change_key WHERE lookup IN (
    SELECT lookup FROM change_key WHERE created_at < $1 ORDER BY created_at LIMIT $2);
