-- name: event_add
-- Keep an event.
INSERT INTO audit_event (at, tenant_id, user_id, action, target, sealed)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: event_list
-- Events, newest first.
SELECT sequence, at, tenant_id, user_id, action, target, sealed FROM audit_event
WHERE (at, sequence) < ($1, $2) AND at >= $3 AND tenant_id = coalesce($4, tenant_id)
    AND user_id = coalesce($5, user_id) AND action = coalesce($6, action) AND target = coalesce($7, target)
ORDER BY at DESC, sequence DESC LIMIT $8;

-- name: event_list_of_target
-- Events of one object, newest first.
SELECT sequence, at, tenant_id, user_id, action, target, sealed FROM audit_event
WHERE (at, sequence) < ($1, $2) AND at >= $3 AND tenant_id = coalesce($4, tenant_id)
    AND user_id = coalesce($5, user_id) AND action = coalesce($6, action) AND target = $7
ORDER BY at DESC, sequence DESC LIMIT $8;

-- name: event_list_of_user
-- Events of one person, newest first.
SELECT sequence, at, tenant_id, user_id, action, target, sealed FROM audit_event
WHERE (at, sequence) < ($1, $2) AND at >= $3 AND tenant_id = coalesce($4, tenant_id)
    AND user_id = $5 AND action = coalesce($6, action) AND target = coalesce($7, target)
ORDER BY at DESC, sequence DESC LIMIT $8;

-- name: event_list_of_action
-- Events of one kind, newest first.
SELECT sequence, at, tenant_id, user_id, action, target, sealed FROM audit_event
WHERE (at, sequence) < ($1, $2) AND at >= $3 AND tenant_id = coalesce($4, tenant_id)
    AND user_id = coalesce($5, user_id) AND action = $6 AND target = coalesce($7, target)
ORDER BY at DESC, sequence DESC LIMIT $8;

-- name: event_list_of_tenant
-- Events of a tenant, newest first.
SELECT sequence, at, tenant_id, user_id, action, target, sealed FROM audit_event
WHERE (at, sequence) < ($1, $2) AND at >= $3 AND tenant_id = $4
    AND user_id = coalesce($5, user_id) AND action = coalesce($6, action) AND target = coalesce($7, target)
ORDER BY at DESC, sequence DESC LIMIT $8;

-- name: event_sweep
-- Forget the oldest events of those from before a moment.
DELETE FROM audit_event WHERE sequence IN (
    SELECT sequence FROM audit_event WHERE at < $1 ORDER BY at LIMIT $2);

-- name: token_add
-- Keep a token of the management API.
INSERT INTO api_token (
    digest, token_id, tenant_id, user_id, name, rights, created_at, expires_at, used_at, address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: token_drop_expired
-- Forget the tokens of a tenant that have expired.
DELETE FROM api_token WHERE tenant_id = $1 AND expires_at <= $2;

-- name: token_count
-- How many tokens a tenant has.
SELECT count(*) FROM api_token WHERE tenant_id = $1;

-- name: token_get
-- The token with a digest, and whose it is.
SELECT api_token.digest, token_id, api_token.tenant_id, api_token.user_id, name, rights,
    api_token.created_at, expires_at, used_at, address,
    account.user_id, account.tenant_id, login, role, state, account.created_at, last_seen_at,
    totp_counter, sealed
FROM api_token LEFT JOIN account ON account.user_id = api_token.user_id
WHERE api_token.digest = $1;

-- name: token_list
-- Tokens, oldest first.
SELECT digest, token_id, tenant_id, user_id, name, rights, created_at, expires_at, used_at,
    address
FROM api_token ORDER BY created_at, token_id;

-- name: token_list_of_tenant
-- Tokens of a tenant, oldest first.
SELECT digest, token_id, tenant_id, user_id, name, rights, created_at, expires_at, used_at,
    address
FROM api_token WHERE tenant_id = $1 ORDER BY created_at, token_id;

-- name: token_use
-- Keep when a token was used last and from where.
UPDATE api_token SET used_at = $2, address = $3 WHERE digest = $1;

-- name: token_remove
-- Forget a token.
DELETE FROM api_token WHERE token_id = $1;
