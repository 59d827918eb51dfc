-- name: call_save
-- The snapshot of a live call, unless its record is written.
INSERT INTO live_call (session_id, host, app_key, x, arrived_at, sealed, state)
SELECT $1, $2, $3, $4, $5, $6, $7
WHERE NOT EXISTS (SELECT 1 FROM call_record WHERE call_record.session_id = $1)
ON CONFLICT (session_id) DO UPDATE SET sealed = excluded.sealed, state = excluded.state;

-- name: call_forget
-- A call that has its record is no longer live.
DELETE FROM live_call WHERE session_id = $1;

-- name: number_take
-- One call of all workers has X; a call of the same host, or a dead one, gives it up.
INSERT INTO number_hold (x, session_id, host, taken_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (x) DO UPDATE
SET session_id = excluded.session_id, host = excluded.host, taken_at = excluded.taken_at
WHERE number_hold.host = excluded.host OR (number_hold.taken_at < $5 AND NOT EXISTS (
    SELECT 1 FROM live_call WHERE live_call.session_id = number_hold.session_id
));

-- name: number_free
-- X is free again, if this call has it.
DELETE FROM number_hold WHERE x = $1 AND session_id = $2;

-- name: call_get
-- One live call.
SELECT session_id, app_key, x, sealed FROM live_call WHERE session_id = $1;

-- name: call_list
-- Live calls, oldest first.
SELECT session_id, app_key, x, sealed FROM live_call ORDER BY arrived_at, session_id;

-- name: record_add
-- The one record of a call.
INSERT INTO call_record (session_id, app_key, x, ended_at, caller, callee, sealed,
    mode, outcome, release, caller_role, talk_s, has_recording)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (session_id) DO NOTHING;

-- name: record_list
-- Call records, newest first.
SELECT session_id, app_key, x, sealed FROM call_record ORDER BY ended_at DESC, sequence DESC;

-- name: record_sweep
-- Forget the oldest records of an application of those that ended before a moment.
DELETE FROM call_record WHERE sequence IN (
    SELECT sequence FROM call_record WHERE app_key = $1 AND ended_at < $2
    ORDER BY ended_at, sequence LIMIT $3) RETURNING session_id;
