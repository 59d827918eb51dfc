-- Short messages with their parts and lists, the links they go over, and how long a tenant's are
-- kept. `sealed` and `texts` are ciphertext; `sender`, `receiver`, `number`, `mark`, `place` and
-- `wording` keyed hashes.

-- `texts` is null once they are past their retention. Nobody but `host` may work on the message
-- until `leased_until`; `due_at` and the lease are null and 0 when it is over.
CREATE TABLE message (
    sequence INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    app_key TEXT NOT NULL,
    x TEXT NOT NULL,
    state TEXT NOT NULL,
    result INTEGER,
    came_at INTEGER NOT NULL,
    due_at INTEGER,
    done_at INTEGER,
    host TEXT,
    leased_until INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    sender BLOB NOT NULL,
    receiver BLOB,
    sealed BLOB NOT NULL,
    texts BLOB
);
CREATE INDEX message_by_time ON message (came_at);
CREATE INDEX message_of_application ON message (app_key, came_at);
CREATE INDEX message_of_number ON message (x, came_at);
CREATE INDEX message_of_sender ON message (sender, came_at);
CREATE INDEX message_of_receiver ON message (receiver, came_at) WHERE receiver IS NOT NULL;
CREATE INDEX message_due ON message (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX message_done ON message (app_key, done_at) WHERE done_at IS NOT NULL;
CREATE INDEX message_readable ON message (app_key, done_at)
    WHERE done_at IS NOT NULL AND texts IS NOT NULL;

-- What came last over which connection of a link: a message centre that lost the connection sends
-- again what it does not know that we have.
CREATE TABLE message_mark (
    mark BLOB NOT NULL PRIMARY KEY,
    connection TEXT NOT NULL,
    came_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX message_mark_by_time ON message_mark (came_at);

-- Up to when a message centre has surely heard what was answered over a connection.
CREATE TABLE message_connection (
    connection TEXT NOT NULL PRIMARY KEY,
    heard_before INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE message_part (
    message_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    link TEXT NOT NULL,
    state TEXT NOT NULL,
    centre_id TEXT NOT NULL,
    status INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, number)
) WITHOUT ROWID;
CREATE INDEX message_part_taken ON message_part (link, centre_id, changed_at)
    WHERE state = 'taken';

-- How many parts an application has had sent on a day (since 1970, UTC).
CREATE TABLE message_day (
    app_key TEXT NOT NULL,
    day INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    PRIMARY KEY (app_key, day)
) WITHOUT ROWID;

-- Parts of messages that came in several. `place` stands for what those of one message have in
-- common, `wording` for the text.
CREATE TABLE message_segment (
    place BLOB NOT NULL,
    number INTEGER NOT NULL,
    wording BLOB NOT NULL,
    is_used INTEGER NOT NULL,
    came_at INTEGER NOT NULL,
    sender BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (place, number)
) WITHOUT ROWID;
CREATE INDEX message_segment_by_time ON message_segment (is_used, came_at);
CREATE INDEX message_segment_of_sender ON message_segment (sender);

-- Numbers whose messages are not forwarded; `app_key` is empty for those of all applications.
CREATE TABLE message_block (
    sequence INTEGER PRIMARY KEY,
    number BLOB NOT NULL,
    kind TEXT NOT NULL,
    app_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (number, kind, app_key)
);
CREATE INDEX message_block_by_time ON message_block (created_at);
CREATE INDEX message_block_of_application ON message_block (app_key, created_at);

-- By which tag A of a binding answers a number, and when it was last allotted.
CREATE TABLE reply_tag (
    binding_id TEXT NOT NULL,
    tag INTEGER NOT NULL,
    number BLOB NOT NULL,
    allotted_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (binding_id, tag),
    UNIQUE (binding_id, number)
) WITHOUT ROWID;
CREATE INDEX reply_tag_by_age ON reply_tag (binding_id, allotted_at);
CREATE INDEX reply_tag_by_time ON reply_tag (allotted_at);
CREATE INDEX reply_tag_of_number ON reply_tag (number);

CREATE TABLE sms_link (
    name TEXT NOT NULL PRIMARY KEY,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

ALTER TABLE tenant ADD COLUMN message_retention_days INTEGER NOT NULL DEFAULT 180;
ALTER TABLE tenant ADD COLUMN text_retention_days INTEGER NOT NULL DEFAULT 7;
ALTER TABLE tenant ADD COLUMN may_message INTEGER NOT NULL DEFAULT 1;
