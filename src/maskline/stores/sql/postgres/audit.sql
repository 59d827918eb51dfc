-- name: tenant_lock
-- A tenant, whose tokens nobody else adds to meanwhile.
SELECT tenant_id FROM tenant WHERE tenant_id = $1 FOR NO KEY UPDATE;

-- name: event_add
-- Keep events, in their order.
INSERT INTO audit_event (at, tenant_id, user_id, action, target, sealed)
SELECT at, tenant_id, user_id, action, target, sealed
FROM unnest($1::BIGINT[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::TEXT[], $6::BYTEA[])
    WITH ORDINALITY AS event (at, tenant_id, user_id, action, target, sealed, place)
ORDER BY place;
