-- name: push_list
-- Pushes, newest first: `$2` to `$3` are their states, 4 is delivered, `$5` applications.
SELECT * FROM (
    SELECT sequence, notice_id, coalesce(batch_id, notice_id) AS push_id, stream, app_key,
    purpose, origin, created_at, state, attempts, due_at, error, body,
    NULL AS url, NULL AS status, NULL AS took_us, NULL AS notices FROM outbox
    WHERE sequence < $1 AND state BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5)))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND $8 IS NULL
    AND ($9 IS NULL OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = coalesce(batch_id, notice_id) AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    UNION ALL
    SELECT sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, 4 AS state, attempts, delivered_at AS due_at, NULL AS error, body,
    url, status, took_us, notices FROM delivered_notice
    WHERE sequence < $1 AND 4 BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5)))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND $8 IS NULL
    AND ($9 IS NULL OR $9 = 'delivered' OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = push_id AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
) AS found ORDER BY sequence DESC LIMIT $12;

-- name: push_list_of_application
-- The same of one application.
SELECT * FROM (
    SELECT sequence, notice_id, coalesce(batch_id, notice_id) AS push_id, stream, app_key,
    purpose, origin, created_at, state, attempts, due_at, error, body,
    NULL AS url, NULL AS status, NULL AS took_us, NULL AS notices FROM outbox
    WHERE sequence < $1 AND state BETWEEN $2 AND $3 AND app_key = $4
    AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5)))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND $8 IS NULL
    AND ($9 IS NULL OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = coalesce(batch_id, notice_id) AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    UNION ALL
    SELECT sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, 4 AS state, attempts, delivered_at AS due_at, NULL AS error, body,
    url, status, took_us, notices FROM delivered_notice
    WHERE sequence < $1 AND 4 BETWEEN $2 AND $3 AND app_key = $4
    AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5)))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND $8 IS NULL
    AND ($9 IS NULL OR $9 = 'delivered' OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = push_id AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
) AS found ORDER BY sequence DESC LIMIT $12;

-- name: push_list_of_stream
-- The same of a call or a virtual number.
SELECT * FROM (
    SELECT sequence, notice_id, coalesce(batch_id, notice_id) AS push_id, stream, app_key,
    purpose, origin, created_at, state, attempts, due_at, error, body,
    NULL AS url, NULL AS status, NULL AS took_us, NULL AS notices FROM outbox
    WHERE sequence < $1 AND state BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5)))
    AND purpose = coalesce($6, purpose) AND (stream = $7 AND state < 3 OR stream = $7 AND state = 3)
    AND $8 IS NULL
    AND ($9 IS NULL OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = coalesce(batch_id, notice_id) AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    UNION ALL
    SELECT sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, 4 AS state, attempts, delivered_at AS due_at, NULL AS error, body,
    url, status, took_us, notices FROM delivered_notice
    WHERE sequence < $1 AND 4 BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5)))
    AND purpose = coalesce($6, purpose) AND stream = $7
    AND $8 IS NULL
    AND ($9 IS NULL OR $9 = 'delivered' OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = push_id AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
) AS found ORDER BY sequence DESC LIMIT $12;

-- name: push_list_of_push
-- The same with one `webhook-id`.
SELECT * FROM (
    SELECT sequence, notice_id, coalesce(batch_id, notice_id) AS push_id, stream, app_key,
    purpose, origin, created_at, state, attempts, due_at, error, body,
    NULL AS url, NULL AS status, NULL AS took_us, NULL AS notices FROM outbox
    WHERE sequence < $1 AND state BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5)))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND (notice_id = $8 OR batch_id = $8)
    AND ($9 IS NULL OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = coalesce(batch_id, notice_id) AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    UNION ALL
    SELECT sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, 4 AS state, attempts, delivered_at AS due_at, NULL AS error, body,
    url, status, took_us, notices FROM delivered_notice
    WHERE sequence < $1 AND 4 BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5 IS NULL OR app_key IN (SELECT value FROM json_each($5)))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND push_id = $8
    AND ($9 IS NULL OR $9 = 'delivered' OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = push_id AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
) AS found ORDER BY sequence DESC LIMIT $12;

-- name: delivered_add
-- Keep notices that are being delivered and are in a state up to `$2`. `$1` is a JSON list of
-- lists: sequence, when, and the try with which it was accepted, if one is known.
INSERT INTO delivered_notice (sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, delivered_at, attempts, body, url, status, took_us, notices)
SELECT sequence, notice_id, coalesce(batch_id, notice_id), stream, app_key, purpose, origin,
    created_at, done.value ->> 1, attempts, body, done.value ->> 2, done.value ->> 3,
    done.value ->> 4, done.value ->> 5
FROM json_each($1) AS done CROSS JOIN outbox ON outbox.sequence = done.value ->> 0
WHERE state <= $2 ON CONFLICT DO NOTHING;

-- name: delivered_take
-- Notices, a JSON list, are delivered, in whatever state they were.
DELETE FROM outbox WHERE sequence IN (SELECT value FROM json_each($1)) RETURNING stream;

-- name: delivered_forget_stream
-- What is kept of a stream.
DELETE FROM delivered_notice WHERE stream = $1;

-- name: delivered_sweep
-- Forget those of the oldest notices that were delivered before a moment.
DELETE FROM delivered_notice WHERE delivered_at < $1 AND sequence IN (
    SELECT sequence FROM delivered_notice ORDER BY sequence LIMIT $2);
