-- name: secret_use_save
-- When a secret was last used and from where; an earlier use changes nothing.
INSERT INTO secret_use (app_key, secret_id, used_at, address) VALUES ($1, $2, $3, $4)
ON CONFLICT (app_key, secret_id) DO UPDATE SET used_at = excluded.used_at,
    address = excluded.address WHERE secret_use.used_at < excluded.used_at;

-- name: secret_use_forget
-- Forget the last use of a secret.
DELETE FROM secret_use WHERE app_key = $1 AND secret_id = $2;

-- name: secret_use_list
-- The last uses of an application's secrets.
SELECT app_key, secret_id, used_at, address FROM secret_use WHERE app_key = $1 ORDER BY secret_id;
