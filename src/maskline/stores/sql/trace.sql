-- name: trace_save
-- Add or replace the trace of a call.
INSERT INTO call_trace (session_id, app_key, began_at, sealed, details)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (session_id) DO UPDATE SET sealed = excluded.sealed, details = excluded.details;

-- name: trace_get
-- The trace of one call.
SELECT session_id, app_key, sealed, details FROM call_trace WHERE session_id = $1;

-- name: trace_sweep_old
-- Forget the oldest traces of those from before a moment.
DELETE FROM call_trace WHERE session_id IN (
    SELECT session_id FROM call_trace WHERE began_at < $1 ORDER BY began_at LIMIT $2);

-- name: trace_count
-- How many traces there are.
SELECT count(*) FROM call_trace;

-- name: trace_sweep_oldest
-- Forget so many of the oldest traces.
DELETE FROM call_trace WHERE session_id IN (
    SELECT session_id FROM call_trace ORDER BY began_at LIMIT $1);

-- name: detail_sweep_old
-- Forget the details of the oldest traces of those from before a moment.
UPDATE call_trace SET details = NULL WHERE session_id IN (
    SELECT session_id FROM call_trace
    WHERE details IS NOT NULL AND began_at < $1 ORDER BY began_at LIMIT $2);

-- name: detail_count
-- How many traces have details.
SELECT count(*) FROM call_trace WHERE details IS NOT NULL;

-- name: detail_sweep_oldest
-- Forget the details of so many of the oldest traces.
UPDATE call_trace SET details = NULL WHERE session_id IN (
    SELECT session_id FROM call_trace WHERE details IS NOT NULL ORDER BY began_at LIMIT $1);

-- name: trace_remove
-- Forget the trace of one call.
DELETE FROM call_trace WHERE session_id = $1;
