-- name: rule_choice
-- A number chosen by more than its city, kept from others from now on. `$1` is the application, `$2`
-- the mode, `$3` and `$4` are the keys of both routes; since `$10`, which is `$9`, now, where none
-- has to rest, nobody may have had it whom `$3` and `$5` name. `$11` are cities, the best first, and
-- with `$12` any follows; `$13` is a tag; `$14` what it matters which number the pair had last: of the
-- latest ends of each party so many are looked at, and of its bindings those that have expired and
-- were not removed yet. (The limits keep the planner from looking through all of an application.)
-- Cities are joined in their order, for each depends on one of them: the one that is found keeps the
-- others from being looked for, and locked.
WITH had AS MATERIALIZED (
    SELECT x FROM (
        SELECT x, ended_at FROM (SELECT x, ended_at, app_key, mode, b FROM ended_binding
            WHERE a = $3 ORDER BY ended_at DESC LIMIT 1000) AS of_a
        WHERE app_key = $1 AND mode = $2 AND (b IS NULL OR b = $4)
        UNION ALL
        SELECT x, ended_at FROM (SELECT x, ended_at, app_key, mode, b FROM ended_binding
            WHERE a = $4 ORDER BY ended_at DESC LIMIT 1000) AS of_b
        WHERE app_key = $1 AND mode = $2 AND b = $3
        UNION ALL
        SELECT bound.x, bound.expires_at FROM (SELECT home, binding FROM route
            WHERE caller = $3 AND expires_at <= $9 ORDER BY expires_at DESC LIMIT 1000) AS over
        CROSS JOIN LATERAL (SELECT * FROM binding
            WHERE x = home AND sequence = over.binding LIMIT 1) AS bound
        WHERE app_key = $1 AND mode = $2
        AND ((a = $3 AND (mode <> 'axb' OR b = $4)) OR (a = $4 AND b = $3))
    ) AS ends WHERE $14::TEXT <> 'any' ORDER BY ended_at DESC LIMIT 1
), resting AS MATERIALIZED (
    SELECT x FROM ended_binding WHERE a IN ($3, $5::BYTEA) AND ended_at > $10::BIGINT
    UNION ALL
    SELECT x FROM ended_binding WHERE b IN ($3, $5) AND ended_at > $10
    UNION ALL
    SELECT x FROM route WHERE caller IN ($3, $5) AND expires_at > $10
), same AS (
    SELECT number FROM number WHERE number = (SELECT x FROM had) AND app_key = $1
    AND (area_code = ANY($11::TEXT[]) OR $12) AND state = 'normal'
    AND pairs < $6 AND ($7 = 0 OR bound_on <> $8 OR bound_today < $7)
    AND (held_until IS NULL OR held_until <= $9)
    AND ($13::TEXT IS NULL OR position($13 IN tags) > 0)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $3
        AND (expires_at IS NULL OR expires_at > $9)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $4
        AND (expires_at IS NULL OR expires_at > $9)) IS NOT TRUE
    FOR UPDATE
), in_area AS (
    SELECT number FROM unnest($11) AS city CROSS JOIN LATERAL (
        SELECT number FROM number WHERE app_key = $1 AND area_code = city AND state = 'normal'
        AND pairs < $6 AND ($7 = 0 OR bound_on <> $8 OR bound_today < $7)
        AND (held_until IS NULL OR held_until <= $9)
        AND ($13 IS NULL OR position($13 IN tags) > 0)
        AND number IS DISTINCT FROM (SELECT x FROM had)
        AND (SELECT TRUE FROM route WHERE x = number AND caller = $3
            AND (expires_at IS NULL OR expires_at > $9)) IS NOT TRUE
        AND (SELECT TRUE FROM route WHERE x = number AND caller = $4
            AND (expires_at IS NULL OR expires_at > $9)) IS NOT TRUE
        AND number NOT IN (SELECT x FROM resting)
        ORDER BY pairs, number LIMIT 1 FOR UPDATE SKIP LOCKED) AS best
    LIMIT 1
), anywhere AS (
    SELECT number FROM number WHERE $12 AND app_key = $1 AND state = 'normal'
    AND pairs < $6 AND ($7 = 0 OR bound_on <> $8 OR bound_today < $7)
    AND (held_until IS NULL OR held_until <= $9)
    AND ($13 IS NULL OR position($13 IN tags) > 0)
    AND number IS DISTINCT FROM (SELECT x FROM had)
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $3
        AND (expires_at IS NULL OR expires_at > $9)) IS NOT TRUE
    AND (SELECT TRUE FROM route WHERE x = number AND caller = $4
        AND (expires_at IS NULL OR expires_at > $9)) IS NOT TRUE
    AND number NOT IN (SELECT x FROM resting)
    ORDER BY pairs, number LIMIT 1 FOR UPDATE SKIP LOCKED
), stuck AS MATERIALIZED (
    SELECT number FROM same WHERE $14 = 'sticky'
), near AS MATERIALIZED (
    SELECT number FROM in_area WHERE NOT EXISTS (SELECT FROM stuck)
), far AS MATERIALIZED (
    SELECT number FROM anywhere WHERE NOT EXISTS (SELECT FROM stuck)
    AND NOT EXISTS (SELECT FROM near)
), again AS MATERIALIZED (
    SELECT number FROM same WHERE $14 = 'avoid' AND NOT EXISTS (SELECT FROM near)
    AND NOT EXISTS (SELECT FROM far)
)
SELECT number FROM stuck UNION ALL SELECT number FROM near
UNION ALL SELECT number FROM far UNION ALL SELECT number FROM again;

-- name: rule_bind
-- A binding, its routes and the count of a number, which `rule_choice` chooses in place of `chosen`.
WITH chosen AS MATERIALIZED (
    SELECT number FROM rule_choice
), target AS (
    UPDATE number SET pairs = pairs + 1, bound_on = $8,
        bound_today = CASE WHEN bound_on = $8 THEN bound_today + 1 ELSE 1 END
    FROM chosen WHERE number.number = chosen.number
    AND NOT EXISTS (SELECT FROM route WHERE x = chosen.number AND caller = $3)
    AND NOT EXISTS (SELECT FROM route WHERE x = chosen.number AND caller = $4)
    RETURNING number.number
), made AS (
    INSERT INTO binding (x, binding_id, mode, app_key, a, b, expires_at, sealed, calls_left,
        idle_us, ends_at)
    SELECT number, $15, $2, $1, $3, $4, $16, $17, $18, $19, $20 FROM target
    RETURNING x, sequence
), routes AS (
    INSERT INTO route (x, caller, home, binding, role, expires_at)
    SELECT made.x, party.caller, made.x, made.sequence, party.role, $16 FROM made
    CROSS JOIN (VALUES ($3::BYTEA, 'A'), ($4, 'B')) AS party (caller, role)
)
SELECT x FROM made;

-- name: rule_full
-- Numbers with a tag, in a city or anywhere, that are full only until their expired bindings go.
SELECT number FROM number JOIN (
    SELECT x, count(*) AS expired FROM binding
    WHERE expires_at <= $3 AND app_key = $1 AND y IS NULL GROUP BY x) AS over ON over.x = number
WHERE app_key = $1 AND (area_code = $4 OR $4 IS NULL) AND state = 'normal'
AND pairs >= $2 AND pairs - expired < $2 AND (held_until IS NULL OR held_until <= $3)
AND ($5::TEXT IS NULL OR position($5 IN tags) > 0)
ORDER BY pairs - expired, number LIMIT 4;
