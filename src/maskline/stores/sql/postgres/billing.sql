-- name: ledger_sums
-- What stands on each account, of a tenant or all.
SELECT line.value->>0, sum((line.value->>1)::BIGINT)::BIGINT
FROM posting, jsonb_array_elements(posting.lines::JSONB) AS line
WHERE $1::TEXT IS NULL OR tenant_id = $1 GROUP BY 1;

-- name: statement
-- What was used in a span, by application, number and kind.
SELECT app_key, x, kind, count(*), sum(units)::BIGINT, sum(covered)::BIGINT, sum(amount)::BIGINT
FROM posting WHERE tenant_id = $1 AND used_at >= $2 AND used_at < $3
GROUP BY app_key, x, kind ORDER BY app_key, x, kind LIMIT $4;
