-- name: bind_number
-- What decides whether X takes a binding.
SELECT app_key, state, pairs, bound_on, bound_today FROM number WHERE number = $1;

-- name: bind_routes
-- Both routes of a binding; one that is there already breaks the key and adds neither.
INSERT INTO route (caller, x, binding, role, expires_at)
VALUES ($1, $6, $4, 'A', $5), ($2, $3, $4, 'B', $5);

-- name: bind_count
-- One binding more on a number, and today.
UPDATE number SET pairs = pairs + 1, bound_on = $2,
    bound_today = CASE WHEN bound_on = $2 THEN bound_today + 1 ELSE 1 END WHERE number = $1;

-- name: unbind_count
-- One binding less on a number.
UPDATE number SET pairs = pairs - 1 WHERE number = $1;

-- name: bind_binding
-- The binding that the routes lead to.
INSERT INTO binding (sequence, binding_id, mode, app_key, x, a, b, expires_at, sealed, y,
    extension, relation, calls_left, idle_us, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: bind_last_sequence
-- The highest sequence in use.
SELECT coalesce(max(sequence), 0) FROM binding;

-- name: bind_replace
-- What may change of a binding.
UPDATE binding SET a = $2, b = $3, expires_at = $4, sealed = $5, ends_at = $6, idle_us = $7,
    calls_left = CASE WHEN $9 THEN $8 ELSE calls_left END WHERE sequence = $1;

-- name: choice_in_area
-- The least loaded number of a city that knows neither party.
SELECT number FROM number WHERE app_key = $1 AND area_code = $7 AND state = 'normal'
AND pairs < $2 AND ($6 = 0 OR bound_on <> $8 OR bound_today < $6)
AND (held_until IS NULL OR held_until <= $5)
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $3 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
ORDER BY pairs, number LIMIT 1;

-- name: choice_anywhere
-- The least loaded number of the application that knows neither party.
SELECT number FROM number WHERE app_key = $1 AND state = 'normal'
AND pairs < $2 AND ($6 = 0 OR bound_on <> $8 OR bound_today < $6)
AND (held_until IS NULL OR held_until <= $5)
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $3 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
ORDER BY pairs, number LIMIT 1;

-- name: choice_in_area_after_sweep
-- The same among numbers that are full only until their expired bindings are removed.
SELECT number FROM (
    SELECT number, pairs - (SELECT count(*) FROM binding
        WHERE binding.x = number.number AND binding.y IS NULL AND binding.expires_at <= $5) AS live
    FROM number WHERE app_key = $1 AND area_code = $7 AND state = 'normal' AND pairs >= $2
    AND ($6 = 0 OR bound_on <> $8 OR bound_today < $6)
    AND (held_until IS NULL OR held_until <= $5)
    AND EXISTS (SELECT 1 FROM binding WHERE binding.x = number.number AND binding.expires_at <= $5)
    AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $3 AND route.x = number.number
        AND (route.expires_at IS NULL OR route.expires_at > $5))
    AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
        AND (route.expires_at IS NULL OR route.expires_at > $5))
) AS candidate WHERE live < $2 ORDER BY live, number LIMIT 1;

-- name: choice_anywhere_after_sweep
-- The same among all numbers of the application.
SELECT number FROM (
    SELECT number, pairs - (SELECT count(*) FROM binding
        WHERE binding.x = number.number AND binding.y IS NULL AND binding.expires_at <= $5) AS live
    FROM number WHERE app_key = $1 AND state = 'normal' AND pairs >= $2
    AND ($6 = 0 OR bound_on <> $8 OR bound_today < $6)
    AND (held_until IS NULL OR held_until <= $5)
    AND EXISTS (SELECT 1 FROM binding WHERE binding.x = number.number AND binding.expires_at <= $5)
    AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $3 AND route.x = number.number
        AND (route.expires_at IS NULL OR route.expires_at > $5))
    AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
        AND (route.expires_at IS NULL OR route.expires_at > $5))
) AS candidate WHERE live < $2 ORDER BY live, number LIMIT 1;

-- name: choice_of_y
-- A number for a YB part: no X, unknown to A, and one that serves as Y already where there is one.
SELECT number FROM number WHERE app_key = $1 AND ($2 IS NULL OR area_code = $2) AND state = 'normal'
AND pairs < $3 AND ($6 = 0 OR bound_on <> $7 OR bound_today < $6)
AND (held_until IS NULL OR held_until <= $5)
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $8 AND route.x = number.number)
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller = $4 AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
ORDER BY pairs = 0, pairs, number LIMIT 1;

-- name: numbers_of_a
-- How many live bindings of a mode a party has as A in an application.
SELECT count(*) FROM route JOIN binding ON binding.sequence = route.binding
WHERE route.caller = $1 AND route.role = 'A' AND binding.app_key = $2 AND binding.mode = $3
AND (binding.expires_at IS NULL OR binding.expires_at > $4);

-- name: holder
-- The binding a party has on X, and when it ends.
SELECT binding, expires_at FROM route WHERE caller = $1 AND x = $2;

-- name: binding_state
-- What a change of a binding must know.
SELECT sequence, app_key, x, a, b, expires_at, mode, y, binding_id, extension, calls_left, idle_us,
    ends_at FROM binding WHERE binding_id = $1;

-- name: binding_row
-- What the removal of a binding must know.
SELECT sequence, x, a, b, mode, y, binding_id, extension FROM binding WHERE sequence = $1;

-- name: parts_of_relation
-- The YB parts of a relation.
SELECT sequence, x, a, b, mode, y, binding_id, extension FROM binding WHERE relation = $1;

-- name: binding_get
-- One binding.
SELECT binding_id, app_key, x, expires_at, sealed, mode, y, extension, relation, calls_left,
    idle_us, ends_at FROM binding WHERE binding_id = $1;

-- name: binding_after_call
-- How many calls are left, and when the binding expires now.
UPDATE binding SET calls_left = $2, expires_at = $3 WHERE sequence = $1;

-- name: route_expiry
-- When one route expires now.
UPDATE route SET expires_at = $3 WHERE caller = $1 AND x = $2;

-- name: binding_delete
-- Forget a binding.
DELETE FROM binding WHERE sequence = $1;

-- name: route_delete
-- Forget one route.
DELETE FROM route WHERE caller = $1 AND x = $2;

-- name: expired
-- Expired bindings, the longest expired first.
SELECT sequence, x, a, b, mode, y, binding_id, extension FROM binding
WHERE expires_at IS NOT NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2;

-- name: expired_on_number
-- Expired bindings of one virtual number.
SELECT sequence, x, a, b, mode, y, binding_id, extension FROM binding
WHERE x = $1 AND expires_at <= $2;

-- name: all_on_number
-- Every binding of one virtual number.
SELECT sequence, x, a, b, mode, y, binding_id, extension, expires_at FROM binding WHERE x = $1;

-- name: onward_set
-- Where A's next call through a binding goes.
INSERT INTO onward (binding, kind, expires_at, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (binding, kind) DO UPDATE SET expires_at = excluded.expires_at,
    sealed = excluded.sealed;

-- name: onward_delete
-- Forget all of that.
DELETE FROM onward WHERE binding = $1;

-- name: extension_any
-- Whether X has any free range.
SELECT 1 FROM free_extension WHERE x = $1 LIMIT 1;

-- name: extension_first
-- The range that is to be used next: never used ones first, then the longest free.
SELECT first, last, freed_at FROM free_extension WHERE x = $1 ORDER BY freed_at, first LIMIT 1;

-- name: extension_around
-- The range that may hold an extension.
SELECT first, last, freed_at FROM free_extension WHERE x = $1 AND first <= $2
ORDER BY first DESC LIMIT 1;

-- name: extension_free
-- A range is free.
INSERT INTO free_extension (x, first, last, freed_at) VALUES ($1, $2, $3, $4);

-- name: extension_take
-- A range is used.
DELETE FROM free_extension WHERE x = $1 AND first = $2;

-- name: route_of_call
-- A virtual number, and which binding counts for the caller on it: the caller's own, else the one
-- for every caller. Nothing is joined: SQLite takes several times as long for joined rows.
SELECT app_key, area_code, state, may_message, pairs, created_at, cause,
    coalesce((SELECT role FROM route WHERE caller = $2 AND x = $1),
        (SELECT role FROM route WHERE caller = $3 AND x = $1)),
    coalesce((SELECT binding FROM route WHERE caller = $2 AND x = $1),
        (SELECT binding FROM route WHERE caller = $3 AND x = $1))
FROM number WHERE number = $1;

-- name: binding_of_route
-- The binding that a route leads to.
SELECT binding_id, app_key, x, expires_at, sealed, mode, y, extension, relation, calls_left,
    idle_us, ends_at
FROM binding WHERE sequence = $1;

-- name: onward_of_binding
-- Where A's next call through a binding goes.
SELECT onward.kind, onward.expires_at, onward.sealed
FROM binding JOIN onward ON onward.binding = binding.sequence WHERE binding.binding_id = $1;

-- name: holder_of_route
-- The binding behind one route.
SELECT binding.binding_id, binding.app_key, binding.x, binding.expires_at, binding.sealed,
    binding.mode, binding.y, binding.extension, binding.relation, binding.calls_left,
    binding.idle_us, binding.ends_at
FROM route JOIN binding ON binding.sequence = route.binding
WHERE route.caller = $1 AND route.x = $2;

-- name: holds_y
-- Whether a party is B with this Y.
SELECT 1 FROM route JOIN binding ON binding.sequence = route.binding
WHERE route.caller = $1 AND route.role = 'B' AND binding.y = $2
AND (binding.expires_at IS NULL OR binding.expires_at > $3) LIMIT 1;

-- name: list_all
-- Bindings, oldest first.
SELECT binding_id, app_key, x, expires_at, sealed, mode, y, extension, relation, calls_left,
    idle_us, ends_at FROM binding ORDER BY sequence;

-- name: list_of_number
-- Live bindings of a virtual number, oldest first.
SELECT binding_id, app_key, x, expires_at, sealed, mode, y, extension, relation, calls_left,
    idle_us, ends_at FROM binding
WHERE x = $3 AND (app_key = $2 OR $2 IS NULL) AND (expires_at IS NULL OR expires_at > $1)
ORDER BY sequence;

-- name: list_after
-- Live AXE bindings of a virtual number behind a place, in the order of binding.
SELECT binding_id, app_key, x, expires_at, sealed, mode, y, extension, relation, calls_left,
    idle_us, ends_at, sequence FROM binding
WHERE mode = 'axe' AND x = $1 AND sequence > $2 AND app_key = $3
AND (expires_at IS NULL OR expires_at > $4) ORDER BY sequence LIMIT $5;

-- name: list_of_party
-- Live bindings of one real number, in any role or one, oldest first.
SELECT binding.binding_id, binding.app_key, binding.x, binding.expires_at, binding.sealed,
    binding.mode, binding.y, binding.extension, binding.relation, binding.calls_left,
    binding.idle_us, binding.ends_at
FROM route JOIN binding ON binding.sequence = route.binding
WHERE route.caller = $4 AND ($2 IS NULL OR binding.app_key = $2) AND ($3 IS NULL OR route.x = $3)
AND ($5 IS NULL OR binding.a = $5) AND ($6 IS NULL OR binding.b = $6)
AND (binding.expires_at IS NULL OR binding.expires_at > $1)
ORDER BY binding.sequence;
