-- name: block_free
-- Make room for a block where its maker had one that is over.
DELETE FROM call_block WHERE number = $1 AND tenant_id = $2 AND app_key = $3 AND x = $4
AND direction = $5 AND by_tenant = $6 AND until <= $7;

-- name: block_add
-- Keep a new block.
INSERT INTO call_block (block_id, number, scope, tenant_id, app_key, x, direction, by_tenant, until,
    created_at, hits, last_hit_at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING;

-- name: block_save
-- Say anew why, and until when.
UPDATE call_block SET until = $2, sealed = $3 WHERE block_id = $1;

-- name: block_remove
-- Forget a block.
DELETE FROM call_block WHERE block_id = $1;

-- name: block_get
-- One block.
SELECT block_id, scope, tenant_id, app_key, x, direction, by_tenant, until, created_at, hits,
    last_hit_at, sealed
FROM call_block WHERE block_id = $1;

-- name: block_list
-- Blocks, newest first.
SELECT block_id, scope, tenant_id, app_key, x, direction, by_tenant, until, created_at, hits,
    last_hit_at, sealed
FROM call_block ORDER BY created_at DESC, block_id DESC;

-- name: block_any
-- Whether a tenant, or "" the platform, has any.
SELECT 1 FROM call_block WHERE tenant_id = $1 LIMIT 1;

-- name: blocking
-- What stops a call of a caller to a callee, who may not be known; the caller first.
SELECT block_id, number = $1 AND direction <> 'callee' AS is_caller FROM call_block
WHERE (number = $1 AND direction <> 'callee' OR number = $2 AND direction <> 'caller')
AND tenant_id IN ('', $3) AND app_key IN ('', $4) AND x IN ('', $5)
AND (until IS NULL OR until > $6)
ORDER BY is_caller DESC, created_at, block_id LIMIT 1;

-- name: block_hit
-- A block stopped a call.
UPDATE call_block SET hits = hits + 1, last_hit_at = $2 WHERE block_id = $1;

-- name: rule_add
-- Keep a new frequency rule.
INSERT INTO frequency_rule (rule_id, scope, tenant_id, app_key, x, counted, calls, within_s,
    is_enabled, note, by_tenant, created_by, created_at, hits, last_hit_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: rule_save
-- Set what may change of a rule.
UPDATE frequency_rule SET calls = $2, within_s = $3, is_enabled = $4, note = $5 WHERE rule_id = $1;

-- name: rule_remove
-- Forget a rule.
DELETE FROM frequency_rule WHERE rule_id = $1;

-- name: rule_get
-- One rule.
SELECT rule_id, tenant_id, app_key, x, counted, calls, within_s, is_enabled, note, by_tenant,
    created_by, created_at, hits, last_hit_at
FROM frequency_rule WHERE rule_id = $1;

-- name: rule_list
-- Frequency rules, newest first.
SELECT rule_id, tenant_id, app_key, x, counted, calls, within_s, is_enabled, note, by_tenant,
    created_by, created_at, hits, last_hit_at
FROM frequency_rule ORDER BY created_at DESC, rule_id DESC;

-- name: rules_for
-- The rules that count for a tenant alone, or with "" for all.
SELECT rule_id, tenant_id, app_key, x, counted, calls, within_s, is_enabled, note, by_tenant,
    created_by, created_at, hits, last_hit_at
FROM frequency_rule WHERE tenant_id = $1 AND is_enabled ORDER BY created_at, rule_id LIMIT $2;

-- name: rule_hit
-- A rule refused a call.
UPDATE frequency_rule SET hits = hits + 1, last_hit_at = $2 WHERE rule_id = $1;

-- name: count_get
-- The calls that count of what a key names.
SELECT calls FROM call_count WHERE rule_id = $1 AND key = $2;

-- name: count_save
-- The calls that count from now on.
INSERT INTO call_count (rule_id, key, calls, used_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (rule_id, key) DO UPDATE SET calls = excluded.calls, used_at = excluded.used_at;

-- name: count_sweep
-- Forget counts to which nothing was added for long.
DELETE FROM call_count WHERE (rule_id, key) IN (
    SELECT rule_id, key FROM call_count WHERE used_at < $1 ORDER BY used_at LIMIT $2);
