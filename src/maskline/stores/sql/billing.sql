-- name: tariff_add
-- Keep a new tariff.
INSERT INTO tariff (tariff_id, tenant_id, valid_from, created_at, terms)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: tariff_list
-- All tariffs, by when they begin.
SELECT tariff_id, tenant_id, valid_from, created_at, terms FROM tariff
ORDER BY valid_from, created_at, tariff_id;

-- name: offer_save
-- Keep a package that is sold, or change it.
INSERT INTO package_offer (offer_id, created_at, terms) VALUES ($1, $2, $3)
ON CONFLICT (offer_id) DO UPDATE SET terms = excluded.terms;

-- name: offer_list
-- All packages that are or were sold.
SELECT offer_id, created_at, terms FROM package_offer ORDER BY created_at, offer_id;

-- name: purchase_add
-- A package was bought.
INSERT INTO package_purchase (purchase_id, tenant_id, bought_at, valid_until, terms, minutes_left,
    messages_left)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: purchase_list
-- What a tenant has bought that is not over.
SELECT purchase_id, tenant_id, bought_at, valid_until, terms, minutes_left, messages_left
FROM package_purchase WHERE tenant_id = $1 AND valid_until > $2 ORDER BY bought_at, purchase_id;

-- name: minutes_draw
-- Take minutes out of a package that has them.
UPDATE package_purchase SET minutes_left = minutes_left - $2
WHERE purchase_id = $1 AND minutes_left >= $2;

-- name: messages_draw
-- Take messages out of a package that has them.
UPDATE package_purchase SET messages_left = messages_left - $2
WHERE purchase_id = $1 AND messages_left >= $2;

-- name: posting_add
-- Post something, unless it is posted.
INSERT INTO posting (posting_id, tenant_id, kind, source, at, used_at, lines, amount, app_key, x,
    units, covered, price, note, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING;

-- name: balance_add
-- Add to the balance of a tenant.
INSERT INTO money_account (tenant_id, balance) VALUES ($1, $2)
ON CONFLICT (tenant_id) DO UPDATE SET balance = money_account.balance + excluded.balance;

-- name: posting_get
-- What was posted for something.
SELECT posting_id, tenant_id, kind, source, at, used_at, lines, amount, app_key, x, units, covered,
    price, note, created_by
FROM posting WHERE source = $1;

-- name: posting_list
-- Postings, newest first.
SELECT posting_id, tenant_id, kind, source, at, used_at, lines, amount, app_key, x, units, covered,
    price, note, created_by
FROM posting ORDER BY at DESC, posting_id DESC;

-- name: ledger_sums
-- What stands on each account, of a tenant or all.
SELECT json_extract(line.value, '$[0]'), sum(json_extract(line.value, '$[1]'))
FROM posting, json_each(posting.lines) AS line WHERE $1 IS NULL OR tenant_id = $1 GROUP BY 1;

-- name: statement
-- What was used in a span, by application, number and kind.
SELECT app_key, x, kind, count(*), sum(units), sum(covered), sum(amount) FROM posting
WHERE tenant_id = $1 AND used_at >= $2 AND used_at < $3
GROUP BY app_key, x, kind ORDER BY app_key, x, kind LIMIT $4;

-- name: spent
-- What calls and messages of a tenant, or of one application, have cost that were made since then.
SELECT coalesce(-sum(amount), 0) FROM posting
WHERE tenant_id = $1 AND used_at >= $2 AND kind IN ('call', 'message')
AND app_key = coalesce($3, app_key);

-- name: account_get
-- How a tenant stands.
SELECT tenant_id, balance, credit, alert_below, alerted_at, arrears_since, released_at
FROM money_account WHERE tenant_id = $1;

-- name: account_list
-- How tenants stand, behind one of them.
SELECT tenant_id, balance, credit, alert_below, alerted_at, arrears_since, released_at
FROM money_account WHERE tenant_id > $1 ORDER BY tenant_id LIMIT $2;

-- name: terms_save
-- How much a tenant may owe, and below what somebody is told.
INSERT INTO money_account (tenant_id, credit, alert_below) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id) DO UPDATE
SET credit = excluded.credit, alert_below = excluded.alert_below;

-- name: state_save
-- What became of a tenant because of its balance, unless somebody else said so meanwhile.
INSERT INTO money_account (tenant_id, alerted_at, arrears_since, released_at)
VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id) DO UPDATE
SET alerted_at = excluded.alerted_at, arrears_since = excluded.arrears_since,
    released_at = excluded.released_at
WHERE coalesce(money_account.arrears_since, -1) = coalesce($5, -1);

-- name: held_add
-- A number is about to be paused because of arrears.
INSERT INTO arrears_number (number, tenant_id, state) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: held_list
-- Numbers of a tenant that are paused because of arrears.
SELECT number, state FROM arrears_number WHERE tenant_id = $1 ORDER BY number LIMIT $2;

-- name: held_remove
-- A number is not held any more.
DELETE FROM arrears_number WHERE number = $1;

-- name: calls_uncharged
-- Calls that were talked and have no posting.
SELECT ended_at, session_id, app_key, x, sealed FROM call_record
WHERE ended_at >= $1 AND ended_at < $2 AND (ended_at, session_id) > ($3, $4)
AND (talk_s > 0 OR outcome = 'connected')
AND NOT EXISTS (SELECT 1 FROM posting WHERE posting.source = 'call:' || call_record.session_id)
ORDER BY ended_at, session_id LIMIT $5;

-- name: messages_uncharged
-- Messages that were sent, all or in part, and have no posting.
SELECT message_id, app_key, x, state, result, came_at, due_at, done_at, tries, sealed, NULL
FROM message WHERE came_at >= $1 AND came_at < $2 AND (came_at, message_id) > ($3, $4)
AND result IN (0, 9)
AND NOT EXISTS (SELECT 1 FROM posting WHERE posting.source = 'message:' || message.message_id)
ORDER BY came_at, message_id LIMIT $5;

-- name: numbers_unrented
-- Virtual numbers without rent for a month.
SELECT number, app_key, area_code, state, may_message, pairs, created_at, cause, kind, note, tags,
    blacklisted_by_tenant, held_until
FROM number WHERE number > $2
AND NOT EXISTS (SELECT 1 FROM posting WHERE source = 'rent:' || number.number || ':' || $1)
ORDER BY number LIMIT $3;

-- name: run_take
-- Begin a run, or go on with one that nobody works on.
INSERT INTO charge_run (kind, period, holder, started_at, leased_until) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, period) DO UPDATE
SET holder = excluded.holder, leased_until = excluded.leased_until
WHERE charge_run.ended_at IS NULL
AND (charge_run.holder = excluded.holder OR charge_run.leased_until <= excluded.started_at);

-- name: run_get
-- One run.
SELECT kind, period, cursor, postings, amount, skipped, started_at, ended_at, holder, leased_until
FROM charge_run WHERE kind = $1 AND period = $2;

-- name: run_step
-- How far a run is.
UPDATE charge_run SET cursor = $4, postings = postings + $5, amount = amount + $6,
    skipped = skipped + $7, leased_until = $8
WHERE kind = $1 AND period = $2 AND holder = $3 AND ended_at IS NULL;

-- name: run_end
-- A run is done.
UPDATE charge_run SET ended_at = $4
WHERE kind = $1 AND period = $2 AND holder = $3 AND ended_at IS NULL;

-- name: run_list
-- The newest runs.
SELECT kind, period, cursor, postings, amount, skipped, started_at, ended_at, holder, leased_until
FROM charge_run ORDER BY started_at DESC, kind, period LIMIT $1;
