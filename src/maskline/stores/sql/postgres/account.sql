-- name: tenant_lock
-- A tenant, whose accounts and links nobody else adds to meanwhile.
SELECT tenant_id FROM tenant WHERE tenant_id = $1 FOR NO KEY UPDATE;

-- name: user_tops
-- Who is in charge of a tenant; of two that would leave it, one waits for the other.
SELECT user_id FROM account WHERE tenant_id = $1 AND role = $2 AND state = 'active'
ORDER BY user_id FOR NO KEY UPDATE;

-- name: user_seen
-- Keep when somebody signed in, unless the code was used before.
UPDATE account SET last_seen_at = $2, totp_counter = coalesce($3::BIGINT, totp_counter)
WHERE user_id = $1 AND totp_counter < coalesce($3::BIGINT, totp_counter + 1);
