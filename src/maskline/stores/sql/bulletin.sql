-- name: bulletin_post
-- Tell all processes something.
INSERT INTO bulletin (kind, subject, origin, posted_at) VALUES ($1, $2, $3, $4);

-- name: bulletin_list_after
-- What was posted behind a place.
SELECT sequence, kind, subject, origin, posted_at FROM bulletin
WHERE sequence > $1 ORDER BY sequence LIMIT $2;

-- name: bulletin_remove
-- Forget what was posted before a moment.
DELETE FROM bulletin WHERE posted_at < $1;
