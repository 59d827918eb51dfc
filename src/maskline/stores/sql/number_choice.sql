-- Numbers chosen by more than their city. `$1` is the application, `$3` and `$4` are the keys of both
-- routes, `$5` is now. Since `$8`, which is now where none has to rest, nobody may have had the number
-- whom `$3` and `$9` name. `$10` is a city, `$11` a tag, `$12` the number that the pair had last.

-- name: rule_last
-- The number that a pair had last, or an A where there is no B, in mode `$2`. Of the latest ends of each party so
-- many are looked at, and of its bindings those that have expired and were not removed yet.
SELECT x FROM (
    SELECT x, ended_at FROM (SELECT x, ended_at, app_key, mode, b FROM ended_binding
        WHERE a = $3 ORDER BY ended_at DESC LIMIT 1000)
    WHERE app_key = $1 AND mode = $2 AND (b IS NULL OR b = $4)
    UNION ALL
    SELECT x, ended_at FROM (SELECT x, ended_at, app_key, mode, b FROM ended_binding
        WHERE a = $4 ORDER BY ended_at DESC LIMIT 1000)
    WHERE app_key = $1 AND mode = $2 AND b = $3
    UNION ALL
    SELECT binding.x, binding.expires_at
    FROM route JOIN binding ON binding.sequence = route.binding
    WHERE route.caller = $3 AND route.expires_at <= $5 AND app_key = $1 AND mode = $2
    AND ((a = $3 AND (mode <> 'axb' OR b = $4)) OR (a = $4 AND b = $3))
) ORDER BY ended_at DESC LIMIT 1;

-- name: rule_same
-- The city of that number, if it may be taken.
SELECT area_code FROM number WHERE number = $12 AND app_key = $1 AND state = 'normal'
AND pairs < $2 AND ($6 = 0 OR bound_on <> $7 OR bound_today < $6)
AND (held_until IS NULL OR held_until <= $5) AND ($11 IS NULL OR instr(tags, $11) > 0)
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller IN ($3, $4) AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5));

-- name: rule_in_area
-- The least used number of a city, but for the last one.
SELECT number FROM number WHERE app_key = $1 AND area_code = $10 AND state = 'normal'
AND pairs < $2 AND ($6 = 0 OR bound_on <> $7 OR bound_today < $6)
AND (held_until IS NULL OR held_until <= $5) AND ($11 IS NULL OR instr(tags, $11) > 0)
AND number IS NOT $12
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller IN ($3, $4) AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller IN ($3, $9) AND route.x = number.number
    AND route.expires_at > $8)
AND number NOT IN (SELECT x FROM ended_binding WHERE a IN ($3, $9) AND ended_at > $8)
AND number NOT IN (SELECT x FROM ended_binding WHERE b IN ($3, $9) AND ended_at > $8)
ORDER BY pairs, number LIMIT 1;

-- name: rule_anywhere
-- The same of the whole application.
SELECT number FROM number WHERE app_key = $1 AND state = 'normal'
AND pairs < $2 AND ($6 = 0 OR bound_on <> $7 OR bound_today < $6)
AND (held_until IS NULL OR held_until <= $5) AND ($11 IS NULL OR instr(tags, $11) > 0)
AND number IS NOT $12
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller IN ($3, $4) AND route.x = number.number
    AND (route.expires_at IS NULL OR route.expires_at > $5))
AND NOT EXISTS (SELECT 1 FROM route WHERE route.caller IN ($3, $9) AND route.x = number.number
    AND route.expires_at > $8)
AND number NOT IN (SELECT x FROM ended_binding WHERE a IN ($3, $9) AND ended_at > $8)
AND number NOT IN (SELECT x FROM ended_binding WHERE b IN ($3, $9) AND ended_at > $8)
ORDER BY pairs, number LIMIT 1;

-- name: rule_full
-- Numbers with a tag, in a city or anywhere, that are full only until their expired bindings go.
SELECT number FROM (
    SELECT number, pairs - (SELECT count(*) FROM binding
        WHERE binding.x = number.number AND binding.y IS NULL AND binding.expires_at <= $3) AS live
    FROM number WHERE app_key = $1 AND (area_code = $4 OR $4 IS NULL) AND state = 'normal'
    AND pairs >= $2 AND (held_until IS NULL OR held_until <= $3)
    AND ($5 IS NULL OR instr(tags, $5) > 0)
    AND EXISTS (SELECT 1 FROM binding WHERE binding.x = number.number AND binding.expires_at <= $3)
) AS candidate WHERE live < $2 ORDER BY live, number LIMIT 4;
