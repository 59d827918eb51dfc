-- name: notice_add
-- A notice, due at once; held back while an earlier one of its stream goes to the same origin, or
-- to one whose tries in this stream have not failed. A record passes those of the same origin too
-- when they have failed RECORD_PATIENCE (4) times.
INSERT INTO outbox (sequence, notice_id, stream, app_key, purpose, origin, created_at, due_at,
    state, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7,
    CASE WHEN EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.stream = $3
        AND earlier.state < 3 AND (earlier.origin = $6 AND $5 <> 'record' OR NOT EXISTS (
            SELECT 1 FROM outbox AS failed WHERE failed.stream = $3 AND failed.state < 3
            AND failed.origin = earlier.origin AND failed.sequence <= earlier.sequence
            AND failed.error IS NOT NULL AND (earlier.origin <> $6 OR failed.attempts >= 4))))
    THEN 2 ELSE 0 END, $8);

-- name: notice_last_sequence
-- The highest sequence in use.
SELECT coalesce(max(last), 0) FROM (SELECT max(sequence) AS last FROM outbox
    UNION ALL SELECT max(sequence) FROM delivered_notice) AS used;

-- name: endpoint_heads
-- Endpoints with something that nothing holds back, and when it is due, soonest first: jumps from
-- endpoint to endpoint in the index.
WITH RECURSIVE head (sequence) AS (
    SELECT * FROM (SELECT sequence FROM outbox WHERE state < 2
        ORDER BY app_key, purpose, state, due_at LIMIT 1)
    UNION ALL
    SELECT coalesce(
        (SELECT sequence FROM outbox WHERE state < 2 AND app_key = seen.app_key
            AND purpose = seen.purpose AND state > seen.state ORDER BY state, due_at LIMIT 1),
        (SELECT sequence FROM outbox WHERE state < 2 AND app_key = seen.app_key
            AND purpose > seen.purpose ORDER BY purpose, state, due_at LIMIT 1),
        (SELECT sequence FROM outbox WHERE state < 2 AND app_key > seen.app_key
            ORDER BY app_key, purpose, state, due_at LIMIT 1))
    FROM head JOIN outbox AS seen ON seen.sequence = head.sequence
)
SELECT app_key, purpose, min(due_at) FROM head JOIN outbox ON outbox.sequence = head.sequence
GROUP BY app_key, purpose ORDER BY min(due_at), app_key, purpose;

-- name: claim
-- Lease single notices of an endpoint, longest due first.
UPDATE outbox SET due_at = $4, attempts = attempts + 1 WHERE sequence IN (
    SELECT sequence FROM outbox WHERE app_key = $1 AND purpose = $2 AND state = 0 AND state < 2
    AND due_at <= $3 ORDER BY due_at, sequence LIMIT $5)
RETURNING sequence, notice_id, stream, origin, created_at, attempts, batch_id, body;

-- name: due_batch
-- The batch of an endpoint that is due again the longest.
SELECT batch_id FROM outbox WHERE app_key = $1 AND purpose = $2 AND state = 1 AND state < 2
AND due_at <= $3 ORDER BY due_at, sequence LIMIT 1;

-- name: claim_again
-- Lease a batch as it was.
UPDATE outbox SET due_at = $2, attempts = attempts + 1 WHERE batch_id = $1 AND state < 3
RETURNING sequence, notice_id, stream, origin, created_at, attempts, batch_id, body;

-- name: claim_batch
-- Lease single notices of an endpoint as a batch.
UPDATE outbox SET due_at = $4, attempts = attempts + 1, state = 1, batch_id = $6
WHERE sequence IN (
    SELECT sequence FROM outbox WHERE app_key = $1 AND purpose = $2 AND state = 0 AND state < 2
    AND due_at <= $3 ORDER BY due_at, sequence LIMIT $5)
RETURNING sequence, notice_id, stream, origin, created_at, attempts, batch_id, body;

-- name: settle_delivered
-- Forget delivered notices; `$1` is a JSON list.
DELETE FROM outbox WHERE sequence IN (SELECT value FROM json_each($1)) AND state < 3
RETURNING stream;

-- name: settle_failed
-- Try a notice again later; a try that was not made has no error, and counts for nothing.
UPDATE outbox SET due_at = $2, error = coalesce($3, error), attempts = attempts - ($3 IS NULL) WHERE sequence = $1 AND state < 3 RETURNING stream;

-- name: settle_dead
-- Give a notice up; it stays for the operator.
UPDATE outbox SET state = 3, error = $2 WHERE sequence = $1 AND state < 3 RETURNING stream;

-- name: release
-- Let go what nothing in its stream holds back any more, and tell the endpoints of it. `$1` is a
-- JSON list of streams.
UPDATE outbox SET state = 0
WHERE stream IN (SELECT value FROM json_each($1)) AND state = 2 AND state < 3
AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.stream = outbox.stream
    AND earlier.sequence < outbox.sequence AND earlier.state < 3
    AND (earlier.origin = outbox.origin AND outbox.purpose <> 'record' OR NOT EXISTS (
        SELECT 1 FROM outbox AS failed WHERE failed.stream = outbox.stream AND failed.state < 3
        AND failed.origin = earlier.origin AND failed.sequence <= earlier.sequence
        AND failed.error IS NOT NULL
        AND (earlier.origin <> outbox.origin OR failed.attempts >= 4))))
RETURNING app_key, purpose;

-- name: depth
-- How many wait and how many are dead.
SELECT (SELECT count(*) FROM outbox WHERE state < 3), (SELECT count(*) FROM outbox WHERE state = 3);

-- name: bucket_holder_add
-- A worker asks for its share of the buckets.
INSERT INTO bucket_holder (holder, until) VALUES ($1, $2)
ON CONFLICT (holder) DO UPDATE SET until = excluded.until;

-- name: bucket_holders
-- How many others ask for theirs.
SELECT count(*) FROM bucket_holder WHERE holder <> $1 AND until > $2;

-- name: bucket_holder_forget
-- A worker asks no more.
DELETE FROM bucket_holder WHERE holder = $1;

-- name: bucket_leases
-- Who serves which bucket, and until when.
SELECT bucket, holder, until FROM bucket_lease;

-- name: bucket_lease
-- Lease a bucket that is free, has run out, or is the worker's own.
INSERT INTO bucket_lease (bucket, holder, until) VALUES ($1, $2, $3)
ON CONFLICT (bucket) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE bucket_lease.holder = excluded.holder OR bucket_lease.until <= $4;

-- name: bucket_return
-- Give one bucket back.
DELETE FROM bucket_lease WHERE bucket = $1 AND holder = $2;

-- name: bucket_return_all
-- Give all buckets of a worker back.
DELETE FROM bucket_lease WHERE holder = $1;

-- name: stream_forget
-- All that is still to be pushed of a stream, or was given up.
DELETE FROM outbox WHERE stream = $1 AND state < 3 OR stream = $1 AND state = 3;
