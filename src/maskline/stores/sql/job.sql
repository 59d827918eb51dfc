-- name: job_add
-- Keep a new job.
INSERT INTO job (job_id, tenant_id, kind, state, owner, owner_id, digest, created_at,
    files_until, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING;

-- name: job_get
-- One job.
SELECT job_id, tenant_id, kind, state, owner, owner_id, digest, created_at, sealed FROM job
WHERE job_id = $1;

-- name: job_list
-- Jobs, newest first, behind a creation time and id.
SELECT job_id, tenant_id, kind, state, owner, owner_id, digest, created_at, sealed FROM job
WHERE ($1 IS NULL OR tenant_id = $1) AND ($2 IS NULL OR kind = $2) AND ($3 IS NULL OR state = $3)
    AND ($4 IS NULL OR owner = $4) AND ($5 IS NULL OR digest = $5)
    AND (created_at, job_id) < ($6, $7)
ORDER BY created_at DESC, job_id DESC LIMIT $8;

-- name: job_waiting
-- Jobs that nobody works on and somebody should, oldest first.
SELECT job_id, tenant_id, kind, state, owner, owner_id, digest, created_at, sealed FROM job
WHERE state IN ('checking', 'queued', 'running') AND leased_until <= $1
ORDER BY created_at, job_id LIMIT $2;

-- name: job_take
-- Work on a job, unless another does or its tenant has enough of them.
UPDATE job SET holder = $2, leased_until = $3, wish = 'go_on'
WHERE job_id = $1 AND state IN ('checking', 'queued', 'running') AND leased_until <= $4
    AND (SELECT count(*) FROM job AS other WHERE other.leased_until > $4
        AND coalesce(other.tenant_id, '') = coalesce(job.tenant_id, '')) < $5;

-- name: job_save
-- Replace what changes of a job that is held, and renew the lease.
UPDATE job SET state = $3, leased_until = $4, files_until = $5, sealed = $6
WHERE job_id = $1 AND holder = $2;

-- name: job_wish
-- What its owner wants of a job.
SELECT wish FROM job WHERE job_id = $1;

-- name: job_want
-- Tell the process that works on a job.
UPDATE job SET wish = $2 WHERE job_id = $1 AND leased_until > $3;

-- name: job_move
-- Change the state of a job that nobody works on.
UPDATE job SET state = $3, holder = '', leased_until = 0
WHERE job_id = $1 AND state = $2 AND leased_until <= $4;

-- name: job_row_put
-- Keep a row, or what is said of it anew.
INSERT INTO job_row (job_id, number, outcome, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (job_id, number) DO UPDATE SET outcome = excluded.outcome, sealed = excluded.sealed;

-- name: job_row_list
-- Rows of a job by number, behind one.
SELECT number, outcome, sealed FROM job_row WHERE job_id = $1 AND number > $2
ORDER BY number LIMIT $3;

-- name: job_row_list_of_outcome
-- The same, of one outcome.
SELECT number, outcome, sealed FROM job_row WHERE job_id = $1 AND outcome = $4 AND number > $2
ORDER BY number LIMIT $3;

-- name: job_row_clear
-- Forget the rows of a job.
DELETE FROM job_row WHERE job_id = $1;

-- name: job_row_remove_old
-- Forget the rows of the jobs that are forgotten next.
DELETE FROM job_row WHERE job_id IN (SELECT job_id FROM job WHERE created_at < $1
    AND leased_until <= $2 ORDER BY created_at, job_id LIMIT $3);

-- name: job_list_with_old_files
-- Jobs that nobody works on, and whose files are past their time.
SELECT job_id, tenant_id, kind, state, owner, owner_id, digest, created_at, sealed FROM job
WHERE files_until <= $1 AND leased_until <= $1 ORDER BY created_at, job_id LIMIT $2;

-- name: job_forget_files
-- Replace what is sealed of a job that nobody works on by what has no files.
UPDATE job SET sealed = $2, files_until = NULL WHERE job_id = $1 AND leased_until <= $3;

-- name: job_remove_old
-- Forget old jobs that nobody works on.
DELETE FROM job WHERE job_id IN (SELECT job_id FROM job WHERE created_at < $1
    AND leased_until <= $2 ORDER BY created_at, job_id LIMIT $3);
