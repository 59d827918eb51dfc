-- name: choose_in_area
-- The number that `bind_in_area` would take, kept from others from now on.
WITH quick AS (
    SELECT number FROM number WHERE app_key = $2 AND area_code = $1 AND state = 'normal'
    AND pairs < $5 AND ($6 = 0 OR bound_on <> $7 OR bound_today < $6)
    AND (held_until IS NULL OR held_until <= $8)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $3
        AND (expires_at IS NULL OR expires_at > $8)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $4
        AND (expires_at IS NULL OR expires_at > $8)) IS NOT TRUE
    ORDER BY pairs, number LIMIT 1 FOR UPDATE SKIP LOCKED
), patient AS (
    SELECT number FROM number WHERE app_key = $2 AND area_code = $1 AND state = 'normal'
    AND pairs < $5 AND ($6 = 0 OR bound_on <> $7 OR bound_today < $6)
    AND (held_until IS NULL OR held_until <= $8)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $3
        AND (expires_at IS NULL OR expires_at > $8)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $4
        AND (expires_at IS NULL OR expires_at > $8)) IS NOT TRUE
    ORDER BY pairs, number LIMIT 1 FOR UPDATE
)
SELECT number FROM quick
UNION ALL SELECT number FROM patient WHERE NOT EXISTS (SELECT FROM quick);

-- name: choose_anywhere
-- The same for `bind_anywhere`.
WITH quick AS (
    SELECT number FROM number WHERE app_key = $1 AND state = 'normal'
    AND pairs < $4 AND ($5 = 0 OR bound_on <> $6 OR bound_today < $5)
    AND (held_until IS NULL OR held_until <= $7)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $2
        AND (expires_at IS NULL OR expires_at > $7)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $3
        AND (expires_at IS NULL OR expires_at > $7)) IS NOT TRUE
    ORDER BY pairs, number LIMIT 1 FOR UPDATE SKIP LOCKED
), patient AS (
    SELECT number FROM number WHERE app_key = $1 AND state = 'normal'
    AND pairs < $4 AND ($5 = 0 OR bound_on <> $6 OR bound_today < $5)
    AND (held_until IS NULL OR held_until <= $7)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $2
        AND (expires_at IS NULL OR expires_at > $7)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $3
        AND (expires_at IS NULL OR expires_at > $7)) IS NOT TRUE
    ORDER BY pairs, number LIMIT 1 FOR UPDATE
)
SELECT number FROM quick
UNION ALL SELECT number FROM patient WHERE NOT EXISTS (SELECT FROM quick);

-- name: choice_after_sweep
-- The least loaded of the numbers, in a city or anywhere, that are full only until their expired
-- bindings are removed.
SELECT number FROM number JOIN (
    SELECT x, count(*) AS expired FROM binding
    WHERE expires_at <= $8 AND app_key = $2 AND y IS NULL GROUP BY x) AS over ON over.x = number
WHERE app_key = $2 AND (area_code = $1 OR $1 IS NULL) AND state = 'normal'
AND pairs >= $5 AND pairs - expired < $5 AND ($6 = 0 OR bound_on <> $7 OR bound_today < $6)
AND (held_until IS NULL OR held_until <= $8)
AND NOT EXISTS (SELECT FROM route WHERE route.x = number AND caller IN ($3, $4)
    AND (route.expires_at IS NULL OR route.expires_at > $8))
ORDER BY pairs - expired, number LIMIT 1;

-- name: choice_of_y
-- A number for a YB part: no X, unknown to A, and one that serves as Y already where there is one.
SELECT number FROM number WHERE app_key = $1 AND (area_code = $2 OR $2 IS NULL)
AND state = 'normal' AND pairs < $3 AND ($6 = 0 OR bound_on <> $7 OR bound_today < $6)
AND (held_until IS NULL OR held_until <= $5)
AND (SELECT TRUE FROM route WHERE x = number AND caller = $8) IS NOT TRUE
AND (SELECT TRUE FROM route WHERE x = number AND caller = $4
    AND (expires_at IS NULL OR expires_at > $5)) IS NOT TRUE
ORDER BY pairs = 0, pairs, number LIMIT 1 FOR UPDATE;

-- name: number_lock
-- What decides whether X takes a binding, kept as it is until the unit of work is over.
SELECT app_key, state, pairs, bound_on, bound_today FROM number WHERE number = $1 FOR UPDATE;

-- name: numbers_lock
-- Keep several numbers from others, in one order, so that no two wait for each other.
SELECT number FROM number WHERE number = ANY($1::TEXT[]) ORDER BY number FOR UPDATE;

-- name: holding_lock
-- Wait for whoever counts what this A holds.
INSERT INTO holding_lock (app_key, a) VALUES ($1, $2);

-- name: numbers_of_a
-- How many live bindings of a mode a party has as A in an application; whoever waits to count them
-- may do so once this unit of work is over.
WITH counted AS (DELETE FROM holding_lock WHERE app_key = $2 AND a = $1)
SELECT count(*) FROM route JOIN binding ON binding.x = home AND binding.sequence = route.binding
WHERE route.caller = $1 AND route.role = 'A' AND binding.app_key = $2 AND binding.mode = $3
AND (binding.expires_at IS NULL OR binding.expires_at > $4);

-- name: holders
-- Bindings that hold one of two routes, and when they end: that of A on a number, that of B.
SELECT x = $1 AND caller = $2 AS is_a, home, binding, expires_at FROM route
WHERE (x = $1 AND caller = $2) OR (x = $3 AND caller = $4);

-- name: binding_lock
-- What a change of a binding must know, kept as it is until the unit of work is over.
SELECT sequence, app_key, x, a, b, expires_at, mode, y, binding_id, extension, calls_left, idle_us,
    ends_at FROM binding WHERE binding_id = $1 FOR UPDATE;

-- name: bind_replace
-- What may change of a binding.
UPDATE binding SET a = $3, b = $4, expires_at = $5, sealed = $6, ends_at = $7, idle_us = $8,
    calls_left = CASE WHEN $10::BOOLEAN THEN $9 ELSE calls_left END
WHERE x = $1 AND sequence = $2;

-- name: routes_delete
-- Forget the routes of a binding.
DELETE FROM route WHERE (x = coalesce($2, $1) AND caller = $3) OR (x = $1 AND caller = $4);

-- name: routes_add
-- Both routes of a binding.
INSERT INTO route (x, caller, home, binding, role, expires_at)
VALUES (coalesce($2, $1), $3, $1, $5, 'A', $6), ($1, $4, $1, $5, 'B', $6);

-- name: routes_expiry
-- When the routes of a binding expire now.
UPDATE route SET expires_at = $5
WHERE (x = coalesce($2, $1) AND caller = $3) OR (x = $1 AND caller = $4);

-- name: binding_after_call
-- How many calls are left, and when the binding expires now.
UPDATE binding SET calls_left = $3, expires_at = $4 WHERE x = $1 AND sequence = $2;

-- name: binding_rows
-- What the removal of some bindings must know.
SELECT binding.x, sequence, y, mode, binding_id FROM binding
JOIN unnest($1::TEXT[], $2::BIGINT[]) AS key (x, place)
ON binding.x = key.x AND binding.sequence = key.place;

-- name: still_expired
-- Of some bindings those that have expired, kept as they are until the unit of work is over.
SELECT binding.x, sequence, y, mode, binding_id FROM binding
JOIN unnest($1::TEXT[], $2::BIGINT[]) AS key (x, place)
ON binding.x = key.x AND binding.sequence = key.place
WHERE expires_at <= $3 ORDER BY sequence FOR UPDATE OF binding;

-- name: all_on_number
-- Every binding of one virtual number, and when it ends.
SELECT x, sequence, y, mode, binding_id, expires_at FROM binding WHERE x = $1;

-- name: expired_on_number
-- Expired bindings that one virtual number counts.
SELECT x, sequence, y, mode, binding_id FROM binding
WHERE x = $1 AND expires_at <= $2 AND y IS NULL;

-- name: expired
-- Expired bindings, the longest expired first.
SELECT x, sequence, y, mode, binding_id FROM binding
WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2;

-- name: parts_of_relations
-- The YB parts of some relations.
SELECT x, sequence, y, mode, binding_id FROM binding WHERE relation = ANY($1::TEXT[]);

-- name: binding_remove
-- Bindings go with their routes, their counts and their extensions, and what they were is kept;
-- those that were there.
-- (Keys by VALUES: of a UNION ALL, PostgreSQL checks only the first part again for a route that was
-- changed while it waited for it.)
WITH gone AS (
    DELETE FROM binding USING unnest($1::TEXT[], $2::BIGINT[], $3::TEXT[]) AS key (x, sequence, cause)
    WHERE binding.x = key.x AND binding.sequence = key.sequence
    RETURNING binding.*, key.cause
), history AS (
    INSERT INTO ended_binding (binding_id, mode, app_key, x, a, b, expires_at, sealed, y, extension,
        relation, calls_left, idle_us, ends_at, ended_at, cause)
    SELECT binding_id, mode, app_key, x, a, CASE WHEN mode IN ('axb', 'yb') THEN b END, expires_at,
        sealed, y, extension, relation, calls_left, idle_us, ends_at,
        CASE WHEN expires_at <= $4 THEN expires_at ELSE $4 END,
        CASE WHEN expires_at <= $4 THEN 'expired' ELSE cause END
    FROM gone
), routes AS (
    DELETE FROM route USING gone CROSS JOIN LATERAL (
        VALUES (coalesce(gone.y, gone.x), gone.a), (gone.x, gone.b)) AS held (x, caller)
    WHERE route.x = held.x AND route.caller = held.caller
), counts AS (
    UPDATE number SET pairs = pairs - over.bindings FROM (
        SELECT coalesce(y, x) AS number, count(*) AS bindings FROM gone GROUP BY 1) AS over
    WHERE number.number = over.number
), extensions AS (
    INSERT INTO free_extension (x, first, last, freed_at)
    SELECT x, extension::INTEGER, extension::INTEGER, $4 FROM gone WHERE extension IS NOT NULL
)
SELECT x, sequence FROM gone;

-- name: onward_set
-- Where A's next call through a live binding goes; nothing without one.
INSERT INTO onward (x, binding, kind, expires_at, sealed)
SELECT x, sequence, $4, $5, $6 FROM binding
WHERE binding_id = $1 AND app_key = $2 AND (expires_at IS NULL OR expires_at > $3)
ON CONFLICT (x, binding, kind) DO UPDATE SET expires_at = excluded.expires_at,
    sealed = excluded.sealed
RETURNING binding;

-- name: onward_delete
-- Forget all of that.
DELETE FROM onward WHERE x = $1 AND binding = $2;

-- name: route_of_call
-- A virtual number, and the binding that counts for the caller on it: the caller's own, else the
-- one for every caller.
SELECT number.app_key, number.area_code, number.state, number.may_message, number.pairs,
    number.created_at, number.cause, route.role,
    binding.binding_id, binding.app_key, binding.x, binding.expires_at, binding.sealed,
    binding.mode, binding.y, binding.extension, binding.relation, binding.calls_left,
    binding.idle_us, binding.ends_at
FROM number
LEFT JOIN LATERAL (SELECT home, binding, role FROM route WHERE x = $1 AND caller IN ($2, $3)
    ORDER BY caller = $3 LIMIT 1) AS route ON TRUE
LEFT JOIN binding ON binding.x = route.home AND binding.sequence = route.binding
WHERE number.number = $1;

-- name: onward_of_binding
-- Where A's next call through a binding goes.
SELECT onward.kind, onward.expires_at, onward.sealed FROM binding
JOIN onward ON onward.x = binding.x AND onward.binding = binding.sequence
WHERE binding.binding_id = $1;

-- name: holder_of_route
-- The binding behind one route.
SELECT binding.binding_id, binding.app_key, binding.x, binding.expires_at, binding.sealed,
    binding.mode, binding.y, binding.extension, binding.relation, binding.calls_left,
    binding.idle_us, binding.ends_at
FROM route JOIN binding ON binding.x = route.home AND binding.sequence = route.binding
WHERE route.caller = $1 AND route.x = $2;

-- name: holds_y
-- Whether a party is B with this Y.
SELECT 1 FROM route JOIN binding ON binding.x = route.home AND binding.sequence = route.binding
WHERE route.caller = $1 AND route.role = 'B' AND binding.y = $2
AND (binding.expires_at IS NULL OR binding.expires_at > $3) LIMIT 1;

-- name: list_of_party
-- Live bindings of one real number, in any role or one, oldest first.
SELECT binding.binding_id, binding.app_key, binding.x, binding.expires_at, binding.sealed,
    binding.mode, binding.y, binding.extension, binding.relation, binding.calls_left,
    binding.idle_us, binding.ends_at
FROM route JOIN binding ON binding.x = route.home AND binding.sequence = route.binding
WHERE route.caller = $4 AND (binding.app_key = $2 OR $2 IS NULL) AND (route.x = $3 OR $3 IS NULL)
AND (binding.a = $5 OR $5 IS NULL) AND (binding.b = $6 OR $6 IS NULL)
AND (binding.expires_at IS NULL OR binding.expires_at > $1)
ORDER BY binding.sequence;
