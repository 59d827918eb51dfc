-- name: bind_number
-- What decides whether X takes a pair.
SELECT app_key, state, pairs FROM number WHERE number = $1;

-- name: bind_routes
-- Both routes of a pair; a party that has a route on X breaks the key and adds neither.
INSERT INTO route (caller, x, binding, role, expires_at)
VALUES ($1, $3, $4, 'A', $5), ($2, $3, $4, 'B', $5);

-- name: bind_count
-- One pair more or less on X.
UPDATE number SET pairs = pairs + $2 WHERE number = $1;

-- name: bind_binding
-- The binding that the routes lead to.
INSERT INTO binding (sequence, binding_id, mode, app_key, x, a, b, expires_at, sealed)
VALUES ($1, $2, 'axb', $3, $4, $5, $6, $7, $8);

-- name: bind_last_sequence
-- The highest sequence in use.
SELECT coalesce(max(sequence), 0) FROM binding;

-- name: bind_replace
-- What may change of a binding.
UPDATE binding SET a = $2, b = $3, expires_at = $4, sealed = $5 WHERE sequence = $1;

-- name: choice_in_area
-- The least loaded number of a city that knows neither party.
SELECT number FROM number WHERE app_key = $1 AND area_code = $2 AND state = 'normal'
AND pairs < $3
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $6))
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $5 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $6))
ORDER BY pairs, number LIMIT 1;

-- name: choice_anywhere
-- The least loaded number of the application that knows neither party.
SELECT number FROM number WHERE app_key = $1 AND state = 'normal'
AND pairs < $2
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $3 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
ORDER BY pairs, number LIMIT 1;

-- name: choice_in_area_after_sweep
-- The same among numbers that are full only until their expired bindings are removed.
SELECT number FROM (
    SELECT number, pairs - (SELECT count(*) FROM binding
        WHERE binding.x = number.number AND binding.expires_at <= $6) AS live
    FROM number WHERE app_key = $1 AND area_code = $2 AND state = 'normal' AND pairs >= $3
    AND EXISTS (SELECT 1 FROM binding WHERE binding.x = number.number AND binding.expires_at <= $6)
    AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
        AND (route.expires_at IS NULL OR route.expires_at > $6))
    AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $5 AND route.x = number.number
        AND (route.expires_at IS NULL OR route.expires_at > $6))
) AS candidate WHERE live < $3 ORDER BY live, number LIMIT 1;

-- name: choice_anywhere_after_sweep
-- The same among all numbers of the application.
SELECT number FROM (
    SELECT number, pairs - (SELECT count(*) FROM binding
        WHERE binding.x = number.number AND binding.expires_at <= $5) AS live
    FROM number WHERE app_key = $1 AND state = 'normal' AND pairs >= $2
    AND EXISTS (SELECT 1 FROM binding WHERE binding.x = number.number AND binding.expires_at <= $5)
    AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $3 AND route.x = number.number
        AND (route.expires_at IS NULL OR route.expires_at > $5))
    AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
        AND (route.expires_at IS NULL OR route.expires_at > $5))
) AS candidate WHERE live < $2 ORDER BY live, number LIMIT 1;

-- name: holder
-- The binding a party has on X, and when it ends.
SELECT binding, expires_at FROM route WHERE caller = $1 AND x = $2;

-- name: binding_state
-- What a change of a binding must know.
SELECT sequence, app_key, x, a, b, expires_at FROM binding WHERE binding_id = $1;

-- name: binding_row
-- What the removal of a binding must know.
SELECT x, a, b FROM binding WHERE sequence = $1;

-- name: binding_get
-- One binding.
SELECT binding_id, app_key, x, expires_at, sealed FROM binding WHERE binding_id = $1;

-- name: binding_delete
-- Forget a binding.
DELETE FROM binding WHERE sequence = $1;

-- name: route_delete
-- Forget one route.
DELETE FROM route WHERE caller = $1 AND x = $2;

-- name: expired
-- Expired bindings, the longest expired first.
SELECT sequence, x, a, b FROM binding WHERE expires_at IS NOT NULL AND expires_at <= $1
ORDER BY expires_at LIMIT $2;

-- name: expired_on_number
-- Expired bindings of one virtual number.
SELECT sequence, x, a, b FROM binding WHERE x = $1 AND expires_at <= $2;

-- name: all_on_number
-- Every binding of one virtual number.
SELECT sequence, x, a, b, expires_at FROM binding WHERE x = $1;

-- name: route_of_call
-- A virtual number and, if the caller has one, the binding on it.
SELECT number.app_key, number.area_code, number.state, number.may_message, number.pairs,
    number.created_at, route.role, binding.binding_id, binding.app_key, binding.expires_at,
    binding.sealed
FROM number
LEFT JOIN route ON route.caller = $2 AND route.x = number.number
LEFT JOIN binding ON binding.sequence = route.binding
WHERE number.number = $1;

-- name: list_all
-- Live bindings of an application or all, oldest first.
SELECT binding_id, app_key, x, expires_at, sealed FROM binding
WHERE (expires_at IS NULL OR expires_at > $1) ORDER BY sequence;

-- name: list_of_application
-- Live bindings of an application, oldest first.
SELECT binding_id, app_key, x, expires_at, sealed FROM binding
WHERE app_key = $2 AND (expires_at IS NULL OR expires_at > $1) ORDER BY sequence;

-- name: list_of_number
-- Live bindings of a virtual number, oldest first.
SELECT binding_id, app_key, x, expires_at, sealed FROM binding
WHERE x = $3 AND ($2 IS NULL OR app_key = $2) AND (expires_at IS NULL OR expires_at > $1)
ORDER BY sequence;

-- name: list_of_party
-- Live bindings of one real number, in any role or one, oldest first.
SELECT binding.binding_id, binding.app_key, binding.x, binding.expires_at, binding.sealed
FROM route JOIN binding ON binding.sequence = route.binding
WHERE route.caller = $4 AND ($2 IS NULL OR binding.app_key = $2) AND ($3 IS NULL OR route.x = $3)
AND ($5 IS NULL OR binding.a = $5) AND ($6 IS NULL OR binding.b = $6)
AND (binding.expires_at IS NULL OR binding.expires_at > $1)
ORDER BY binding.sequence;
