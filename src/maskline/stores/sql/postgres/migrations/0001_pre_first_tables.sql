-- The directory, calls, prompts, recordings and actual users. Times are microseconds since 1970,
-- UTC. Columns named `sealed` are ciphertext; `caller`, `callee` and `lookup` keyed hashes. Text
-- is collated by "C", so that lists have one order whatever the database was made with.
--
-- In a database that is spread over machines `setting`, `tenant`, `application`, `trunk` and
-- `prompt_sound` are small and kept everywhere; the key of each other table is, or begins with,
-- what it can be spread by: a virtual number, an application, a tenant, a session.

CREATE TABLE setting (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE tenant (
    tenant_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    data_key BYTEA NOT NULL,
    recording_retention_days INTEGER NOT NULL DEFAULT 7
);

-- `bind_keys`: how many keys of binds the application has.
CREATE TABLE application (
    app_key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant,
    mode TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    bind_keys BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX application_by_time ON application (created_at, app_key);

CREATE TABLE trunk (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL
);

-- `bound_on`, `bound_today`: the day (since 1970, UTC) of the last bind, and how many it had.
CREATE TABLE number (
    number TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    app_key TEXT COLLATE "C" NOT NULL REFERENCES application,
    area_code TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    cause TEXT,
    may_message BOOLEAN NOT NULL,
    pairs INTEGER NOT NULL DEFAULT 0 CHECK (pairs >= 0),
    bound_on INTEGER NOT NULL DEFAULT 0,
    bound_today INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
) WITH (fillfactor = 80);
-- The least loaded number of a city, and of the whole application.
CREATE INDEX number_choice_in_area ON number (app_key, area_code, pairs, number)
    WHERE state = 'normal';
CREATE INDEX number_choice ON number (app_key, pairs, number) WHERE state = 'normal';
CREATE INDEX number_of_application ON number (app_key, number);

CREATE TABLE live_call (
    session_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    host TEXT COLLATE "C" NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    x TEXT COLLATE "C" NOT NULL,
    arrived_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE call_record (
    session_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sequence BIGINT GENERATED ALWAYS AS IDENTITY,
    app_key TEXT COLLATE "C" NOT NULL,
    x TEXT COLLATE "C" NOT NULL,
    ended_at BIGINT NOT NULL,
    caller BYTEA NOT NULL,
    callee BYTEA,
    sealed BYTEA NOT NULL
);
CREATE INDEX call_record_by_time ON call_record (ended_at, sequence);
CREATE INDEX call_record_of_application ON call_record (app_key, ended_at, sequence);
CREATE INDEX call_record_of_number ON call_record (x, ended_at, sequence);
CREATE INDEX call_record_of_caller ON call_record (caller, ended_at);
CREATE INDEX call_record_of_callee ON call_record (callee, ended_at) WHERE callee IS NOT NULL;

-- `approved` and `submitted` are digests of sounds: what calls play, and what awaits its review.
CREATE TABLE prompt (
    app_key TEXT COLLATE "C" NOT NULL REFERENCES application,
    name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    approved TEXT COLLATE "C",
    submitted TEXT COLLATE "C",
    sealed BYTEA NOT NULL,
    PRIMARY KEY (app_key, name)
);
CREATE INDEX prompt_by_approved ON prompt (approved) WHERE approved IS NOT NULL;
CREATE INDEX prompt_by_submitted ON prompt (submitted) WHERE submitted IS NOT NULL;
CREATE INDEX prompt_in_state ON prompt (state, app_key, name);

-- `digest` is the SHA-256 of the WAV file, hexadecimal.
CREATE TABLE prompt_sound (
    digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sound BYTEA NOT NULL
);

CREATE TABLE recording (
    object_name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sequence BIGINT GENERATED ALWAYS AS IDENTITY,
    bucket TEXT COLLATE "C" NOT NULL,
    domain TEXT COLLATE "C" NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    duration_us BIGINT NOT NULL,
    size BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX recording_by_time ON recording (started_at, sequence);
CREATE INDEX recording_of_application ON recording (app_key, started_at, sequence);
CREATE INDEX recording_of_session ON recording (session_id);
CREATE INDEX recording_unfinished ON recording (started_at, sequence) WHERE state = 'writing';
CREATE INDEX recording_expiry ON recording (expires_at, sequence);

-- Actual users: photos, registered A numbers, and the tokens tenants register them with.
-- `name`, `number` and the registrant's `photo` are keyed hashes, a file's `photo` and all
-- `sealed` ciphertext under the tenant's key.
CREATE TABLE report_file (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant,
    name BYTEA NOT NULL,
    sequence BIGINT GENERATED ALWAYS AS IDENTITY,
    created_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    photo BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, name)
);
CREATE INDEX report_file_by_time ON report_file (tenant_id, created_at, sequence);

CREATE TABLE registrant (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant,
    number BYTEA NOT NULL,
    sequence BIGINT GENERATED ALWAYS AS IDENTITY,
    status TEXT COLLATE "C" NOT NULL,
    photo BYTEA,
    failures INTEGER NOT NULL,
    failed_at BIGINT,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, number)
);
CREATE INDEX registrant_in_order ON registrant (sequence);
CREATE INDEX registrant_of_tenant ON registrant (tenant_id, sequence);
CREATE INDEX registrant_of_tenant_in_status ON registrant (tenant_id, status, sequence);
CREATE INDEX registrant_in_status ON registrant (status, sequence);
CREATE INDEX registrant_by_photo ON registrant (tenant_id, photo) WHERE photo IS NOT NULL;

-- What is remembered of numbers whose registrant was deleted.
CREATE TABLE registration_failure (
    tenant_id TEXT COLLATE "C" NOT NULL,
    number BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    failed_at BIGINT,
    PRIMARY KEY (tenant_id, number)
);

-- How many files and registrants a tenant has: counting them would cost more with each.
CREATE TABLE registration_amount (
    tenant_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    files BIGINT NOT NULL DEFAULT 0 CHECK (files >= 0),
    registrants BIGINT NOT NULL DEFAULT 0 CHECK (registrants >= 0)
);

CREATE TABLE tenant_token (
    digest BYTEA NOT NULL PRIMARY KEY,
    token_id TEXT COLLATE "C" NOT NULL UNIQUE,
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX tenant_token_of_tenant ON tenant_token (tenant_id, created_at);

-- Binds under keys of their customers: `lookup` is the keyed hash of application and key; what
-- was asked and answered is sealed.
CREATE TABLE bind_key (
    lookup BYTEA NOT NULL PRIMARY KEY,
    app_key TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    binding_id TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX bind_key_by_age ON bind_key (created_at);
