-- name: push_list
-- Pushes, newest first: `$2` to `$3` are their states, 4 is delivered, `$5` applications.
SELECT * FROM (
    (SELECT sequence, notice_id, coalesce(batch_id, notice_id) AS push_id, stream, app_key,
    purpose, origin, created_at, state, attempts, due_at, error, body,
    NULL::TEXT AS url, NULL::SMALLINT AS status, NULL::BIGINT AS took_us, NULL::INTEGER AS notices
    FROM outbox
    WHERE sequence < $1 AND state BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[]))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND $8::TEXT IS NULL
    AND ($9::TEXT IS NULL OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = coalesce(batch_id, notice_id) AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    ORDER BY sequence DESC LIMIT $12)
    UNION ALL
    (SELECT sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, 4 AS state, attempts, delivered_at AS due_at, NULL AS error, body,
    url, status, took_us, notices FROM delivered_notice
    WHERE sequence < $1 AND 4 BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[]))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND $8::TEXT IS NULL
    AND ($9::TEXT IS NULL OR $9 = 'delivered' OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = push_id AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    ORDER BY sequence DESC LIMIT $12)
) AS found ORDER BY sequence DESC LIMIT $12;

-- name: push_list_of_application
-- The same of one application.
SELECT * FROM (
    (SELECT sequence, notice_id, coalesce(batch_id, notice_id) AS push_id, stream, app_key,
    purpose, origin, created_at, state, attempts, due_at, error, body,
    NULL::TEXT AS url, NULL::SMALLINT AS status, NULL::BIGINT AS took_us, NULL::INTEGER AS notices
    FROM outbox
    WHERE sequence < $1 AND state BETWEEN $2 AND $3 AND app_key = $4
    AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[]))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND $8::TEXT IS NULL
    AND ($9::TEXT IS NULL OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = coalesce(batch_id, notice_id) AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    ORDER BY sequence DESC LIMIT $12)
    UNION ALL
    (SELECT sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, 4 AS state, attempts, delivered_at AS due_at, NULL AS error, body,
    url, status, took_us, notices FROM delivered_notice
    WHERE sequence < $1 AND 4 BETWEEN $2 AND $3 AND app_key = $4
    AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[]))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND $8::TEXT IS NULL
    AND ($9::TEXT IS NULL OR $9 = 'delivered' OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = push_id AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    ORDER BY sequence DESC LIMIT $12)
) AS found ORDER BY sequence DESC LIMIT $12;

-- name: push_list_of_stream
-- The same of a call or a virtual number.
SELECT * FROM (
    (SELECT sequence, notice_id, coalesce(batch_id, notice_id) AS push_id, stream, app_key,
    purpose, origin, created_at, state, attempts, due_at, error, body,
    NULL::TEXT AS url, NULL::SMALLINT AS status, NULL::BIGINT AS took_us, NULL::INTEGER AS notices
    FROM outbox
    WHERE sequence < $1 AND state BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[]))
    AND purpose = coalesce($6, purpose) AND (stream = $7 AND state < 3 OR stream = $7 AND state = 3)
    AND $8::TEXT IS NULL
    AND ($9::TEXT IS NULL OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = coalesce(batch_id, notice_id) AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    ORDER BY sequence DESC LIMIT $12)
    UNION ALL
    (SELECT sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, 4 AS state, attempts, delivered_at AS due_at, NULL AS error, body,
    url, status, took_us, notices FROM delivered_notice
    WHERE sequence < $1 AND 4 BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[]))
    AND purpose = coalesce($6, purpose) AND stream = $7
    AND $8::TEXT IS NULL
    AND ($9::TEXT IS NULL OR $9 = 'delivered' OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = push_id AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    ORDER BY sequence DESC LIMIT $12)
) AS found ORDER BY sequence DESC LIMIT $12;

-- name: push_list_of_push
-- The same with one `webhook-id`.
SELECT * FROM (
    (SELECT sequence, notice_id, coalesce(batch_id, notice_id) AS push_id, stream, app_key,
    purpose, origin, created_at, state, attempts, due_at, error, body,
    NULL::TEXT AS url, NULL::SMALLINT AS status, NULL::BIGINT AS took_us, NULL::INTEGER AS notices
    FROM outbox
    WHERE sequence < $1 AND state BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[]))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND (notice_id = $8 OR batch_id = $8)
    AND ($9::TEXT IS NULL OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = coalesce(batch_id, notice_id) AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    ORDER BY sequence DESC LIMIT $12)
    UNION ALL
    (SELECT sequence, notice_id, push_id, stream, app_key, purpose, origin,
    created_at, 4 AS state, attempts, delivered_at AS due_at, NULL AS error, body,
    url, status, took_us, notices FROM delivered_notice
    WHERE sequence < $1 AND 4 BETWEEN $2 AND $3 AND app_key = coalesce($4, app_key)
    AND ($5::TEXT[] IS NULL OR app_key = ANY($5::TEXT[]))
    AND purpose = coalesce($6, purpose) AND stream = coalesce($7, stream)
    AND push_id = $8
    AND ($9::TEXT IS NULL OR $9 = 'delivered' OR EXISTS (SELECT 1 FROM happening
        WHERE happening.subject = push_id AND happening.kind = 'push'
        AND happening.cause = $9))
    AND created_at >= $10 AND created_at < $11
    ORDER BY sequence DESC LIMIT $12)
) AS found ORDER BY sequence DESC LIMIT $12;

-- name: delivered_add
-- Forget delivered notices in the outbox, and keep them here with the try that was accepted.
WITH gone AS (
    DELETE FROM outbox USING unnest($1::BIGINT[], $2::BIGINT[], $3::TEXT[], $4::SMALLINT[],
        $5::BIGINT[], $6::INTEGER[]) AS done (sequence, at, url, status, took_us, notices)
    WHERE outbox.bucket = (done.sequence & 255)::SMALLINT AND outbox.sequence = done.sequence
    AND state < 3
    RETURNING bucket, outbox.sequence, notice_id, batch_id, stream, app_key, purpose, origin,
        created_at, attempts, body, at, url, status, took_us, notices
), kept AS (
    INSERT INTO delivered_notice (bucket, sequence, notice_id, push_id, stream, app_key, purpose,
        origin, created_at, delivered_at, attempts, body, url, status, took_us, notices)
    SELECT bucket, sequence, notice_id, coalesce(batch_id, notice_id), stream, app_key, purpose,
        origin, created_at, at, attempts, body, url, status, took_us, notices
    FROM gone ON CONFLICT DO NOTHING
)
SELECT stream FROM gone;

-- name: delivered_take
-- The same in whatever state they were.
WITH gone AS (
    DELETE FROM outbox USING unnest($1::BIGINT[]) AS done (sequence)
    WHERE outbox.bucket = (done.sequence & 255)::SMALLINT AND outbox.sequence = done.sequence
    RETURNING bucket, outbox.sequence, notice_id, batch_id, stream, app_key, purpose, origin,
        created_at, attempts, body
), kept AS (
    INSERT INTO delivered_notice (bucket, sequence, notice_id, push_id, stream, app_key, purpose,
        origin, created_at, delivered_at, attempts, body)
    SELECT bucket, sequence, notice_id, coalesce(batch_id, notice_id), stream, app_key, purpose,
        origin, created_at, $2, attempts, body FROM gone ON CONFLICT DO NOTHING
)
SELECT stream FROM gone;
