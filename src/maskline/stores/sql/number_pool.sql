-- name: pool_by_city
-- The numbers of an application by city: how many; of those that may bind how many, how many free,
-- and their room; the bindings of all. Counted along the index of choices first, for its order.
SELECT area_code, sum(numbers),
    sum(CASE WHEN state = 'normal' THEN numbers ELSE 0 END),
    sum(CASE WHEN state = 'normal' AND pairs = 0 THEN numbers ELSE 0 END),
    sum(numbers * pairs),
    sum(CASE WHEN state = 'normal' AND pairs < $2 THEN numbers * ($2 - pairs) ELSE 0 END)
FROM (SELECT area_code, state, pairs, count(*) AS numbers FROM number WHERE app_key = $1
    GROUP BY area_code, state, pairs) AS counted
GROUP BY area_code ORDER BY area_code;
