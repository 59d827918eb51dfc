-- name: segment_get
-- What is known of the part at a place.
SELECT wording, is_used, came_at FROM message_segment WHERE place = $1 AND number = $2;

-- name: segments_forget_used
-- Forget the used parts of a message: another one begins in its place.
DELETE FROM message_segment WHERE place = $1 AND is_used = true;

-- name: segment_save
-- Add or replace an unused part.
INSERT INTO message_segment (place, number, wording, is_used, came_at, sender, sealed)
VALUES ($1, $2, $3, false, $4, $5, $6)
ON CONFLICT (place, number) DO UPDATE SET wording = excluded.wording, is_used = false,
    came_at = excluded.came_at, sealed = excluded.sealed;

-- name: segments_unused
-- The unused parts of a message.
SELECT place, number, sealed FROM message_segment WHERE place = $1 AND is_used = false
ORDER BY number;

-- name: segment_use
-- A part has become part of an accepted message.
UPDATE message_segment SET is_used = true
WHERE place = $1 AND number = $2 AND wording = $3 AND is_used = false;

-- name: segments_stale
-- The unused parts of messages of which none came since a moment.
SELECT segment.place, number, sealed FROM (
    SELECT place, min(came_at) AS began_at FROM message_segment
    WHERE is_used = false AND came_at < $1 AND NOT EXISTS (
        SELECT 1 FROM message_segment AS later
        WHERE later.place = message_segment.place AND later.is_used = false AND later.came_at >= $1)
    GROUP BY place ORDER BY began_at, place LIMIT $2) AS old
JOIN message_segment AS segment ON segment.place = old.place AND segment.is_used = false
ORDER BY began_at, segment.place, number;

-- name: segments_sweep
-- Forget the oldest used parts of those from before a moment.
DELETE FROM message_segment WHERE (place, number) IN (
    SELECT place, number FROM message_segment WHERE is_used = true AND came_at < $1
    ORDER BY came_at LIMIT $2);

-- name: segment_list
-- All parts that a number sent.
SELECT place, number, sealed FROM message_segment WHERE sender = $1 ORDER BY place, number;

-- name: segment_remove
-- Forget a part.
DELETE FROM message_segment WHERE place = $1 AND number = $2 AND wording = $3;
