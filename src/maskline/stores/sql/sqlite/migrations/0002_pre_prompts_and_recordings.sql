-- Prompts with their sounds, where recordings are, and how long a tenant's are kept.

ALTER TABLE tenant ADD COLUMN recording_retention_days INTEGER NOT NULL DEFAULT 7;

-- `approved` and `submitted` are digests of sounds: what calls play, and what awaits its review.
CREATE TABLE prompt (
    app_key TEXT NOT NULL REFERENCES application,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    approved TEXT,
    submitted TEXT,
    sealed BLOB NOT NULL,
    PRIMARY KEY (app_key, name)
) WITHOUT ROWID;
CREATE INDEX prompt_by_approved ON prompt (approved) WHERE approved IS NOT NULL;
CREATE INDEX prompt_by_submitted ON prompt (submitted) WHERE submitted IS NOT NULL;
CREATE INDEX prompt_in_state ON prompt (state, app_key, name);

-- `digest` is the SHA-256 of the WAV file, hexadecimal.
CREATE TABLE prompt_sound (
    sequence INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    sound BLOB NOT NULL
);

CREATE TABLE recording (
    sequence INTEGER PRIMARY KEY,
    object_name TEXT NOT NULL UNIQUE,
    bucket TEXT NOT NULL,
    domain TEXT NOT NULL,
    app_key TEXT NOT NULL,
    tenant_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    duration_us INTEGER NOT NULL,
    size INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX recording_by_time ON recording (started_at);
CREATE INDEX recording_of_application ON recording (app_key, started_at);
CREATE INDEX recording_of_session ON recording (session_id);
CREATE INDEX recording_unfinished ON recording (state, started_at) WHERE state = 'writing';
CREATE INDEX recording_expiry ON recording (expires_at);
