-- Whether a blacklisted number is so by its tenant, who may then end that; else by the platform.

ALTER TABLE number ADD COLUMN blacklisted_by_tenant BOOLEAN NOT NULL DEFAULT FALSE;
