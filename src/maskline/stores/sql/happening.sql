-- name: happening_add
-- Keep what happened.
INSERT INTO happening (kind, happened_at, app_key, subject, cause, detail)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: happening_list
-- The newest of a kind; `$4` is a JSON list of applications.
SELECT sequence, kind, happened_at, app_key, subject, cause, detail FROM happening
WHERE kind = $1 AND sequence < $2 AND app_key = coalesce($3, app_key)
AND ($4 IS NULL OR app_key IN (SELECT value FROM json_each($4)))
AND subject = coalesce($5, subject) AND cause = coalesce($6, cause)
AND happened_at >= $7 AND happened_at < $8 ORDER BY sequence DESC LIMIT $9;

-- name: happening_list_of_application
-- The same of one application.
SELECT sequence, kind, happened_at, app_key, subject, cause, detail FROM happening
WHERE kind = $1 AND sequence < $2 AND app_key = $3
AND ($4 IS NULL OR app_key IN (SELECT value FROM json_each($4)))
AND subject = coalesce($5, subject) AND cause = coalesce($6, cause)
AND happened_at >= $7 AND happened_at < $8 ORDER BY sequence DESC LIMIT $9;

-- name: happening_list_of_subject
-- The same of one subject.
SELECT sequence, kind, happened_at, app_key, subject, cause, detail FROM happening
WHERE kind = $1 AND sequence < $2 AND app_key = coalesce($3, app_key)
AND ($4 IS NULL OR app_key IN (SELECT value FROM json_each($4)))
AND subject = $5 AND cause = coalesce($6, cause)
AND happened_at >= $7 AND happened_at < $8 ORDER BY sequence DESC LIMIT $9;

-- name: happening_sweep
-- Forget the oldest of a kind that happened before a moment.
DELETE FROM happening WHERE sequence IN (
    SELECT sequence FROM happening WHERE kind = $1 AND happened_at < $2
    ORDER BY sequence LIMIT $3);

-- name: happening_applications
-- Which applications have more than so many of a kind.
SELECT app_key FROM happening WHERE kind = $1 GROUP BY app_key HAVING count(*) > $2;

-- name: happening_trim
-- Forget the oldest beyond so many of an application.
DELETE FROM happening WHERE sequence IN (
    SELECT sequence FROM happening WHERE kind = $1 AND app_key = $2 AND sequence <= (
        SELECT sequence FROM happening WHERE kind = $1 AND app_key = $2
        ORDER BY sequence DESC LIMIT 1 OFFSET $3)
    ORDER BY sequence LIMIT $4);
