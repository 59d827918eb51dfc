-- Short messages with their parts and lists, the links they go over, and how long a tenant's are
-- kept. `sealed` and `texts` are ciphertext; `sender`, `receiver`, `number`, `mark`, `place` and
-- `wording` keyed hashes. `sms_link` is small and kept everywhere; a message and its parts are
-- spread by its id.

-- `texts` is null once they are past their retention. Nobody but `host` may work on the message
-- until `leased_until`; `due_at` and the lease are null and 0 when it is over.
CREATE TABLE message (
    message_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sequence BIGINT GENERATED ALWAYS AS IDENTITY,
    app_key TEXT COLLATE "C" NOT NULL,
    x TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    result SMALLINT,
    came_at BIGINT NOT NULL,
    due_at BIGINT,
    done_at BIGINT,
    host TEXT COLLATE "C",
    leased_until BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    sender BYTEA NOT NULL,
    receiver BYTEA,
    sealed BYTEA NOT NULL,
    texts BYTEA
);
CREATE INDEX message_by_time ON message (came_at, sequence);
CREATE INDEX message_of_application ON message (app_key, came_at, sequence);
CREATE INDEX message_of_number ON message (x, came_at, sequence);
CREATE INDEX message_of_sender ON message (sender, came_at);
CREATE INDEX message_of_receiver ON message (receiver, came_at) WHERE receiver IS NOT NULL;
CREATE INDEX message_due ON message (due_at, sequence) WHERE due_at IS NOT NULL;
CREATE INDEX message_done ON message (app_key, done_at, sequence) WHERE done_at IS NOT NULL;
CREATE INDEX message_readable ON message (app_key, done_at)
    WHERE done_at IS NOT NULL AND texts IS NOT NULL;

-- What came last over which connection of a link: a message centre that lost the connection sends
-- again what it does not know that we have.
CREATE TABLE message_mark (
    mark BYTEA NOT NULL PRIMARY KEY,
    connection TEXT COLLATE "C" NOT NULL,
    came_at BIGINT NOT NULL
);
CREATE INDEX message_mark_by_time ON message_mark (came_at);

-- Up to when a message centre has surely heard what was answered over a connection.
CREATE TABLE message_connection (
    connection TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    heard_before BIGINT NOT NULL
);

CREATE TABLE message_part (
    message_id TEXT COLLATE "C" NOT NULL,
    number INTEGER NOT NULL,
    link TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    centre_id TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, number)
);
CREATE INDEX message_part_taken ON message_part (link, centre_id, changed_at)
    WHERE state = 'taken';

-- How many parts an application has had sent on a day (since 1970, UTC).
CREATE TABLE message_day (
    app_key TEXT COLLATE "C" NOT NULL,
    day INTEGER NOT NULL,
    parts BIGINT NOT NULL,
    PRIMARY KEY (app_key, day)
) WITH (fillfactor = 50);

-- Parts of messages that came in several. `place` stands for what those of one message have in
-- common, `wording` for the text.
CREATE TABLE message_segment (
    place BYTEA NOT NULL,
    number INTEGER NOT NULL,
    wording BYTEA NOT NULL,
    is_used BOOLEAN NOT NULL,
    came_at BIGINT NOT NULL,
    sender BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (place, number)
);
CREATE INDEX message_segment_by_time ON message_segment (is_used, came_at);
CREATE INDEX message_segment_of_sender ON message_segment (sender);

-- One row while a unit of work looks for the parts of a message, or for a free tag: others that
-- look for the same wait for it.
CREATE TABLE message_lock (
    name BYTEA NOT NULL PRIMARY KEY
);

-- Numbers whose messages are not forwarded; `app_key` is empty for those of all applications.
CREATE TABLE message_block (
    number BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    sequence BIGINT GENERATED ALWAYS AS IDENTITY,
    created_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (number, kind, app_key)
);
CREATE INDEX message_block_by_time ON message_block (created_at, sequence);
CREATE INDEX message_block_of_application ON message_block (app_key, created_at, sequence);

-- By which tag A of a binding answers a number, and when it was last allotted.
CREATE TABLE reply_tag (
    binding_id TEXT COLLATE "C" NOT NULL,
    tag INTEGER NOT NULL,
    number BYTEA NOT NULL,
    allotted_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (binding_id, tag)
);
CREATE UNIQUE INDEX reply_tag_in_binding ON reply_tag (binding_id, number);
CREATE INDEX reply_tag_by_age ON reply_tag (binding_id, allotted_at, tag);
CREATE INDEX reply_tag_by_time ON reply_tag (allotted_at);
CREATE INDEX reply_tag_of_number ON reply_tag (number);

CREATE TABLE sms_link (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL
);

ALTER TABLE tenant ADD COLUMN message_retention_days INTEGER NOT NULL DEFAULT 180;
ALTER TABLE tenant ADD COLUMN text_retention_days INTEGER NOT NULL DEFAULT 7;
ALTER TABLE tenant ADD COLUMN may_message BOOLEAN NOT NULL DEFAULT true;
