-- name: trace_save
-- Add or replace the traces of some calls.
INSERT INTO call_trace (session_id, app_key, began_at, sealed, details)
SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::BIGINT[], $4::BYTEA[], $5::BYTEA[])
ON CONFLICT (session_id) DO UPDATE SET sealed = excluded.sealed, details = excluded.details;

-- name: trace_remove
-- Forget the traces of some calls.
DELETE FROM call_trace WHERE session_id = ANY($1::TEXT[]);
