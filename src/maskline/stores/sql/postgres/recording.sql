-- name: recording_save
-- Add or replace recordings.
INSERT INTO recording (object_name, bucket, domain, app_key, tenant_id, session_id, started_at,
state, duration_us, size, expires_at)
SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::TEXT[], $6::TEXT[],
    $7::BIGINT[], $8::TEXT[], $9::BIGINT[], $10::BIGINT[], $11::BIGINT[])
ON CONFLICT (object_name) DO UPDATE SET
bucket = excluded.bucket, domain = excluded.domain, app_key = excluded.app_key,
tenant_id = excluded.tenant_id, session_id = excluded.session_id,
started_at = excluded.started_at, state = excluded.state,
duration_us = excluded.duration_us, size = excluded.size, expires_at = excluded.expires_at;
