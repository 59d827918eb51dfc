-- name: job_list
-- Jobs, newest first, behind a creation time and id.
SELECT job_id, tenant_id, kind, state, owner, owner_id, digest, created_at, sealed FROM job
WHERE ($1::TEXT IS NULL OR tenant_id = $1) AND ($2::TEXT IS NULL OR kind = $2)
    AND ($3::TEXT IS NULL OR state = $3) AND ($4::TEXT IS NULL OR owner = $4)
    AND ($5::TEXT IS NULL OR digest = $5) AND (created_at, job_id) < ($6, $7)
ORDER BY created_at DESC, job_id DESC LIMIT $8;

-- name: job_rows_put
-- Keep rows, or what is said of them anew.
INSERT INTO job_row (job_id, number, outcome, sealed)
SELECT $1, number, outcome, sealed FROM UNNEST($2::INTEGER[], $3::TEXT[], $4::BYTEA[])
    AS given (number, outcome, sealed)
ON CONFLICT (job_id, number) DO UPDATE SET outcome = excluded.outcome, sealed = excluded.sealed;
