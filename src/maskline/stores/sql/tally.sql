-- name: tally_add
-- Add to sums, which may be new.
INSERT INTO tally (subject, slot, app_key, name, first_at, last_at, s0, s1, s2, s3, s4, s5, s6, s7)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (subject, slot, app_key, name) DO UPDATE SET
first_at = min(tally.first_at, excluded.first_at), last_at = max(tally.last_at, excluded.last_at),
s0 = tally.s0 + excluded.s0, s1 = tally.s1 + excluded.s1, s2 = tally.s2 + excluded.s2,
s3 = tally.s3 + excluded.s3, s4 = tally.s4 + excluded.s4, s5 = tally.s5 + excluded.s5,
s6 = tally.s6 + excluded.s6, s7 = tally.s7 + excluded.s7;

-- name: tally_raise
-- Keep the greater of sums, which may be new.
INSERT INTO tally (subject, slot, app_key, name, first_at, last_at, s0, s1, s2, s3, s4, s5, s6, s7)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (subject, slot, app_key, name) DO UPDATE SET
first_at = min(tally.first_at, excluded.first_at),
last_at = max(tally.last_at, excluded.last_at),
s0 = max(tally.s0, excluded.s0), s1 = max(tally.s1, excluded.s1),
s2 = max(tally.s2, excluded.s2), s3 = max(tally.s3, excluded.s3),
s4 = max(tally.s4, excluded.s4), s5 = max(tally.s5, excluded.s5),
s6 = max(tally.s6, excluded.s6), s7 = max(tally.s7, excluded.s7);

-- name: tally_by_slot
-- Sums of each slot.
SELECT slot, '', '', min(first_at), max(last_at), sum(s0), sum(s1), sum(s2), sum(s3), sum(s4),
sum(s5), sum(s6), sum(s7) FROM tally WHERE subject = $1 AND slot >= $2 AND slot < $3
AND app_key = coalesce($4, app_key)
AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5))) AND name = coalesce($6, name)
GROUP BY slot ORDER BY slot LIMIT $7;

-- name: tally_by_app_key
-- Sums of each application.
SELECT min(slot), app_key, '', min(first_at), max(last_at), sum(s0), sum(s1), sum(s2), sum(s3),
sum(s4), sum(s5), sum(s6), sum(s7) FROM tally WHERE subject = $1 AND slot >= $2 AND slot < $3
AND app_key = coalesce($4, app_key)
AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5))) AND name = coalesce($6, name)
GROUP BY app_key ORDER BY 6 DESC, app_key LIMIT $7;

-- name: tally_by_name
-- Sums of each name.
SELECT min(slot), '', name, min(first_at), max(last_at), sum(s0), sum(s1), sum(s2), sum(s3),
sum(s4), sum(s5), sum(s6), sum(s7) FROM tally WHERE subject = $1 AND slot >= $2 AND slot < $3
AND app_key = coalesce($4, app_key)
AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5))) AND name = coalesce($6, name)
GROUP BY name ORDER BY 6 DESC, name LIMIT $7;

-- name: tally_by_all
-- Sums of each slot, application and name, the latest first.
SELECT slot, app_key, name, first_at, last_at, s0, s1, s2, s3, s4, s5, s6, s7 FROM tally
WHERE subject = $1 AND slot >= $2 AND slot < $3 AND app_key = coalesce($4, app_key)
AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5))) AND name = coalesce($6, name)
ORDER BY slot DESC, app_key, name LIMIT $7;

-- name: tally_sweep
-- Forget sums of slots before a moment.
DELETE FROM tally WHERE (subject, slot, app_key, name) IN (
    SELECT subject, slot, app_key, name FROM tally WHERE subject = $1 AND slot < $2
    ORDER BY slot LIMIT $3);

-- name: position_get
-- How far a kind of rows is counted, and up to where all is surely written since when.
SELECT counted, written, written_at FROM tally_position WHERE name = $1;

-- name: position_begin
-- See that a kind of rows has its position.
INSERT INTO tally_position (name, counted, written, written_at) VALUES ($1, 0, 0, 0)
ON CONFLICT DO NOTHING;

-- name: position_note
-- What is written by now.
UPDATE tally_position SET written = $2, written_at = $3 WHERE name = $1 AND written <= $2;

-- name: position_move
-- Count on from a position, unless somebody has done so.
UPDATE tally_position SET counted = $3 WHERE name = $1 AND counted = $2;

-- name: records_written
-- The highest place of a record.
SELECT coalesce(max(sequence), 0) FROM call_record;

-- name: records_uncounted
-- Records behind a place, up to another, in their order.
SELECT sequence, session_id, app_key, x, sealed FROM call_record
WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3;

-- name: position_hold
-- What is counted is no further than the last record.
UPDATE tally_position SET counted = min(counted, (SELECT coalesce(max(sequence), 0) FROM call_record))
WHERE name = 'records';
