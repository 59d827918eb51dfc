-- name: revenues
-- What was charged for what was used in a span, by tenant and kind.
SELECT tenant_id, kind, -sum(amount) FROM posting
WHERE used_at >= $1 AND used_at < $2 AND kind IN ('call', 'message', 'rent', 'package')
GROUP BY tenant_id, kind ORDER BY tenant_id, kind;

-- name: number_uses
-- How many numbers applications have, and how many of these have a binding.
SELECT app_key, count(*), sum(CASE WHEN pairs > 0 THEN 1 ELSE 0 END) FROM number
WHERE state <> 'returned' GROUP BY app_key ORDER BY app_key;

-- name: report_add
-- Keep the report of a day.
INSERT INTO daily_report (day, made_at, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: report_get
-- The report of a day.
SELECT content FROM daily_report WHERE day = $1;

-- name: report_days
-- The days that have one, the latest first.
SELECT day FROM daily_report ORDER BY day DESC LIMIT $1;

-- name: report_sweep
-- Forget reports of days before one.
DELETE FROM daily_report WHERE day IN (
    SELECT day FROM daily_report WHERE day < $1 ORDER BY day LIMIT $2);
