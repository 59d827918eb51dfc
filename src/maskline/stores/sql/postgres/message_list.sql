-- name: block_save
-- Put a number on a list of an application that is there, or say anew why.
INSERT INTO message_block (number, kind, app_key, created_at, sealed)
SELECT $1::BYTEA, $2::TEXT, $3::TEXT, $4::BIGINT, $5::BYTEA
WHERE $3 = '' OR EXISTS (SELECT FROM application WHERE application.app_key = $3)
ON CONFLICT (number, kind, app_key) DO UPDATE SET sealed = excluded.sealed;

-- name: tags_lock
-- Nobody else allots a tag of this binding until the end of the unit of work.
INSERT INTO message_lock (name) VALUES ($1);

-- name: tags_unlock
-- The end of it.
DELETE FROM message_lock WHERE name = $1;
