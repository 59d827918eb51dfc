-- name: key_reserve
-- Reserve a key that is free, or too old to count, and count one that is new, unless the
-- application has as many as it may. Says whether it did, and what was there before.
WITH before AS (
    SELECT created_at, binding_id, sealed FROM bind_key WHERE lookup = $1
), kept AS (
    INSERT INTO bind_key (lookup, app_key, created_at, binding_id, sealed)
    SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM before)
        OR (SELECT bind_keys FROM application WHERE app_key = $2) < $7
    ON CONFLICT (lookup) DO UPDATE SET created_at = excluded.created_at,
        binding_id = excluded.binding_id, sealed = excluded.sealed WHERE bind_key.created_at < $6
    RETURNING lookup
), counted AS (
    UPDATE application SET bind_keys = bind_keys + 1 WHERE app_key = $2
    AND EXISTS (SELECT 1 FROM kept) AND NOT EXISTS (SELECT 1 FROM before)
)
SELECT (SELECT count(*) FROM kept), created_at, binding_id, sealed
FROM (SELECT 1) AS one LEFT JOIN before ON true;

-- name: key_release
-- Forget a reserved bind, and count it no more.
WITH gone AS (
    DELETE FROM bind_key WHERE lookup = $1 AND binding_id = $2 RETURNING app_key
), uncounted AS (
    UPDATE application SET bind_keys = bind_keys - 1 FROM gone
    WHERE application.app_key = gone.app_key
)
SELECT count(*) FROM gone;

-- name: key_sweep
-- Forget the oldest keys of those from before a moment, and count them no more.
WITH gone AS (
    DELETE FROM bind_key WHERE lookup IN (
        SELECT lookup FROM bind_key WHERE created_at < $1 ORDER BY created_at LIMIT $2)
    RETURNING app_key
), amount AS (
    SELECT app_key, count(*) AS keys FROM gone GROUP BY app_key
), uncounted AS (
    UPDATE application SET bind_keys = bind_keys - keys FROM amount
    WHERE application.app_key = amount.app_key
)
SELECT count(*) FROM gone;

-- name: change_reserve
-- Reserve a key that is free, unless the caller has as many as it may, or too old to count. Says
-- whether it did, and what was there before.
WITH before AS (
    SELECT created_at, attempt, sealed FROM change_key WHERE lookup = $1
), own AS (
    SELECT count(*) AS keys FROM (SELECT 1 FROM change_key WHERE caller = $2 LIMIT $7) AS known
), kept AS (
    INSERT INTO change_key (lookup, caller, created_at, attempt, sealed)
    SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT 1 FROM before) OR (SELECT keys FROM own) < $7
    ON CONFLICT (lookup) DO UPDATE SET created_at = excluded.created_at,
        attempt = excluded.attempt, sealed = excluded.sealed WHERE change_key.created_at < $6
    RETURNING lookup
)
SELECT (SELECT count(*) FROM kept), created_at, attempt, sealed
FROM (SELECT 1) AS one LEFT JOIN before ON true;
