-- name: tenant_keys
-- The data keys of some tenants.
SELECT tenant_id, data_key FROM tenant WHERE tenant_id = ANY($1::TEXT[]);

-- name: tenant_keys_of_applications
-- Whose data keys seal what belongs to some applications.
SELECT application.app_key, tenant.tenant_id, tenant.data_key FROM application
JOIN tenant ON tenant.tenant_id = application.tenant_id
WHERE application.app_key = ANY($1::TEXT[]);

-- name: key_check_add
-- Remember which master key this database belongs to, unless another process was first.
INSERT INTO setting (name, value) VALUES ('key_check', $1) ON CONFLICT DO NOTHING;

-- name: number_list_named
-- Virtual numbers out of a list of them.
SELECT number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note, tags,
    blacklisted_by_tenant, held_until
FROM number WHERE number = ANY($1::TEXT[]);
