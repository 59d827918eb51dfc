-- How many applications a tenant may have. Those that have more keep what they have.

ALTER TABLE tenant ADD COLUMN max_applications INTEGER NOT NULL DEFAULT 5;
UPDATE tenant SET max_applications =
    (SELECT count(*) FROM application WHERE application.tenant_id = tenant.tenant_id)
WHERE (SELECT count(*) FROM application WHERE application.tenant_id = tenant.tenant_id) > 5;
