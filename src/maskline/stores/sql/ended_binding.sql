-- An entry is a copy of the binding. What had expired at `$2` ended then, and by that cause.

-- name: ended_add
-- A binding ends.
INSERT INTO ended_binding (binding_id, mode, app_key, x, a, b, expires_at, sealed, y, extension,
    relation, calls_left, idle_us, ends_at, ended_at, cause)
SELECT binding_id, mode, app_key, x, a, CASE WHEN mode IN ('axb', 'yb') THEN b END, expires_at,
    sealed, y, extension, relation, calls_left, idle_us, ends_at,
    CASE WHEN expires_at <= $2 THEN expires_at ELSE $2 END,
    CASE WHEN expires_at <= $2 THEN 'expired' ELSE $3 END
FROM binding WHERE sequence = $1;

-- name: ended_add_number
-- All bindings of a virtual number end.
INSERT INTO ended_binding (binding_id, mode, app_key, x, a, b, expires_at, sealed, y, extension,
    relation, calls_left, idle_us, ends_at, ended_at, cause)
SELECT binding_id, mode, app_key, x, a, CASE WHEN mode IN ('axb', 'yb') THEN b END, expires_at,
    sealed, y, extension, relation, calls_left, idle_us, ends_at,
    CASE WHEN expires_at <= $2 THEN expires_at ELSE $2 END,
    CASE WHEN expires_at <= $2 THEN 'expired' ELSE $3 END
FROM binding WHERE x = $1;

-- name: ended_add_parts
-- The YB parts of a relation end.
INSERT INTO ended_binding (binding_id, mode, app_key, x, a, b, expires_at, sealed, y, extension,
    relation, calls_left, idle_us, ends_at, ended_at, cause)
SELECT binding_id, mode, app_key, x, a, CASE WHEN mode IN ('axb', 'yb') THEN b END, expires_at,
    sealed, y, extension, relation, calls_left, idle_us, ends_at,
    CASE WHEN expires_at <= $2 THEN expires_at ELSE $2 END,
    CASE WHEN expires_at <= $2 THEN 'expired' ELSE $3 END
FROM binding WHERE relation = $1;

-- name: ended_list
-- Bindings that have ended, the latest end first.
SELECT binding_id, app_key, x, expires_at, sealed, mode, y, extension, relation, calls_left,
    idle_us, ends_at, ended_at, cause FROM ended_binding
ORDER BY ended_at DESC, sequence DESC;

-- name: ended_count
-- How many ended in a time, by application and cause.
SELECT app_key, cause, count(*) FROM ended_binding WHERE ended_at >= $1 AND ended_at < $2
GROUP BY app_key, cause;

-- name: ended_sweep
-- Forget the oldest ends in an application of those before a moment.
DELETE FROM ended_binding WHERE sequence IN (
    SELECT sequence FROM ended_binding WHERE app_key = $1 AND ended_at < $2
    ORDER BY ended_at, sequence LIMIT $3);

-- name: ended_forget_party
-- Forget what a real number was A or B of in one binding.
DELETE FROM ended_binding WHERE binding_id = $3 AND app_key = $1 AND (a = $2 OR b = $2);
