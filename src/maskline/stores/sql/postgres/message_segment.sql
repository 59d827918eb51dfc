-- name: place_lock
-- Nobody else keeps a part of this message until the end of the unit of work.
INSERT INTO message_lock (name) VALUES ($1);

-- name: segment_keep
-- Keep a part unless it is a used one that comes again; another text in a used place begins a new
-- message. All unused parts of the message, none when the part is not kept, also when its place was
-- used only while this waited for it: what it saw of the message is old then. The lock is over.
WITH known AS (
    SELECT wording = $3 AND came_at >= $7 AS is_repeat FROM message_segment
    WHERE place = $1 AND number = $2 AND is_used = true
), unlocked AS (
    DELETE FROM message_lock WHERE name = $1
), dropped AS (
    DELETE FROM message_segment WHERE place = $1 AND number <> $2 AND is_used = true
    AND (SELECT NOT is_repeat FROM known)
), kept AS (
    INSERT INTO message_segment (place, number, wording, is_used, came_at, sender, sealed)
    SELECT $1::BYTEA, $2::INTEGER, $3::BYTEA, false, $4::BIGINT, $5::BYTEA, $6::BYTEA
    WHERE (SELECT is_repeat FROM known) IS NOT TRUE
    ON CONFLICT (place, number) DO UPDATE SET wording = excluded.wording, is_used = false,
        came_at = excluded.came_at, sealed = excluded.sealed
    WHERE message_segment.is_used IS NOT TRUE OR (SELECT NOT is_repeat FROM known)
    RETURNING place, number, sealed
)
SELECT place, number, sealed FROM kept
UNION ALL
SELECT place, number, sealed FROM message_segment
WHERE place = $1 AND number <> $2 AND is_used = false AND EXISTS (SELECT FROM kept)
ORDER BY number;

-- name: segments_remove
-- Forget parts.
DELETE FROM message_segment USING unnest($1::BYTEA[], $2::INTEGER[], $3::BYTEA[])
AS gone (place, number, wording)
WHERE message_segment.place = gone.place AND message_segment.number = gone.number
AND message_segment.wording = gone.wording;
