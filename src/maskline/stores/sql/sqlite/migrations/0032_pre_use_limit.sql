-- Where a tenant may call, as prefixes in JSON, and what a day of calls and messages may cost.

ALTER TABLE tenant ADD COLUMN destinations TEXT NOT NULL DEFAULT '[]';
ALTER TABLE tenant ADD COLUMN spend_per_day INTEGER NOT NULL DEFAULT 0;
