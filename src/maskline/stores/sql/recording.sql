-- name: recording_save
-- Add or replace a recording.
INSERT INTO recording (object_name, bucket, domain, app_key, tenant_id, session_id, started_at,
state, duration_us, size, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (object_name) DO UPDATE SET
bucket = excluded.bucket, domain = excluded.domain, app_key = excluded.app_key,
tenant_id = excluded.tenant_id, session_id = excluded.session_id,
started_at = excluded.started_at, state = excluded.state,
duration_us = excluded.duration_us, size = excluded.size, expires_at = excluded.expires_at;

-- name: recording_remove
-- Forget a recording.
DELETE FROM recording WHERE object_name = $1;

-- name: recording_get
-- One recording.
SELECT object_name, bucket, domain, app_key, tenant_id, session_id, started_at, state, duration_us,
size, expires_at FROM recording WHERE object_name = $1;

-- name: recording_list
-- Recordings, newest first.
SELECT object_name, bucket, domain, app_key, tenant_id, session_id, started_at, state, duration_us,
size, expires_at FROM recording ORDER BY started_at DESC, sequence DESC;

-- name: recording_expired
-- Kept recordings past their time, longest first.
SELECT object_name, bucket, domain, app_key, tenant_id, session_id, started_at, state, duration_us,
size, expires_at FROM recording WHERE expires_at <= $1 AND state = 'kept'
ORDER BY expires_at, sequence LIMIT $2 OFFSET $3;
