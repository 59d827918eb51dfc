-- name: user_add
-- Keep an account; nothing when its login is taken.
INSERT INTO account (
    user_id, role, state, sealed, tenant_id, login, created_at, last_seen_at, totp_counter)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING;

-- name: user_save
-- Replace what changes of an account.
UPDATE account SET role = $2, state = $3, sealed = $4 WHERE user_id = $1;

-- name: user_seen
-- Keep when somebody signed in, unless the code was used before.
UPDATE account SET last_seen_at = $2, totp_counter = coalesce($3, totp_counter)
WHERE user_id = $1 AND totp_counter < coalesce($3, totp_counter + 1);

-- name: user_get
-- One account.
SELECT user_id, tenant_id, login, role, state, created_at, last_seen_at, totp_counter, sealed
FROM account WHERE user_id = $1;

-- name: user_of_login
-- The account with a login.
SELECT user_id, tenant_id, login, role, state, created_at, last_seen_at, totp_counter, sealed
FROM account WHERE login = $1;

-- name: user_list
-- Accounts behind a place, oldest first.
SELECT user_id, tenant_id, login, role, state, created_at, last_seen_at, totp_counter, sealed
FROM account WHERE (created_at, user_id) > ($1, $2) ORDER BY created_at, user_id LIMIT $3;

-- name: user_list_of_tenant
-- Accounts of a tenant behind a place, oldest first.
SELECT user_id, tenant_id, login, role, state, created_at, last_seen_at, totp_counter, sealed
FROM account WHERE tenant_id = $4 AND (created_at, user_id) > ($1, $2)
ORDER BY created_at, user_id LIMIT $3;

-- name: user_count
-- How many accounts a tenant has.
SELECT count(*) FROM account WHERE tenant_id = $1;

-- name: user_tops
-- Who is in charge of a tenant.
SELECT user_id FROM account WHERE tenant_id = $1 AND role = $2 AND state = 'active';

-- name: user_has_role
-- Somebody active with a role.
SELECT 1 FROM account WHERE role = $1 AND state = 'active' LIMIT 1;

-- name: link_add
-- Keep a link.
INSERT INTO account_link (
    digest, link_id, purpose, tenant_id, login, created_at, expires_at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: link_drop_replaced
-- Forget links for a login and purpose; those of set-ups stand beside each other.
DELETE FROM account_link WHERE login = $1 AND purpose = $2 AND purpose <> 'setup';

-- name: link_drop_expired
-- Forget links of a tenant that have expired.
DELETE FROM account_link WHERE tenant_id = $1 AND expires_at <= $2;

-- name: link_drop_setups
-- Forget the links for the first operator.
DELETE FROM account_link WHERE tenant_id = '' AND purpose = 'setup';

-- name: link_count
-- How many links a tenant has.
SELECT count(*) FROM account_link WHERE tenant_id = $1;

-- name: link_get
-- The link with a digest.
SELECT digest, link_id, purpose, tenant_id, created_at, expires_at, sealed
FROM account_link WHERE digest = $1;

-- name: link_list
-- Links, oldest first.
SELECT digest, link_id, purpose, tenant_id, created_at, expires_at, sealed
FROM account_link ORDER BY created_at, link_id;

-- name: link_list_of_tenant
-- Links of a tenant, oldest first.
SELECT digest, link_id, purpose, tenant_id, created_at, expires_at, sealed
FROM account_link WHERE tenant_id = $1 ORDER BY created_at, link_id;

-- name: link_use
-- Use up a link.
DELETE FROM account_link WHERE digest = $1;

-- name: link_remove
-- Take a link back.
DELETE FROM account_link WHERE link_id = $1;

-- name: session_add
-- Keep a session.
INSERT INTO account_session (
    digest, session_id, user_id, created_at, used_at, expires_at, stepped_up_until, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: session_drop_unused
-- Forget the longest unused sessions of a person beyond so many.
DELETE FROM account_session WHERE digest IN (
    SELECT digest FROM account_session WHERE user_id = $1
    ORDER BY used_at DESC, session_id DESC LIMIT 1000 OFFSET $2);

-- name: session_get
-- A session and whose it is.
SELECT account.user_id, tenant_id, login, role, state, account.created_at, last_seen_at,
    totp_counter, account.sealed,
    digest, session_id, account_session.user_id, account_session.created_at, used_at, expires_at,
    stepped_up_until, account_session.sealed
FROM account_session JOIN account ON account.user_id = account_session.user_id
WHERE digest = $1;

-- name: session_list
-- Sessions of a person, the last used first.
SELECT digest, session_id, user_id, created_at, used_at, expires_at, stepped_up_until, sealed
FROM account_session WHERE user_id = $1 ORDER BY used_at DESC, session_id DESC;

-- name: session_use
-- Keep that a session was used.
UPDATE account_session SET used_at = $2 WHERE digest = $1;

-- name: session_step_up
-- Keep until when a session is stepped up.
UPDATE account_session SET stepped_up_until = $2 WHERE digest = $1;

-- name: session_remove
-- End one session of a person.
DELETE FROM account_session WHERE user_id = $1 AND session_id = $2;

-- name: sessions_remove
-- End all sessions of a person but one.
DELETE FROM account_session WHERE user_id = $1 AND digest <> $2;

-- name: session_sweep
-- Forget sessions that were not used since or have expired.
DELETE FROM account_session WHERE digest IN (
    SELECT digest FROM account_session WHERE used_at < $1 OR expires_at <= $2 LIMIT $3);
