-- Binds under keys of their customers, and why a virtual number is unavailable.

-- `lookup` is the keyed hash of application and key; what was asked and answered is sealed.
CREATE TABLE bind_key (
    lookup BLOB NOT NULL PRIMARY KEY,
    app_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    binding_id TEXT NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX bind_key_by_age ON bind_key (created_at);

-- How many keys of the application there are.
ALTER TABLE application ADD COLUMN bind_keys INTEGER NOT NULL DEFAULT 0;

ALTER TABLE number ADD COLUMN cause TEXT;
