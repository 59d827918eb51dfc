-- name: ended_add_replaced
-- A binding goes on with other parties: those it had until now.
INSERT INTO ended_binding (binding_id, mode, app_key, x, a, b, expires_at, sealed, y, extension,
    relation, calls_left, idle_us, ends_at, ended_at, cause)
SELECT binding_id, mode, app_key, x, a, CASE WHEN mode IN ('axb', 'yb') THEN b END, expires_at,
    sealed, y, extension, relation, calls_left, idle_us, ends_at, $3, 'replaced'
FROM binding WHERE x = $1 AND sequence = $2;

-- name: ended_sweep
-- Forget the oldest ends in an application of those before a moment.
DELETE FROM ended_binding USING (
    SELECT x, ended_at, sequence FROM ended_binding WHERE app_key = $1 AND ended_at < $2
    ORDER BY ended_at, sequence LIMIT $3
) AS old WHERE ended_binding.x = old.x AND ended_binding.ended_at = old.ended_at
AND ended_binding.sequence = old.sequence;

-- name: ended_forget_party
-- Forget what a real number was A or B of in some bindings.
DELETE FROM ended_binding
WHERE binding_id = ANY($3::TEXT[]) AND app_key = $1 AND (a = $2 OR b = $2);
