-- name: standing
-- Whether a sender is blocked, a receiver wants no messages, both are virtual numbers, and the
-- parts of today.
SELECT
    EXISTS (SELECT 1 FROM message_block
        WHERE number = $2 AND kind = 'blocked' AND app_key IN ($1, '')),
    EXISTS (SELECT 1 FROM message_block
        WHERE number = $3 AND kind = 'opted_out' AND app_key IN ($1, '')),
    EXISTS (SELECT 1 FROM number WHERE number = $5)
        AND EXISTS (SELECT 1 FROM number WHERE number = $6),
    coalesce((SELECT parts FROM message_day WHERE app_key = $1 AND day = $4), 0);

-- name: block_save
-- Put a number on a list of an application that is there, or say anew why.
INSERT INTO message_block (number, kind, app_key, created_at, sealed)
SELECT $1, $2, $3, $4, $5
WHERE $3 = '' OR EXISTS (SELECT 1 FROM application WHERE application.app_key = $3)
ON CONFLICT (number, kind, app_key) DO UPDATE SET sealed = excluded.sealed;

-- name: block_remove
-- Take a number off a list.
DELETE FROM message_block WHERE number = $1 AND kind = $2 AND app_key = $3;

-- name: block_list
-- Numbers on the lists, newest first.
SELECT kind, app_key, number, created_at, sealed FROM message_block
ORDER BY created_at DESC, sequence DESC;

-- name: tag_renew
-- The tag a number has, allotted anew.
UPDATE reply_tag SET allotted_at = $3 WHERE binding_id = $1 AND number = $2 RETURNING tag;

-- name: tag_next
-- The tag behind all that are in use.
SELECT coalesce(max(tag), 0) + 1 FROM reply_tag WHERE binding_id = $1;

-- name: tag_free
-- The lowest tag behind one that is in use which is not; 1 when even that is free.
SELECT CASE WHEN EXISTS (SELECT 1 FROM reply_tag WHERE binding_id = $1 AND tag = 1)
THEN (SELECT min(tag) + 1 FROM reply_tag WHERE binding_id = $1 AND NOT EXISTS (
    SELECT 1 FROM reply_tag AS next
    WHERE next.binding_id = reply_tag.binding_id AND next.tag = reply_tag.tag + 1))
ELSE 1 END;

-- name: tag_oldest
-- The tag that was allotted before all others.
SELECT tag FROM reply_tag WHERE binding_id = $1 ORDER BY allotted_at, tag LIMIT 1;

-- name: tag_save
-- Give a tag to a number.
INSERT INTO reply_tag (binding_id, tag, number, allotted_at, sealed) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (binding_id, tag) DO UPDATE SET number = excluded.number,
    allotted_at = excluded.allotted_at, sealed = excluded.sealed;

-- name: tag_get
-- Whose tag it is.
SELECT number, sealed FROM reply_tag WHERE binding_id = $1 AND tag = $2;

-- name: tags_sweep
-- Forget the tags that were allotted first, before a moment.
DELETE FROM reply_tag WHERE (binding_id, tag) IN (
    SELECT binding_id, tag FROM reply_tag WHERE allotted_at < $1 ORDER BY allotted_at LIMIT $2);

-- name: link_save
-- Add or replace a link.
INSERT INTO sms_link (name, sealed) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed;

-- name: link_remove
-- Forget a link.
DELETE FROM sms_link WHERE name = $1;

-- name: link_list
-- All links by name.
SELECT name, sealed FROM sms_link ORDER BY name;
