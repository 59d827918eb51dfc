-- name: token_add
-- Keep a token.
INSERT INTO tenant_token (digest, token_id, tenant_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: token_drop_expired
-- Forget the tokens of a tenant that have expired.
DELETE FROM tenant_token WHERE tenant_id = $1 AND expires_at <= $2;

-- name: token_count
-- How many tokens a tenant has.
SELECT count(*) FROM tenant_token WHERE tenant_id = $1;

-- name: token_remove
-- Forget a token of a tenant.
DELETE FROM tenant_token WHERE tenant_id = $1 AND token_id = $2;

-- name: token_get
-- The token with a hash.
SELECT token_id, tenant_id, digest, created_at, expires_at FROM tenant_token WHERE digest = $1;

-- name: token_list
-- The tokens of a tenant, oldest first.
SELECT token_id, tenant_id, digest, created_at, expires_at FROM tenant_token
WHERE tenant_id = $1 ORDER BY created_at, token_id;
