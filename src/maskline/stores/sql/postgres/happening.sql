-- name: happening_add
-- Keep what happened.
INSERT INTO happening (kind, happened_at, app_key, subject, cause, detail)
SELECT * FROM unnest($1::TEXT[], $2::BIGINT[], $3::TEXT[], $4::TEXT[], $5::TEXT[], $6::BYTEA[]);

-- name: happening_list
-- The newest of a kind; `$4` are applications.
SELECT sequence, kind, happened_at, app_key, subject, cause, detail FROM happening
WHERE kind = $1 AND sequence < $2 AND app_key = coalesce($3, app_key)
AND ($4::TEXT[] IS NULL OR app_key = ANY($4::TEXT[]))
AND subject = coalesce($5, subject) AND cause = coalesce($6, cause)
AND happened_at >= $7 AND happened_at < $8 ORDER BY sequence DESC LIMIT $9;

-- name: happening_list_of_application
-- The same of one application.
SELECT sequence, kind, happened_at, app_key, subject, cause, detail FROM happening
WHERE kind = $1 AND sequence < $2 AND app_key = $3
AND ($4::TEXT[] IS NULL OR app_key = ANY($4::TEXT[]))
AND subject = coalesce($5, subject) AND cause = coalesce($6, cause)
AND happened_at >= $7 AND happened_at < $8 ORDER BY sequence DESC LIMIT $9;

-- name: happening_list_of_subject
-- The same of one subject.
SELECT sequence, kind, happened_at, app_key, subject, cause, detail FROM happening
WHERE kind = $1 AND sequence < $2 AND app_key = coalesce($3, app_key)
AND ($4::TEXT[] IS NULL OR app_key = ANY($4::TEXT[]))
AND subject = $5 AND cause = coalesce($6, cause)
AND happened_at >= $7 AND happened_at < $8 ORDER BY sequence DESC LIMIT $9;
