-- `:notices` is where `notices_add` of the outbox stands, with its parameters after our own; the
-- last parameter is the message that each notice belongs to.

-- name: message_accept
-- New messages with their notices, but for those that came over another connection of late whose
-- answer may not have arrived, and those whose parts are all used. Of one mark that comes by
-- several connections at once the one counts that is known, else the first.
WITH wanted AS (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::SMALLINT[], $4::BIGINT[], $5::BIGINT[],
        $6::TEXT[], $7::BIGINT[], $8::INTEGER[], $9::BYTEA[], $10::BYTEA[], $11::BYTEA[],
        $12::TEXT[], $13::TEXT[], $14::BIGINT[], $15::BYTEA[], $16::BYTEA[], $17::TEXT[])
    WITH ORDINALITY AS wanted (message_id, state, result, due_at, done_at, host, leased_until,
        tries, receiver, sealed, texts, app_key, x, came_at, sender, mark, connection, turn)
), fresh AS (
    INSERT INTO message_mark (mark, connection, came_at)
    SELECT DISTINCT ON (wanted.mark) wanted.mark, wanted.connection, wanted.came_at
    FROM wanted LEFT JOIN message_mark AS known
        ON known.mark = wanted.mark AND known.connection = wanted.connection
    ORDER BY wanted.mark, known.mark IS NULL, turn
    ON CONFLICT (mark) DO UPDATE SET connection = excluded.connection, came_at = excluded.came_at
    WHERE message_mark.connection = excluded.connection OR message_mark.came_at < $18
    OR message_mark.came_at < (SELECT heard_before FROM message_connection
        WHERE message_connection.connection = message_mark.connection)
    RETURNING mark, connection
), new AS (
    SELECT wanted.* FROM wanted
    JOIN fresh ON fresh.mark = wanted.mark AND fresh.connection = wanted.connection
), used AS (
    UPDATE message_segment SET is_used = true FROM (
        SELECT DISTINCT ON (place, number) place, number, wording, message_id
        FROM unnest($19::BYTEA[], $20::INTEGER[], $21::BYTEA[], $22::TEXT[]) WITH ORDINALITY
            AS part (place, number, wording, message_id, turn)
        WHERE message_id IN (SELECT message_id FROM new) ORDER BY place, number, turn) AS part
    WHERE message_segment.place = part.place AND message_segment.number = part.number
    AND message_segment.wording = part.wording AND is_used IS NOT TRUE
    RETURNING part.message_id
), kept AS (
    INSERT INTO message (message_id, state, result, due_at, done_at, host, leased_until, tries,
        receiver, sealed, texts, app_key, x, came_at, sender)
    SELECT message_id, state, result, due_at, done_at, host, leased_until, tries, receiver, sealed,
        texts, app_key, x, came_at, sender FROM new
    WHERE message_id <> ALL ($22::TEXT[]) OR message_id IN (SELECT message_id FROM used)
    ORDER BY turn
    RETURNING message_id
), told AS (
    :notices WHERE ($31::TEXT[])[place] IN (SELECT message_id FROM kept) ORDER BY place
)
SELECT message_id FROM kept;

-- name: message_save
-- What changes of messages, unless they are over.
UPDATE message SET state = wanted.state, result = wanted.result, due_at = wanted.due_at,
    done_at = wanted.done_at, host = wanted.host, leased_until = wanted.leased_until,
    tries = wanted.tries, receiver = wanted.receiver, sealed = wanted.sealed, texts = wanted.texts
FROM unnest($1::TEXT[], $2::TEXT[], $3::SMALLINT[], $4::BIGINT[], $5::BIGINT[], $6::TEXT[],
    $7::BIGINT[], $8::INTEGER[], $9::BYTEA[], $10::BYTEA[], $11::BYTEA[])
AS wanted (message_id, state, result, due_at, done_at, host, leased_until, tries, receiver, sealed,
    texts)
WHERE message.message_id = wanted.message_id AND message.state <> 'done';

-- name: message_finish
-- Messages that are over, with their last parts and their notices; what was sent is counted.
WITH wanted AS (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::SMALLINT[], $4::BIGINT[], $5::BIGINT[],
        $6::TEXT[], $7::BIGINT[], $8::INTEGER[], $9::BYTEA[], $10::BYTEA[], $11::BYTEA[],
        $12::TEXT[], $13::INTEGER[], $14::BIGINT[])
    AS wanted (message_id, state, result, due_at, done_at, host, leased_until, tries, receiver,
        sealed, texts, app_key, day, sent)
), kept AS (
    UPDATE message SET state = wanted.state, result = wanted.result, due_at = wanted.due_at,
        done_at = wanted.done_at, host = wanted.host, leased_until = wanted.leased_until,
        tries = wanted.tries, receiver = wanted.receiver, sealed = wanted.sealed,
        texts = wanted.texts
    FROM wanted WHERE message.message_id = wanted.message_id AND message.state <> 'done'
    RETURNING message.message_id
), parted AS (
    INSERT INTO message_part
        (message_id, number, link, state, centre_id, status, tries, changed_at)
    SELECT part.* FROM unnest($15::TEXT[], $16::INTEGER[], $17::TEXT[], $18::TEXT[], $19::TEXT[],
        $20::BIGINT[], $21::INTEGER[], $22::BIGINT[])
    AS part (message_id, number, link, state, centre_id, status, tries, changed_at)
    WHERE message_id IN (SELECT message_id FROM kept)
    ON CONFLICT (message_id, number) DO UPDATE SET link = excluded.link, state = excluded.state,
        centre_id = excluded.centre_id, status = excluded.status, tries = excluded.tries,
        changed_at = excluded.changed_at
    WHERE message_part.state NOT IN ('delivered', 'expired', 'undeliverable')
    OR message_part.link <> excluded.link OR message_part.centre_id <> excluded.centre_id
), counted AS (
    INSERT INTO message_day (app_key, day, parts)
    SELECT app_key, day, sum(sent) FROM wanted
    WHERE sent > 0 AND message_id IN (SELECT message_id FROM kept)
    GROUP BY app_key, day ORDER BY app_key, day
    ON CONFLICT (app_key, day) DO UPDATE SET parts = message_day.parts + excluded.parts
), told AS (
    :notices WHERE ($31::TEXT[])[place] IN (SELECT message_id FROM kept) ORDER BY place
)
SELECT message_id FROM kept;

-- name: part_save
-- Add or replace parts of messages that are there; what a receipt said of them stays while they
-- have the same name.
INSERT INTO message_part (message_id, number, link, state, centre_id, status, tries, changed_at)
SELECT part.* FROM unnest($1::TEXT[], $2::INTEGER[], $3::TEXT[], $4::TEXT[], $5::TEXT[],
    $6::BIGINT[], $7::INTEGER[], $8::BIGINT[])
AS part (message_id, number, link, state, centre_id, status, tries, changed_at)
WHERE EXISTS (SELECT FROM message WHERE message.message_id = part.message_id)
ON CONFLICT (message_id, number) DO UPDATE SET link = excluded.link, state = excluded.state,
    centre_id = excluded.centre_id, status = excluded.status, tries = excluded.tries,
    changed_at = excluded.changed_at
WHERE message_part.state NOT IN ('delivered', 'expired', 'undeliverable')
OR message_part.link <> excluded.link OR message_part.centre_id <> excluded.centre_id;

-- name: message_claim
-- Lease messages that are due and nobody works on, longest due first. What another unit of work
-- holds at this moment is left for the next claim.
WITH due AS MATERIALIZED (
    SELECT message_id FROM message WHERE due_at <= $3 AND leased_until <= $3
    ORDER BY due_at, sequence LIMIT $4 FOR UPDATE SKIP LOCKED
), leased AS (
    UPDATE message SET host = $1, leased_until = $2, tries = tries + 1 FROM due
    WHERE message.message_id = due.message_id
    RETURNING message.*
)
SELECT message_id, app_key, x, state, result, came_at, due_at, done_at, tries, sealed, texts
FROM leased ORDER BY due_at, sequence;

-- name: receipt_save
-- What receipts say of the parts that were taken last under their names; tells of which there is
-- a part, by its place among those given. Only where a part is looked for its state is asked for:
-- else all that are taken would be gone through.
WITH told AS (
    SELECT * FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::BIGINT[], $5::BIGINT[])
    WITH ORDINALITY AS told (link, centre_id, state, status, at, turn)
), named AS (
    SELECT told.*, part.message_id, part.number FROM told CROSS JOIN LATERAL (
        SELECT message_id, number FROM message_part
        WHERE message_part.link = told.link AND message_part.centre_id = told.centre_id
        AND message_part.state = 'taken' ORDER BY changed_at DESC LIMIT 1 FOR UPDATE) AS part
)
UPDATE message_part SET state = named.state, status = named.status, changed_at = named.at
FROM named WHERE message_part.message_id = named.message_id AND message_part.number = named.number
RETURNING turn;

-- name: parts_of_messages
-- The parts of some messages.
SELECT message_id, number, link, state, centre_id, status, tries, changed_at FROM message_part
WHERE message_id = ANY($1::TEXT[]) ORDER BY message_id, number;

-- name: texts_sweep
-- Forget the texts of the messages of an application that were over first, before a moment.
UPDATE message SET texts = NULL FROM (
    SELECT message_id FROM message WHERE app_key = $1 AND done_at < $2 AND texts IS NOT NULL
    ORDER BY done_at LIMIT $3) AS old
WHERE message.message_id = old.message_id;

-- name: message_sweep
-- Forget the messages of an application that were over first, before a moment, with their parts
-- and all that was to be pushed of them or was given up; and what counted for the days before.
WITH old AS (
    SELECT message_id FROM message WHERE app_key = $1 AND done_at < $2
    ORDER BY done_at, sequence LIMIT $3
), gone AS (
    DELETE FROM message USING old WHERE message.message_id = old.message_id
    RETURNING message.message_id
), unparted AS (
    DELETE FROM message_part USING gone WHERE message_part.message_id = gone.message_id
), untold AS (
    DELETE FROM outbox USING gone
    WHERE outbox.stream = gone.message_id AND state < 3
    OR outbox.stream = gone.message_id AND state = 3
), unshown AS (
    DELETE FROM delivered_notice USING gone WHERE delivered_notice.stream = gone.message_id
), uncounted AS (
    DELETE FROM message_day WHERE app_key = $1 AND day < $4
)
SELECT count(*) FROM gone;
