-- name: record_rewrite
-- A record with other parties.
UPDATE call_record SET caller = $2, callee = $3, sealed = $4 WHERE session_id = $1;

-- name: trace_forget
-- The trace of a call.
DELETE FROM call_trace WHERE session_id = $1;

-- name: message_rewrite
-- A message that is over, with other parties and without its texts.
UPDATE message SET sender = $2, receiver = $3, sealed = $4, texts = NULL
WHERE message_id = $1 AND state = 'done';

-- name: tag_list
-- Tags of a number in bindings of an application, and in those that are gone.
SELECT binding_id, tag, allotted_at FROM reply_tag WHERE number = $2 AND coalesce(
    (SELECT app_key FROM binding WHERE binding.binding_id = reply_tag.binding_id), $1) = $1
ORDER BY binding_id, tag LIMIT $3;

-- name: tags_remove
-- Forget them.
DELETE FROM reply_tag WHERE number = $2 AND coalesce(
    (SELECT app_key FROM binding WHERE binding.binding_id = reply_tag.binding_id), $1) = $1;

-- name: blocks_remove
-- Take a number off the lists of an application.
DELETE FROM message_block WHERE number = $2 AND kind IN ('blocked', 'opted_out') AND app_key = $1;

-- name: onward_after
-- AX and AXE bindings of an application behind a place, with where their A goes next.
SELECT page.sequence, page.binding_id, onward.kind, onward.expires_at, onward.sealed FROM (
    SELECT sequence, binding_id FROM binding
    WHERE app_key = $1 AND sequence > $2 AND mode IN ('ax', 'axe') ORDER BY sequence LIMIT $3
) AS page LEFT JOIN onward ON onward.binding = page.sequence ORDER BY page.sequence;

-- name: onward_remove
-- Forget where A's next call through a binding goes.
DELETE FROM onward WHERE kind = $2
AND binding = (SELECT sequence FROM binding WHERE binding_id = $1);

-- name: failures_remove
-- Forget the failed verifications of a number.
DELETE FROM registration_failure WHERE tenant_id = $1 AND number = $2;

-- name: keys_remove
-- Forget the keyed binds that made a binding.
DELETE FROM bind_key WHERE app_key = $1 AND binding_id = $2 RETURNING app_key;

-- name: keys_uncount
-- So many keys of an application are gone.
UPDATE application SET bind_keys = bind_keys - $2 WHERE app_key = $1;

-- name: erasure_add
-- That somebody's data was erased, unless its place is taken.
INSERT INTO erasure (place, erasure_id, tenant_id, erased_at, counts, seal)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- name: erasure_list
-- All erasures in their order.
SELECT place, erasure_id, tenant_id, erased_at, counts, seal FROM erasure ORDER BY place;
