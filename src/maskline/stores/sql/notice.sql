-- name: notice_list
-- Notices, newest first.
SELECT notice_id, stream, app_key, purpose, origin, created_at, state, attempts, due_at, batch_id,
error, body FROM outbox ORDER BY sequence DESC;

-- name: revive_of_push
-- The dead notices of one push, oldest first, the rest as `revive_choice`.
SELECT sequence, stream, batch_id FROM outbox WHERE (notice_id = $8 OR batch_id = $8) AND state = 3
AND created_at >= $1 AND created_at < $2 AND app_key = coalesce($3, app_key)
AND purpose = coalesce($4, purpose) AND stream = coalesce($5, stream) AND sequence > $6
ORDER BY sequence LIMIT $7;

-- name: revive_choice
-- Dead notices written in [`$1`, `$2`) behind `$6`, oldest first.
SELECT sequence, stream, batch_id FROM outbox WHERE state = 3
AND created_at >= $1 AND created_at < $2 AND app_key = coalesce($3, app_key)
AND purpose = coalesce($4, purpose) AND stream = coalesce($5, stream) AND sequence > $6
ORDER BY sequence LIMIT $7;

-- name: revive_mates
-- All that died in one batch.
SELECT sequence, stream, batch_id FROM outbox WHERE batch_id = $1 AND state = 3;

-- name: revive
-- Due as if never tried; what was in a batch is never held back, the rest waits to be released.
UPDATE outbox SET state = CASE WHEN batch_id IS NULL THEN 2 ELSE 1 END, due_at = $2, attempts = 0,
error = NULL WHERE sequence = $1 AND state = 3;

-- name: remove_dead
-- Forget those that died before `$1`, longest dead first.
DELETE FROM outbox WHERE sequence IN (
    SELECT sequence FROM outbox WHERE state = 3 AND due_at < $1 ORDER BY due_at LIMIT $2);

-- name: trouble_list
-- Receivers in trouble, longest first.
SELECT app_key, purpose, receiver, since, error, disabled_at FROM receiver_trouble
ORDER BY since, app_key, purpose LIMIT $1;

-- name: trouble_save
-- Add or replace the trouble of an endpoint.
INSERT INTO receiver_trouble (app_key, purpose, receiver, since, error, disabled_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (app_key, purpose) DO UPDATE SET
receiver = excluded.receiver, since = excluded.since, error = excluded.error,
disabled_at = excluded.disabled_at;

-- name: trouble_forget
-- An endpoint is well.
DELETE FROM receiver_trouble WHERE app_key = $1 AND purpose = $2;
