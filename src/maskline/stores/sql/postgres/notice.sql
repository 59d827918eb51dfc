-- name: revive_locked
-- Lock dead notices before they are revived: another one who revives them waits, and finds them
-- alive.
SELECT sequence FROM outbox JOIN unnest($1::BIGINT[]) AS chosen (number)
ON outbox.bucket = (chosen.number & 255)::SMALLINT AND outbox.sequence = chosen.number
WHERE state = 3 ORDER BY sequence FOR UPDATE OF outbox;

-- name: revive_mates
-- All that died in some batches.
SELECT sequence, stream, batch_id FROM outbox WHERE batch_id = ANY($1::TEXT[]) AND state = 3;

-- name: revive
-- Due as if never tried; what was in a batch is never held back, the rest waits to be released.
UPDATE outbox SET state = CASE WHEN batch_id IS NULL THEN 2 ELSE 1 END, due_at = $2, attempts = 0,
error = NULL FROM unnest($1::BIGINT[]) AS chosen (number)
WHERE outbox.bucket = (chosen.number & 255)::SMALLINT AND outbox.sequence = chosen.number
AND state = 3 RETURNING stream, outbox.sequence;

-- name: remove_dead
-- Forget those that died before `$1`, longest dead first.
DELETE FROM outbox USING (
    SELECT bucket, sequence FROM outbox WHERE state = 3 AND due_at < $1 ORDER BY due_at LIMIT $2
) AS old WHERE outbox.bucket = old.bucket AND outbox.sequence = old.sequence;
