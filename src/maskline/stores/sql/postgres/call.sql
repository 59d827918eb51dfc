-- `:notices` is where `notices_add` of the outbox stands, with its parameters after our own; the
-- last parameter is the session that each notice belongs to.

-- name: call_save
-- Snapshots of live calls, unless their records are written, with their notices.
WITH wanted AS (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::BIGINT[], $6::BYTEA[],
        $7::TEXT[])
    AS wanted (session_id, host, app_key, x, arrived_at, sealed, state)
), kept AS (
    INSERT INTO live_call (session_id, host, app_key, x, arrived_at, sealed, state)
    SELECT session_id, host, app_key, x, arrived_at, sealed, state FROM wanted
    WHERE NOT EXISTS (SELECT 1 FROM call_record WHERE call_record.session_id = wanted.session_id)
    ON CONFLICT (session_id) DO UPDATE SET sealed = excluded.sealed, state = excluded.state
    RETURNING session_id
), told AS (
    :notices WHERE ($16::TEXT[])[place] IN (SELECT session_id FROM kept) ORDER BY place
)
SELECT session_id FROM kept;

-- name: record_add
-- The one record of each call with its notices; the calls are no longer live, their numbers free.
WITH wanted AS (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::BIGINT[], $5::BYTEA[],
        $6::BYTEA[], $7::BYTEA[], $8::TEXT[], $9::TEXT[], $10::INTEGER[], $11::TEXT[],
        $12::INTEGER[], $13::BOOLEAN[])
    AS wanted (session_id, app_key, x, ended_at, caller, callee, sealed,
        mode, outcome, release, caller_role, talk_s, has_recording)
), kept AS (
    INSERT INTO call_record (session_id, app_key, x, ended_at, caller, callee, sealed,
        mode, outcome, release, caller_role, talk_s, has_recording)
    SELECT session_id, app_key, x, ended_at, caller, callee, sealed,
        mode, outcome, release, caller_role, talk_s, has_recording FROM wanted
    ON CONFLICT (session_id) DO NOTHING
    RETURNING session_id, x
), forgotten AS (
    DELETE FROM live_call USING kept WHERE live_call.session_id = kept.session_id
), freed AS (
    DELETE FROM number_hold USING kept
    WHERE number_hold.x = kept.x AND number_hold.session_id = kept.session_id
), told AS (
    :notices WHERE ($22::TEXT[])[place] IN (SELECT session_id FROM kept) ORDER BY place
)
SELECT session_id FROM kept;

-- name: record_sweep
-- Forget the oldest records of an application of those that ended before a moment, and all that
-- was to be pushed of these calls or was given up.
WITH old AS (
    SELECT session_id FROM call_record WHERE app_key = $1 AND ended_at < $2
    ORDER BY ended_at, sequence LIMIT $3
), gone AS (
    DELETE FROM call_record USING old WHERE call_record.session_id = old.session_id
    RETURNING call_record.session_id
), untold AS (
    DELETE FROM outbox USING gone
    WHERE outbox.stream = gone.session_id AND state < 3
    OR outbox.stream = gone.session_id AND state = 3
), unshown AS (
    DELETE FROM delivered_notice USING gone WHERE delivered_notice.stream = gone.session_id
)
SELECT count(*) FROM gone;
