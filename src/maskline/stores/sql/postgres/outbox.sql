-- name: notices_add
-- Notices, due at once, in the order given; each is held back while an earlier one of its stream
-- goes to the same origin, or to one whose tries in this stream have not failed. A record passes
-- those of the same origin too when they have failed RECORD_PATIENCE (4) times. The lock makes who
-- settles what is before them wait, or shows what is left of it.
WITH given AS (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::TEXT[],
        $6::SMALLINT[], $7::BIGINT[], $8::BYTEA[]) WITH ORDINALITY AS given
        (notice_id, stream, app_key, purpose, origin, bucket, created_at, body, place)
), before AS MATERIALIZED (
    SELECT stream, origin, sequence, error, attempts FROM outbox
    WHERE stream = ANY($2::TEXT[]) AND state < 3 ORDER BY sequence FOR SHARE
), known AS (
    SELECT stream, origin, count(error) > 0 AS has_failed,
        min(sequence) FILTER (WHERE error IS NOT NULL AND attempts >= 4) = min(sequence) AS is_worn
    FROM before GROUP BY stream, origin
), in_the_way AS (
    SELECT DISTINCT stream FROM (
        SELECT stream, count(error) OVER (PARTITION BY stream, origin ORDER BY sequence) AS failed
        FROM before) AS earlier
    WHERE failed = 0
), sorted AS (
    SELECT given.*, in_the_way.stream IS NOT NULL
        OR (known.stream IS NOT NULL
            OR row_number() OVER (PARTITION BY given.stream, given.origin ORDER BY place) > 1)
            AND NOT (given.purpose = 'record' AND known.is_worn IS TRUE)
        OR count(*) FILTER (WHERE known.has_failed IS NOT TRUE) OVER (
            PARTITION BY given.stream ORDER BY place
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > 0 AS is_held
    FROM given
    LEFT JOIN known ON known.stream = given.stream AND known.origin = given.origin
    LEFT JOIN in_the_way ON in_the_way.stream = given.stream
    ORDER BY place
)
INSERT INTO outbox (bucket, sequence, notice_id, stream, app_key, purpose, origin, created_at,
    due_at, state, body)
SELECT bucket, nextval('outbox_order') * 256 + bucket, notice_id, stream, app_key, purpose, origin,
    created_at, created_at, CASE WHEN is_held THEN 2 ELSE 0 END, body
FROM sorted;

-- name: endpoint_heads
-- Endpoints of some buckets with something that nothing holds back, and when it is due, soonest
-- first: jumps from endpoint to endpoint in the index.
WITH RECURSIVE head AS (
    SELECT first.* FROM unnest($1::SMALLINT[]) AS own (bucket) CROSS JOIN LATERAL (
        SELECT bucket, app_key, purpose, state, due_at FROM outbox
        WHERE outbox.bucket = own.bucket AND state < 2
        ORDER BY app_key, purpose, state, due_at LIMIT 1) AS first
    UNION ALL
    SELECT next.* FROM head CROSS JOIN LATERAL (
        SELECT bucket, app_key, purpose, state, due_at FROM outbox
        WHERE outbox.bucket = head.bucket AND state < 2
        AND (app_key, purpose, state) > (head.app_key, head.purpose, head.state)
        ORDER BY app_key, purpose, state, due_at LIMIT 1) AS next
)
SELECT app_key, purpose, min(due_at) FROM head
GROUP BY app_key, purpose ORDER BY min(due_at), app_key, purpose;

-- name: claim
-- Lease single notices of some endpoints, longest due first; each row tells whose claim it is of.
-- What another unit of work holds at this moment is left for the next claim.
WITH due AS MATERIALIZED (
    SELECT place, until, bucket, sequence
    FROM unnest($1::SMALLINT[], $2::TEXT[], $3::TEXT[], $4::BIGINT[], $5::BIGINT[], $6::INTEGER[])
        WITH ORDINALITY AS asked (own, key, purpose, now, until, amount, place)
    CROSS JOIN LATERAL (
        SELECT bucket, sequence FROM outbox WHERE bucket = asked.own AND app_key = asked.key
        AND outbox.purpose = asked.purpose AND state = 0 AND due_at <= asked.now
        ORDER BY due_at, sequence LIMIT asked.amount FOR UPDATE SKIP LOCKED) AS found
)
UPDATE outbox SET due_at = due.until, attempts = attempts + 1 FROM due
WHERE outbox.bucket = due.bucket AND outbox.sequence = due.sequence
RETURNING place, outbox.sequence, notice_id, stream, origin, created_at, attempts, batch_id, body;

-- name: claim_batch
-- Lease the batch that is due again the longest, as it was; else single notices as a batch. Who
-- holds the first notice of a batch that is due has the batch: another one waits, and finds it
-- leased.
WITH again AS (
    SELECT batch_id FROM outbox WHERE bucket = $7 AND app_key = $1 AND purpose = $2
    AND state = 1 AND due_at <= $3 ORDER BY due_at, sequence LIMIT 1 FOR UPDATE
), fresh AS (
    SELECT bucket, sequence FROM outbox WHERE bucket = $7 AND app_key = $1 AND purpose = $2
    AND state = 0 AND due_at <= $3 AND NOT EXISTS (SELECT FROM again)
    ORDER BY due_at, sequence LIMIT $5 FOR UPDATE SKIP LOCKED
), due AS MATERIALIZED (
    SELECT bucket, sequence FROM fresh
    UNION ALL SELECT outbox.bucket, outbox.sequence FROM outbox
    JOIN again ON again.batch_id = outbox.batch_id WHERE outbox.state < 3
)
UPDATE outbox SET due_at = $4, attempts = attempts + 1, state = 1,
    batch_id = coalesce(outbox.batch_id, $6)
FROM due WHERE outbox.bucket = due.bucket AND outbox.sequence = due.sequence AND outbox.state < 3
RETURNING outbox.sequence, notice_id, stream, origin, created_at, attempts, outbox.batch_id, body;

-- name: settle_delivered
-- Forget delivered notices.
DELETE FROM outbox USING unnest($1::BIGINT[]) AS done (sequence)
WHERE outbox.bucket = (done.sequence & 255)::SMALLINT AND outbox.sequence = done.sequence
AND state < 3 RETURNING stream;

-- name: settle_failed
-- Try notices again later, or give them up where no time is named; they stay for the operator. A
-- try that was not made has no error, and counts for nothing.
UPDATE outbox SET due_at = coalesce(failed.due_at, outbox.due_at),
    error = coalesce(failed.error, outbox.error),
    attempts = attempts - CASE WHEN failed.error IS NULL THEN 1 ELSE 0 END,
    state = CASE WHEN failed.due_at IS NULL THEN 3 ELSE state END
FROM unnest($1::BIGINT[], $2::BIGINT[], $3::TEXT[]) AS failed (sequence, due_at, error)
WHERE outbox.bucket = (failed.sequence & 255)::SMALLINT AND outbox.sequence = failed.sequence
AND state < 3 RETURNING stream;

-- name: held_of_streams
-- Lock what is held back in some streams: of two units of work that settle what is before it, the
-- second one sees what the first did, and one of them lets it go.
SELECT sequence FROM outbox WHERE stream = ANY($1::TEXT[]) AND state = 2
ORDER BY sequence FOR UPDATE;

-- name: release
-- Let go what nothing in its stream holds back any more, and tell the endpoints of it.
UPDATE outbox SET state = 0 WHERE stream = ANY($1::TEXT[]) AND state = 2
AND NOT EXISTS (SELECT FROM outbox AS earlier WHERE earlier.stream = outbox.stream
    AND earlier.sequence < outbox.sequence AND earlier.state < 3
    AND (earlier.origin = outbox.origin AND outbox.purpose <> 'record' OR NOT EXISTS (
        SELECT FROM outbox AS failed WHERE failed.stream = outbox.stream AND failed.state < 3
        AND failed.origin = earlier.origin AND failed.sequence <= earlier.sequence
        AND failed.error IS NOT NULL
        AND (earlier.origin <> outbox.origin OR failed.attempts >= 4))))
RETURNING app_key, purpose;

-- name: buckets_begin
-- See that every bucket has its row, which is nobody's at first.
INSERT INTO bucket_lease (bucket, holder, until)
SELECT bucket, '', 0 FROM unnest($1::SMALLINT[]) AS every (bucket) ORDER BY bucket
ON CONFLICT DO NOTHING;

-- name: bucket_leases
-- Who serves which bucket, and until when. Those who ask come one after the other.
SELECT bucket, holder, until FROM bucket_lease ORDER BY bucket FOR UPDATE;

-- name: buckets_lease
-- Lease some buckets that are free, have run out, or are the worker's own.
UPDATE bucket_lease SET holder = $2, until = $3 WHERE bucket = ANY($1::SMALLINT[]);

-- name: buckets_return
-- Give some buckets of a worker back.
UPDATE bucket_lease SET holder = '', until = 0
WHERE bucket = ANY($1::SMALLINT[]) AND holder = $2;

-- name: bucket_return_all
-- Give all buckets of a worker back.
UPDATE bucket_lease SET holder = '', until = 0 WHERE holder = $1;
