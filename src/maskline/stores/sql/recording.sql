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
-- Recordings that started in [`$1`, `$2`), newest first.
SELECT object_name, bucket, domain, app_key, tenant_id, session_id, started_at, state, duration_us,
size, expires_at FROM recording WHERE started_at >= $1 AND started_at < $2
AND (state = $3 OR $3 IS NULL) ORDER BY started_at DESC, sequence DESC;

-- name: recording_list_of_application
-- Recordings of an application, newest first.
SELECT object_name, bucket, domain, app_key, tenant_id, session_id, started_at, state, duration_us,
size, expires_at FROM recording WHERE app_key = $4 AND started_at >= $1 AND started_at < $2
AND (state = $3 OR $3 IS NULL) ORDER BY started_at DESC, sequence DESC;

-- name: recording_list_of_session
-- Recordings of a call, newest first.
SELECT object_name, bucket, domain, app_key, tenant_id, session_id, started_at, state, duration_us,
size, expires_at FROM recording WHERE session_id = $5 AND (app_key = $4 OR $4 IS NULL)
AND started_at >= $1 AND started_at < $2
AND (state = $3 OR $3 IS NULL) ORDER BY started_at DESC, sequence DESC;

-- name: recording_list_unfinished
-- Recordings whose call, or way into the storage, is not over, newest first.
SELECT object_name, bucket, domain, app_key, tenant_id, session_id, started_at, state, duration_us,
size, expires_at FROM recording WHERE state = 'writing'
AND started_at >= $1 AND started_at < $2 AND (app_key = $3 OR $3 IS NULL)
ORDER BY started_at DESC, sequence DESC;

-- name: recording_expired
-- Kept recordings past their time, longest first.
SELECT object_name, bucket, domain, app_key, tenant_id, session_id, started_at, state, duration_us,
size, expires_at FROM recording WHERE expires_at <= $1 AND state = 'kept'
ORDER BY expires_at, sequence LIMIT $2 OFFSET $3;
