-- name: mark_save
-- Say something about a problem, in place of what was said.
INSERT INTO problem_mark (problem_id, app_key, marked_by, marked_at, muted_until, note)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (problem_id) DO UPDATE SET
marked_by = excluded.marked_by, marked_at = excluded.marked_at,
muted_until = excluded.muted_until, note = excluded.note;

-- name: mark_list
-- The latest marks.
SELECT problem_id, app_key, marked_by, marked_at, muted_until, note FROM problem_mark
ORDER BY marked_at DESC, problem_id LIMIT $1;

-- name: mark_sweep
-- Forget marks that were made before a moment.
DELETE FROM problem_mark WHERE problem_id IN (
    SELECT problem_id FROM problem_mark WHERE marked_at < $1 ORDER BY marked_at LIMIT $2);
