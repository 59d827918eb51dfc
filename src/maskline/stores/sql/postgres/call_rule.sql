-- name: count_one
-- One more call of what a key names, if there is room for it: no row else. The row is locked until
-- the transaction ends, so that calls of the same moment are counted one after the other.
INSERT INTO call_count AS kept (rule_id, key, calls, used_at) VALUES ($1, $2, ARRAY[$3::BIGINT], $3)
ON CONFLICT (rule_id, key) DO UPDATE SET
    calls = ARRAY(SELECT moment FROM unnest(kept.calls) AS moment WHERE moment > $4) || $3::BIGINT,
    used_at = $3
WHERE (SELECT count(*) FROM unnest(kept.calls) AS moment WHERE moment > $4) < $5
RETURNING 1;
