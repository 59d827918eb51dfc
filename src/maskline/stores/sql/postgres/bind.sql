-- name: bind_given
-- A binding, its routes and the count of its number, all in one: nothing where the number does not
-- take it, or something stands in the way of a route. `$1` is X, `$9` the Y of a YB part.
WITH target AS (
    UPDATE number SET pairs = pairs + 1, bound_on = $17,
        bound_today = CASE WHEN bound_on = $17 THEN bound_today + 1 ELSE 1 END
    WHERE number = coalesce($9, $1) AND app_key = $2 AND state = 'normal' AND pairs < $15
    AND ($16 = 0 OR bound_on <> $17 OR bound_today < $16)
    AND NOT EXISTS (SELECT FROM route WHERE x = coalesce($9, $1) AND caller = $5)
    AND NOT EXISTS (SELECT FROM route WHERE x = $1 AND caller = $6)
    RETURNING number
), made AS (
    INSERT INTO binding (x, binding_id, mode, app_key, a, b, expires_at, sealed, y, extension,
        relation, calls_left, idle_us, ends_at)
    SELECT $1, $3, $4, $2, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM target
    RETURNING x, sequence
), routes AS (
    INSERT INTO route (x, caller, home, binding, role, expires_at)
    SELECT party.x, party.caller, made.x, made.sequence, party.role, $7 FROM made
    CROSS JOIN (VALUES (coalesce($9, $1), $5::BYTEA, 'A'), ($1, $6, 'B')) AS party (x, caller, role)
)
SELECT x FROM made;

-- name: bind_in_area
-- The same on the least loaded number of a city, `$1`, that knows neither party. A number that
-- others bind on at this moment is passed over for one as good; is there none, we wait for it.
WITH quick AS (
    SELECT number FROM number WHERE app_key = $2 AND area_code = $1 AND state = 'normal'
    AND pairs < $15 AND ($16 = 0 OR bound_on <> $17 OR bound_today < $16)
    AND (held_until IS NULL OR held_until <= $18)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $5
        AND (expires_at IS NULL OR expires_at > $18)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $6
        AND (expires_at IS NULL OR expires_at > $18)) IS NOT TRUE
    ORDER BY pairs, number LIMIT 1 FOR UPDATE SKIP LOCKED
), patient AS (
    SELECT number FROM number WHERE app_key = $2 AND area_code = $1 AND state = 'normal'
    AND pairs < $15 AND ($16 = 0 OR bound_on <> $17 OR bound_today < $16)
    AND (held_until IS NULL OR held_until <= $18)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $5
        AND (expires_at IS NULL OR expires_at > $18)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $6
        AND (expires_at IS NULL OR expires_at > $18)) IS NOT TRUE
    ORDER BY pairs, number LIMIT 1 FOR UPDATE
), chosen AS MATERIALIZED (
    SELECT number FROM quick
    UNION ALL SELECT number FROM patient WHERE NOT EXISTS (SELECT FROM quick)
), target AS (
    UPDATE number SET pairs = pairs + 1, bound_on = $17,
        bound_today = CASE WHEN bound_on = $17 THEN bound_today + 1 ELSE 1 END
    FROM chosen WHERE number.number = chosen.number
    AND NOT EXISTS (SELECT FROM route WHERE x = chosen.number AND caller = $5)
    AND NOT EXISTS (SELECT FROM route WHERE x = chosen.number AND caller = $6)
    RETURNING number.number
), made AS (
    INSERT INTO binding (x, binding_id, mode, app_key, a, b, expires_at, sealed, y, extension,
        relation, calls_left, idle_us, ends_at)
    SELECT number, $3, $4, $2, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM target
    RETURNING x, sequence
), routes AS (
    INSERT INTO route (x, caller, home, binding, role, expires_at)
    SELECT made.x, party.caller, made.x, made.sequence, party.role, $7 FROM made
    CROSS JOIN (VALUES ($5::BYTEA, 'A'), ($6, 'B')) AS party (caller, role)
)
SELECT x FROM made;

-- name: bind_anywhere
-- The same on any number of the application.
WITH quick AS (
    SELECT number FROM number WHERE app_key = $1 AND state = 'normal'
    AND pairs < $14 AND ($15 = 0 OR bound_on <> $16 OR bound_today < $15)
    AND (held_until IS NULL OR held_until <= $17)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $4
        AND (expires_at IS NULL OR expires_at > $17)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $5
        AND (expires_at IS NULL OR expires_at > $17)) IS NOT TRUE
    ORDER BY pairs, number LIMIT 1 FOR UPDATE SKIP LOCKED
), patient AS (
    SELECT number FROM number WHERE app_key = $1 AND state = 'normal'
    AND pairs < $14 AND ($15 = 0 OR bound_on <> $16 OR bound_today < $15)
    AND (held_until IS NULL OR held_until <= $17)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $4
        AND (expires_at IS NULL OR expires_at > $17)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $5
        AND (expires_at IS NULL OR expires_at > $17)) IS NOT TRUE
    ORDER BY pairs, number LIMIT 1 FOR UPDATE
), chosen AS MATERIALIZED (
    SELECT number FROM quick
    UNION ALL SELECT number FROM patient WHERE NOT EXISTS (SELECT FROM quick)
), target AS (
    UPDATE number SET pairs = pairs + 1, bound_on = $16,
        bound_today = CASE WHEN bound_on = $16 THEN bound_today + 1 ELSE 1 END
    FROM chosen WHERE number.number = chosen.number
    AND NOT EXISTS (SELECT FROM route WHERE x = chosen.number AND caller = $4)
    AND NOT EXISTS (SELECT FROM route WHERE x = chosen.number AND caller = $5)
    RETURNING number.number
), made AS (
    INSERT INTO binding (x, binding_id, mode, app_key, a, b, expires_at, sealed, y, extension,
        relation, calls_left, idle_us, ends_at)
    SELECT number, $2, $3, $1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM target
    RETURNING x, sequence
), routes AS (
    INSERT INTO route (x, caller, home, binding, role, expires_at)
    SELECT made.x, party.caller, made.x, made.sequence, party.role, $6 FROM made
    CROSS JOIN (VALUES ($4::BYTEA, 'A'), ($5, 'B')) AS party (caller, role)
)
SELECT x FROM made;

-- name: bind_many_given
-- The same as `bind_given` for several bindings on different numbers; those that were made. It
-- waits for nobody: whose number others use at this moment is bound alone. All but its key is asked
-- of a number where it is kept: asked in the update, it would be sought among all normal numbers.
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::BYTEA[], $6::BYTEA[],
        $7::BIGINT[], $8::BYTEA[], $9::BIGINT[], $10::BIGINT[], $11::BIGINT[], $12::BIGINT[],
        $13::BIGINT[], $14::BIGINT[]) AS given (x, app_key, binding_id, mode, a, b, expires_at,
        sealed, calls_left, idle_us, ends_at, most, a_day, day)
), kept AS MATERIALIZED (
    SELECT number, app_key, state, pairs, bound_on, bound_today FROM number
    WHERE number = ANY($1::TEXT[]) FOR UPDATE SKIP LOCKED
), target AS (
    UPDATE number SET pairs = number.pairs + 1, bound_on = given.day,
        bound_today = CASE WHEN number.bound_on = given.day THEN number.bound_today + 1 ELSE 1 END
    FROM kept JOIN given ON given.x = kept.number AND given.app_key = kept.app_key
    WHERE number.number = kept.number AND kept.state = 'normal' AND kept.pairs < given.most
    AND (given.a_day = 0 OR kept.bound_on <> given.day OR kept.bound_today < given.a_day)
    AND (SELECT TRUE FROM route WHERE x = kept.number AND caller = given.a) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = kept.number AND caller = given.b) IS NOT TRUE
    RETURNING number.number AS x
), made AS (
    INSERT INTO binding (x, binding_id, mode, app_key, a, b, expires_at, sealed, calls_left,
        idle_us, ends_at)
    SELECT given.x, binding_id, mode, app_key, a, b, expires_at, sealed, calls_left, idle_us,
        ends_at FROM target JOIN given ON given.x = target.x
    RETURNING x, sequence, binding_id, a, b, expires_at
), routes AS (
    INSERT INTO route (x, caller, home, binding, role, expires_at)
    SELECT made.x, party.caller, made.x, made.sequence, party.role, made.expires_at FROM made
    CROSS JOIN LATERAL (VALUES (made.a, 'A'), (made.b, 'B')) AS party (caller, role)
)
SELECT binding_id, x FROM made;

-- name: bind_many_in_area
-- The same for several bindings that ask for the least loaded number of one city, `$12`: each is
-- given another one, the first the best. For the rest, and who is known on his, it is sought alone.
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::BYTEA[], $4::BYTEA[], $5::BIGINT[],
        $6::BYTEA[], $7::BIGINT[], $8::BIGINT[], $9::BIGINT[]) WITH ORDINALITY AS given (binding_id,
        mode, a, b, expires_at, sealed, calls_left, idle_us, ends_at, place)
), free AS MATERIALIZED (
    SELECT number FROM number WHERE app_key = $11 AND area_code = $12 AND state = 'normal'
    AND pairs < $13 AND ($14 = 0 OR bound_on <> $15 OR bound_today < $14)
    AND (held_until IS NULL OR held_until <= $16)
    ORDER BY pairs, number LIMIT $10 FOR UPDATE SKIP LOCKED
), chosen AS MATERIALIZED (
    SELECT given.*, seat.number FROM given
    JOIN (SELECT number, row_number() OVER () AS place FROM free) AS seat
    ON seat.place = given.place
    WHERE (SELECT TRUE FROM route WHERE x = number AND caller = given.a) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = given.b) IS NOT TRUE
), target AS (
    UPDATE number SET pairs = pairs + 1, bound_on = $15,
        bound_today = CASE WHEN bound_on = $15 THEN bound_today + 1 ELSE 1 END
    FROM chosen WHERE number.number = chosen.number
    RETURNING number.number AS x
), made AS (
    INSERT INTO binding (x, binding_id, mode, app_key, a, b, expires_at, sealed, calls_left,
        idle_us, ends_at)
    SELECT target.x, binding_id, mode, $11, a, b, expires_at, sealed, calls_left, idle_us, ends_at
    FROM target JOIN chosen ON chosen.number = target.x
    RETURNING x, sequence, binding_id, a, b, expires_at
), routes AS (
    INSERT INTO route (x, caller, home, binding, role, expires_at)
    SELECT made.x, party.caller, made.x, made.sequence, party.role, made.expires_at FROM made
    CROSS JOIN LATERAL (VALUES (made.a, 'A'), (made.b, 'B')) AS party (caller, role)
)
SELECT binding_id, x FROM made;

-- name: bind_many_anywhere
-- The same for any number of the application.
WITH given AS MATERIALIZED (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::BYTEA[], $4::BYTEA[], $5::BIGINT[],
        $6::BYTEA[], $7::BIGINT[], $8::BIGINT[], $9::BIGINT[]) WITH ORDINALITY AS given (binding_id,
        mode, a, b, expires_at, sealed, calls_left, idle_us, ends_at, place)
), free AS MATERIALIZED (
    SELECT number FROM number WHERE app_key = $11 AND state = 'normal'
    AND pairs < $12 AND ($13 = 0 OR bound_on <> $14 OR bound_today < $13)
    AND (held_until IS NULL OR held_until <= $15)
    ORDER BY pairs, number LIMIT $10 FOR UPDATE SKIP LOCKED
), chosen AS MATERIALIZED (
    SELECT given.*, seat.number FROM given
    JOIN (SELECT number, row_number() OVER () AS place FROM free) AS seat
    ON seat.place = given.place
    WHERE (SELECT TRUE FROM route WHERE x = number AND caller = given.a) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = given.b) IS NOT TRUE
), target AS (
    UPDATE number SET pairs = pairs + 1, bound_on = $14,
        bound_today = CASE WHEN bound_on = $14 THEN bound_today + 1 ELSE 1 END
    FROM chosen WHERE number.number = chosen.number
    RETURNING number.number AS x
), made AS (
    INSERT INTO binding (x, binding_id, mode, app_key, a, b, expires_at, sealed, calls_left,
        idle_us, ends_at)
    SELECT target.x, binding_id, mode, $11, a, b, expires_at, sealed, calls_left, idle_us, ends_at
    FROM target JOIN chosen ON chosen.number = target.x
    RETURNING x, sequence, binding_id, a, b, expires_at
), routes AS (
    INSERT INTO route (x, caller, home, binding, role, expires_at)
    SELECT made.x, party.caller, made.x, made.sequence, party.role, made.expires_at FROM made
    CROSS JOIN LATERAL (VALUES (made.a, 'A'), (made.b, 'B')) AS party (caller, role)
)
SELECT binding_id, x FROM made;
