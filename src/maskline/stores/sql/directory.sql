-- name: tenant_add
-- Keep a new tenant with its wrapped data key.
INSERT INTO tenant (tenant_id, name, state, created_at, data_key, recording_retention_days,
    record_retention_days, message_retention_days, text_retention_days, may_message,
    binding_retention_days, max_applications, destinations, spend_per_day)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING;

-- name: tenant_save
-- Replace what may change of a tenant.
UPDATE tenant SET name = $2, state = $3, recording_retention_days = $4, record_retention_days = $5,
    message_retention_days = $6, text_retention_days = $7, may_message = $8,
    binding_retention_days = $9, max_applications = $10, destinations = $11, spend_per_day = $12
WHERE tenant_id = $1;

-- name: tenant_get
-- One tenant.
SELECT tenant_id, name, state, created_at, recording_retention_days, record_retention_days,
    message_retention_days, text_retention_days, may_message, binding_retention_days,
    max_applications, destinations, spend_per_day
FROM tenant WHERE tenant_id = $1;

-- name: tenant_list
-- Tenants by id.
SELECT tenant_id, name, state, created_at, recording_retention_days, record_retention_days,
    message_retention_days, text_retention_days, may_message, binding_retention_days,
    max_applications, destinations, spend_per_day
FROM tenant ORDER BY tenant_id;

-- name: tenant_key
-- The data key of a tenant.
SELECT data_key FROM tenant WHERE tenant_id = $1;

-- name: tenant_key_of_application
-- Whose data key seals what belongs to an application.
SELECT tenant.tenant_id, tenant.data_key FROM application
JOIN tenant ON tenant.tenant_id = application.tenant_id WHERE application.app_key = $1;

-- name: application_add
-- Keep a new application.
INSERT INTO application (app_key, tenant_id, mode, created_at, sealed) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- name: application_save
-- Replace the sealed settings of an application.
UPDATE application SET sealed = $2 WHERE app_key = $1;

-- name: application_get
-- One application.
SELECT app_key, tenant_id, mode, created_at, sealed FROM application WHERE app_key = $1;

-- name: application_list
-- Applications by creation time.
SELECT app_key, tenant_id, mode, created_at, sealed FROM application ORDER BY created_at, app_key;

-- name: number_add
-- Keep a new virtual number without pairs.
INSERT INTO number (number, app_key, area_code, state, may_message, created_at, cause, kind, note,
    tags, blacklisted_by_tenant, held_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING;

-- name: number_save
-- Replace what may change of a virtual number.
UPDATE number SET area_code = $2, state = $3, may_message = $4, cause = $5, kind = $6, note = $7,
    tags = $8, blacklisted_by_tenant = $9, held_until = $10 WHERE number = $1;

-- name: number_get
-- One virtual number.
SELECT number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note, tags,
    blacklisted_by_tenant, held_until
FROM number WHERE number = $1;

-- name: number_list
-- All virtual numbers by number.
SELECT number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note, tags,
    blacklisted_by_tenant, held_until
FROM number ORDER BY number;

-- name: numbers_after
-- The virtual numbers of one application behind one, by number.
SELECT number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note, tags,
    blacklisted_by_tenant, held_until
FROM number WHERE app_key = $1 AND number > $2 ORDER BY number LIMIT $3;

-- name: number_list_named
-- Virtual numbers out of a list of them.
SELECT number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note, tags,
    blacklisted_by_tenant, held_until
FROM number WHERE number IN (SELECT value FROM json_each($1));

-- name: number_count_of_tenant
-- How many virtual numbers a tenant has.
SELECT count(*) FROM number JOIN application ON application.app_key = number.app_key
WHERE application.tenant_id = $1 AND number.state <> 'returned';

-- name: number_move
-- Give a virtual number that holds no binding to another application.
UPDATE number SET app_key = $3, held_until = NULL WHERE number = $1 AND app_key = $2 AND pairs = 0;

-- name: trunk_save
-- Add or replace a trunk.
INSERT INTO trunk (name, sealed) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed;

-- name: trunk_remove
-- Forget a trunk.
DELETE FROM trunk WHERE name = $1;

-- name: trunk_list
-- All trunks by name.
SELECT name, sealed FROM trunk ORDER BY name;

-- name: key_check
-- A known text under the master key.
SELECT value FROM setting WHERE name = 'key_check';

-- name: key_check_add
-- Remember which master key this database belongs to.
INSERT INTO setting (name, value) VALUES ('key_check', $1);
