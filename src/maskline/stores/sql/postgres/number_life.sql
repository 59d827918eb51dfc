-- What PostgreSQL wants otherwise of the life of numbers.

-- name: stock_choose
-- Numbers that may be issued by now and that nobody else is issuing.
SELECT number, area_code, kind, may_message, supplier, cost, scheme, note, free_from, added_at
FROM stock_number WHERE kind = $1 AND area_code = coalesce($2::TEXT, area_code)
AND may_message >= $3::BOOLEAN AND free_from <= $4 ORDER BY may_message, free_from, number LIMIT $5
FOR UPDATE SKIP LOCKED;

-- name: stock_named
-- Those of some numbers that are in stock.
SELECT number, area_code, kind, may_message, supplier, cost, scheme, note, free_from, added_at
FROM stock_number WHERE number = ANY($1::TEXT[]) ORDER BY number;

-- name: issue_lock
-- Let nobody else issue for a reference until the unit of work is over.
SELECT pg_advisory_xact_lock(hashtextextended('issue ' || $1::TEXT, 0));

-- name: life_change
-- Change a number that is as it was found; where `$7` it must hold no binding.
UPDATE number SET app_key = $4, state = $5, cause = $6
WHERE number = $1 AND app_key = $2 AND state = $3 AND (pairs = 0 OR NOT $7::BOOLEAN);

-- name: lives_named
-- What is known of some numbers.
SELECT number, state_before, rent_until, scheme, due_at, frozen_at, done_at, reference, supplier,
    cost
FROM number_life WHERE number = ANY($1::TEXT[]) ORDER BY number;

-- name: stock_any
-- Which of some numbers are in stock.
SELECT number FROM stock_number WHERE number = ANY($1::TEXT[]) ORDER BY number LIMIT 1;
