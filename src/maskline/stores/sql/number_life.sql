-- What became of virtual numbers, and those that belong to nobody.

-- name: stock_add
-- Keep a number that belongs to nobody.
INSERT INTO stock_number (number, area_code, kind, may_message, supplier, cost, scheme, note,
    free_from, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING;

-- name: stock_serves
-- Whether a number serves an application.
SELECT 1 FROM number WHERE number = $1 AND state <> 'returned';

-- name: stock_save
-- Replace what is said of a number of the stock.
UPDATE stock_number SET area_code = $2, kind = $3, may_message = $4, supplier = $5, cost = $6,
    scheme = $7, note = $8, free_from = $9 WHERE number = $1;

-- name: stock_remove
-- Forget a number of the stock.
DELETE FROM stock_number WHERE number = $1;

-- name: stock_get
-- One number of the stock.
SELECT number, area_code, kind, may_message, supplier, cost, scheme, note, free_from, added_at
FROM stock_number WHERE number = $1;

-- name: stock_named
-- Those of some numbers that are in stock.
SELECT number, area_code, kind, may_message, supplier, cost, scheme, note, free_from, added_at
FROM stock_number WHERE number IN (SELECT value FROM json_each($1)) ORDER BY number;

-- name: stock_list
-- The stock by number.
SELECT number, area_code, kind, may_message, supplier, cost, scheme, note, free_from, added_at
FROM stock_number ORDER BY number;

-- name: stock_count
-- The stock by sort, and how much of it is free by now.
SELECT area_code, kind, may_message, count(CASE WHEN free_from <= $1 THEN 1 END), count(*)
FROM stock_number GROUP BY area_code, kind, may_message ORDER BY area_code, kind, may_message;

-- name: stock_choose
-- Numbers that may be issued by now, those that are missed least first.
SELECT number, area_code, kind, may_message, supplier, cost, scheme, note, free_from, added_at
FROM stock_number WHERE kind = $1 AND area_code = coalesce($2, area_code)
AND may_message >= $3 AND free_from <= $4 ORDER BY may_message, free_from, number LIMIT $5;

-- name: number_issue
-- Give a number to an application; one that was returned is the same number again.
INSERT INTO number (number, app_key, area_code, state, may_message, created_at, cause, kind, note,
    tags, blacklisted_by_tenant, held_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (number) DO UPDATE SET app_key = excluded.app_key, area_code = excluded.area_code,
    state = excluded.state, may_message = excluded.may_message, created_at = excluded.created_at,
    cause = excluded.cause, kind = excluded.kind, note = excluded.note, tags = excluded.tags,
    blacklisted_by_tenant = excluded.blacklisted_by_tenant, held_until = excluded.held_until
WHERE number.state = 'returned' AND number.pairs = 0;

-- name: issued_for
-- What was issued for a reference.
SELECT number.number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note,
    tags, blacklisted_by_tenant, held_until
FROM number_life JOIN number ON number.number = number_life.number
WHERE reference = $1 ORDER BY number.number;

-- name: life_change
-- Change a number that is as it was found; where `$7` it must hold no binding.
UPDATE number SET app_key = $4, state = $5, cause = $6,
    held_until = CASE WHEN app_key = $4 THEN held_until END
WHERE number = $1 AND app_key = $2 AND state = $3 AND (pairs = 0 OR NOT $7);

-- name: life_save
-- Replace what is known of a number.
INSERT INTO number_life (number, state_before, rent_until, scheme, due_at, frozen_at, done_at,
    reference, supplier, cost)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (number) DO UPDATE SET state_before = excluded.state_before,
    rent_until = excluded.rent_until, scheme = excluded.scheme, due_at = excluded.due_at,
    frozen_at = excluded.frozen_at, done_at = excluded.done_at, reference = excluded.reference,
    supplier = excluded.supplier, cost = excluded.cost;

-- name: lives_named
-- What is known of some numbers.
SELECT number, state_before, rent_until, scheme, due_at, frozen_at, done_at, reference, supplier,
    cost
FROM number_life WHERE number IN (SELECT value FROM json_each($1)) ORDER BY number;

-- name: late_list
-- Numbers that had to be registered by now, are not, and are not stopped yet.
SELECT number.number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note,
    tags, blacklisted_by_tenant, held_until
FROM number_life JOIN number ON number.number = number_life.number
WHERE due_at <= $1 AND done_at IS NULL AND state IN ('normal', 'awaiting_real_name')
ORDER BY due_at, number.number LIMIT $2;

-- name: unnamed_list
-- Numbers whose carrier wants to know whose they are, and does not yet.
SELECT number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note, tags,
    blacklisted_by_tenant, held_until, scheme, due_at, frozen_at
FROM (SELECT number.number, app_key, area_code, state, may_message, pairs, created_at, cause, kind,
    note, tags, blacklisted_by_tenant, held_until, scheme, due_at, frozen_at
    FROM number_life JOIN number ON number.number = number_life.number
    WHERE scheme IS NOT NULL AND done_at IS NULL AND state IN ('normal', 'paused',
    'binding_frozen', 'in_transfer', 'awaiting_real_name')) AS unnamed ORDER BY number;

-- name: rented_list
-- Numbers that were returned and whose rent goes on.
SELECT number.number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note,
    tags, blacklisted_by_tenant, held_until
FROM number_life JOIN number ON number.number = number_life.number
WHERE rent_until > $1 AND number_life.number > $2 AND state = 'returned'
ORDER BY number_life.number LIMIT $3;

-- name: event_add
-- Keep what happened to a number.
INSERT INTO number_event (number, happened_at, step, app_key, was, is_now, given_to, done_by, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: event_list
-- What happened to numbers, newest first.
SELECT sequence, number, happened_at, step, app_key, was, is_now, given_to, done_by, note
FROM number_event ORDER BY sequence DESC;
