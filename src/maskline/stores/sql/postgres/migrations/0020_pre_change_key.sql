-- Changes by way of the management API, under keys that their callers gave them. `lookup` and `caller`
-- are keyed hashes; what was asked and answered is sealed.
CREATE TABLE change_key (
    lookup BYTEA PRIMARY KEY,
    caller BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    attempt TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX change_key_by_age ON change_key (created_at);
CREATE INDEX change_key_of_caller ON change_key (caller);
