-- name: message_mark
-- Note over which connection a message came, unless it came over another one of late whose answer
-- may not have arrived.
INSERT INTO message_mark (mark, connection, came_at) VALUES ($1, $2, $3)
ON CONFLICT (mark) DO UPDATE SET connection = excluded.connection, came_at = excluded.came_at
WHERE message_mark.connection = excluded.connection OR message_mark.came_at < $4
OR message_mark.came_at < (SELECT heard_before FROM message_connection
    WHERE message_connection.connection = message_mark.connection);

-- name: connection_heard
-- The centre has all answers to what came over a connection before a moment.
INSERT INTO message_connection (connection, heard_before) VALUES ($1, $2)
ON CONFLICT (connection) DO UPDATE SET heard_before = excluded.heard_before
WHERE message_connection.heard_before < excluded.heard_before;

-- name: connections_sweep
-- Forget connections over which nothing came since a moment.
DELETE FROM message_connection WHERE heard_before < $1;

-- name: message_marks_sweep
-- Forget the oldest marks of those from before a moment.
DELETE FROM message_mark WHERE mark IN (
    SELECT mark FROM message_mark WHERE came_at < $1 ORDER BY came_at LIMIT $2);

-- name: message_add
-- A new message.
INSERT INTO message (message_id, state, result, due_at, done_at, host, leased_until, tries,
    receiver, sealed, texts, app_key, x, came_at, sender)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: message_save
-- What changes of a message, unless it is over.
UPDATE message SET state = $2, result = $3, due_at = $4, done_at = $5, host = $6,
    leased_until = $7, tries = $8, receiver = $9, sealed = $10, texts = $11
WHERE message_id = $1 AND state <> 'done';

-- name: part_save
-- Add or replace a part of a message that is there; what a receipt said of it stays while it has
-- the same name.
INSERT INTO message_part (message_id, number, link, state, centre_id, status, tries, changed_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE EXISTS (SELECT 1 FROM message WHERE message_id = $1)
ON CONFLICT (message_id, number) DO UPDATE SET link = excluded.link, state = excluded.state,
    centre_id = excluded.centre_id, status = excluded.status, tries = excluded.tries,
    changed_at = excluded.changed_at
WHERE message_part.state NOT IN ('delivered', 'expired', 'undeliverable')
OR message_part.link <> excluded.link OR message_part.centre_id <> excluded.centre_id;

-- name: day_count
-- So many more parts of an application were sent on a day.
INSERT INTO message_day (app_key, day, parts) VALUES ($1, $2, $3)
ON CONFLICT (app_key, day) DO UPDATE SET parts = message_day.parts + excluded.parts;

-- name: message_claim
-- Lease messages that are due and nobody works on, longest due first.
UPDATE message SET host = $1, leased_until = $2, tries = tries + 1 WHERE sequence IN (
    SELECT sequence FROM message WHERE due_at <= $3 AND leased_until <= $3
    ORDER BY due_at, sequence LIMIT $4)
RETURNING message_id, app_key, x, state, result, came_at, due_at, done_at, tries, sealed, texts;

-- name: message_release
-- End the leases of a worker.
UPDATE message SET host = NULL, leased_until = 0 WHERE due_at IS NOT NULL AND host = $1;

-- name: part_taken_as
-- The part that was taken last under a name.
SELECT message_id, number FROM message_part
WHERE link = $1 AND centre_id = $2 AND state = 'taken' ORDER BY changed_at DESC LIMIT 1;

-- name: receipt_save
-- What a receipt says of a part.
UPDATE message_part SET state = $3, status = $4, changed_at = $5
WHERE message_id = $1 AND number = $2;

-- name: message_get
-- One message.
SELECT message_id, app_key, x, state, result, came_at, due_at, done_at, tries, sealed, texts
FROM message WHERE message_id = $1;

-- name: parts_of
-- The parts of one message.
SELECT message_id, number, link, state, centre_id, status, tries, changed_at FROM message_part
WHERE message_id = $1 ORDER BY number;

-- name: parts_of_messages
-- The parts of some messages, whose ids are a JSON array.
SELECT message_id, number, link, state, centre_id, status, tries, changed_at FROM message_part
WHERE message_id IN (SELECT value FROM json_each($1)) ORDER BY message_id, number;

-- name: message_list
-- Messages, newest first.
SELECT message_id, app_key, x, state, result, came_at, due_at, done_at, tries, sealed, texts
FROM message ORDER BY came_at DESC, sequence DESC;

-- name: texts_sweep
-- Forget the texts of the messages of an application that were over first, before a moment.
UPDATE message SET texts = NULL WHERE sequence IN (
    SELECT sequence FROM message WHERE app_key = $1 AND done_at < $2 AND done_at IS NOT NULL
    AND texts IS NOT NULL ORDER BY done_at LIMIT $3);

-- name: message_sweep
-- Forget the messages of an application that were over first, before a moment.
DELETE FROM message WHERE sequence IN (
    SELECT sequence FROM message WHERE app_key = $1 AND done_at < $2
    ORDER BY done_at, sequence LIMIT $3) RETURNING message_id;

-- name: parts_forget
-- Forget the parts of a message.
DELETE FROM message_part WHERE message_id = $1;

-- name: days_forget
-- Forget how many parts an application had sent on the days before one.
DELETE FROM message_day WHERE app_key = $1 AND day < $2;
