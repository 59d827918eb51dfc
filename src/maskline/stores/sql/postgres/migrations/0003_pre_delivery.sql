-- What operators do with notices, and receivers in trouble. `due_at` of a dead notice is when the
-- lease of its last try ended.
CREATE INDEX outbox_notice ON outbox (notice_id);
CREATE INDEX outbox_died ON outbox (due_at) WHERE state = 3;
CREATE INDEX outbox_dead_stream ON outbox (stream, sequence) WHERE state = 3;

-- `receiver` marks the URL that accepts nothing since `since`; `disabled_at` is null while it is
-- still tried.
CREATE TABLE receiver_trouble (
    app_key TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    receiver TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    error TEXT NOT NULL,
    disabled_at BIGINT,
    PRIMARY KEY (app_key, purpose)
);
