-- What processes tell each other, and the virtual numbers that carry one call at a time. Both are
-- small; `bulletin` is kept everywhere in a database that is spread over machines.

-- The order has no promise: a bulletin may appear behind one with a later place.
CREATE TABLE bulletin (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    posted_at BIGINT NOT NULL
);

CREATE TABLE number_hold (
    x TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    session_id TEXT COLLATE "C" NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    taken_at BIGINT NOT NULL
);
