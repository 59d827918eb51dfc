-- name: records_rewrite
-- Records with other parties; all that was to be pushed of these calls, or was given up, is
-- forgotten and counted, their traces are forgotten.
WITH wanted AS (
    SELECT * FROM unnest($1::TEXT[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[])
    AS wanted (session_id, caller, callee, sealed)
), kept AS (
    UPDATE call_record SET caller = wanted.caller, callee = wanted.callee, sealed = wanted.sealed
    FROM wanted WHERE call_record.session_id = wanted.session_id RETURNING call_record.session_id
), untold AS (
    DELETE FROM outbox USING kept
    WHERE outbox.stream = kept.session_id AND state < 3
    OR outbox.stream = kept.session_id AND state = 3 RETURNING 1
), unshown AS (
    DELETE FROM delivered_notice USING kept WHERE delivered_notice.stream = kept.session_id
), untraced AS (
    DELETE FROM call_trace USING kept WHERE call_trace.session_id = kept.session_id
)
SELECT count(*) FROM untold;

-- name: messages_rewrite
-- Messages that are over, with other parties and without their texts; all that was to be pushed of
-- them, or was given up, is forgotten and counted.
WITH wanted AS (
    SELECT * FROM unnest($1::TEXT[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[])
    AS wanted (message_id, sender, receiver, sealed)
), kept AS (
    UPDATE message SET sender = wanted.sender, receiver = wanted.receiver, sealed = wanted.sealed,
        texts = NULL
    FROM wanted WHERE message.message_id = wanted.message_id AND message.state = 'done'
    RETURNING message.message_id
), untold AS (
    DELETE FROM outbox USING kept
    WHERE outbox.stream = kept.message_id AND state < 3
    OR outbox.stream = kept.message_id AND state = 3 RETURNING 1
), unshown AS (
    DELETE FROM delivered_notice USING kept WHERE delivered_notice.stream = kept.message_id
)
SELECT count(*) FROM untold;

-- name: onward_after
-- AX and AXE bindings of an application behind a place, with where their A goes next.
SELECT page.sequence, page.binding_id, onward.kind, onward.expires_at, onward.sealed FROM (
    SELECT x, sequence, binding_id FROM binding
    WHERE app_key = $1 AND sequence > $2 AND mode IN ('ax', 'axe') ORDER BY sequence LIMIT $3
) AS page LEFT JOIN onward ON onward.x = page.x AND onward.binding = page.sequence
ORDER BY page.sequence;

-- name: onward_remove
-- Forget where A's next call through a binding goes.
DELETE FROM onward USING binding WHERE binding.binding_id = $1
AND onward.x = binding.x AND onward.binding = binding.sequence AND onward.kind = $2;

-- name: keys_remove
-- Forget the keyed binds that made some bindings, and count them no more.
WITH gone AS (
    DELETE FROM bind_key WHERE app_key = $1 AND binding_id = ANY($2::TEXT[]) RETURNING app_key
), uncounted AS (
    UPDATE application SET bind_keys = bind_keys - (SELECT count(*) FROM gone) WHERE app_key = $1
)
SELECT count(*) FROM gone;
