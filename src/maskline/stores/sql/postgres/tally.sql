-- name: tally_add
-- Add to sums, which may be new.
INSERT INTO tally (subject, slot, app_key, name, first_at, last_at, s0, s1, s2, s3, s4, s5, s6, s7)
SELECT * FROM unnest($1::TEXT[], $2::BIGINT[], $3::TEXT[], $4::TEXT[], $5::BIGINT[], $6::BIGINT[],
    $7::BIGINT[], $8::BIGINT[], $9::BIGINT[], $10::BIGINT[], $11::BIGINT[], $12::BIGINT[],
    $13::BIGINT[], $14::BIGINT[])
ON CONFLICT (subject, slot, app_key, name) DO UPDATE SET
first_at = least(tally.first_at, excluded.first_at),
last_at = greatest(tally.last_at, excluded.last_at),
s0 = tally.s0 + excluded.s0, s1 = tally.s1 + excluded.s1, s2 = tally.s2 + excluded.s2,
s3 = tally.s3 + excluded.s3, s4 = tally.s4 + excluded.s4, s5 = tally.s5 + excluded.s5,
s6 = tally.s6 + excluded.s6, s7 = tally.s7 + excluded.s7;

-- name: tally_raise
-- Keep the greater of sums, which may be new.
INSERT INTO tally (subject, slot, app_key, name, first_at, last_at, s0, s1, s2, s3, s4, s5, s6, s7)
SELECT * FROM unnest($1::TEXT[], $2::BIGINT[], $3::TEXT[], $4::TEXT[], $5::BIGINT[], $6::BIGINT[],
    $7::BIGINT[], $8::BIGINT[], $9::BIGINT[], $10::BIGINT[], $11::BIGINT[], $12::BIGINT[],
    $13::BIGINT[], $14::BIGINT[])
ON CONFLICT (subject, slot, app_key, name) DO UPDATE SET
first_at = least(tally.first_at, excluded.first_at),
last_at = greatest(tally.last_at, excluded.last_at),
s0 = greatest(tally.s0, excluded.s0), s1 = greatest(tally.s1, excluded.s1),
s2 = greatest(tally.s2, excluded.s2), s3 = greatest(tally.s3, excluded.s3),
s4 = greatest(tally.s4, excluded.s4), s5 = greatest(tally.s5, excluded.s5),
s6 = greatest(tally.s6, excluded.s6), s7 = greatest(tally.s7, excluded.s7);

-- name: tally_by_slot
-- Sums of each slot.
SELECT slot, '', '', min(first_at), max(last_at),
sum(s0)::BIGINT, sum(s1)::BIGINT, sum(s2)::BIGINT, sum(s3)::BIGINT, sum(s4)::BIGINT,
sum(s5)::BIGINT, sum(s6)::BIGINT, sum(s7)::BIGINT
FROM tally WHERE subject = $1 AND slot >= $2 AND slot < $3
AND app_key = coalesce($4, app_key)
AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[])) AND name = coalesce($6, name)
GROUP BY slot ORDER BY slot LIMIT $7;

-- name: tally_by_app_key
-- Sums of each application.
SELECT min(slot), app_key, '', min(first_at), max(last_at),
sum(s0)::BIGINT, sum(s1)::BIGINT, sum(s2)::BIGINT, sum(s3)::BIGINT,
sum(s4)::BIGINT, sum(s5)::BIGINT, sum(s6)::BIGINT, sum(s7)::BIGINT
FROM tally WHERE subject = $1 AND slot >= $2 AND slot < $3
AND app_key = coalesce($4, app_key)
AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[])) AND name = coalesce($6, name)
GROUP BY app_key ORDER BY 6 DESC, app_key LIMIT $7;

-- name: tally_by_name
-- Sums of each name.
SELECT min(slot), '', name, min(first_at), max(last_at),
sum(s0)::BIGINT, sum(s1)::BIGINT, sum(s2)::BIGINT, sum(s3)::BIGINT,
sum(s4)::BIGINT, sum(s5)::BIGINT, sum(s6)::BIGINT, sum(s7)::BIGINT
FROM tally WHERE subject = $1 AND slot >= $2 AND slot < $3
AND app_key = coalesce($4, app_key)
AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[])) AND name = coalesce($6, name)
GROUP BY name ORDER BY 6 DESC, name LIMIT $7;

-- name: tally_by_all
-- Sums of each slot, application and name, the latest first.
SELECT slot, app_key, name, first_at, last_at, s0, s1, s2, s3, s4, s5, s6, s7 FROM tally
WHERE subject = $1 AND slot >= $2 AND slot < $3 AND app_key = coalesce($4, app_key)
AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[])) AND name = coalesce($6, name)
ORDER BY slot DESC, app_key, name LIMIT $7;
