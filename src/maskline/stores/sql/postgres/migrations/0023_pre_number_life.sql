-- What becomes of virtual numbers, and those that belong to nobody.

-- From `free_from` on a number may be issued; `cost` is a month in the minor unit of the currency.
CREATE TABLE stock_number (
    number TEXT COLLATE "C" PRIMARY KEY,
    area_code TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    may_message BOOLEAN NOT NULL,
    supplier TEXT NOT NULL,
    cost BIGINT NOT NULL,
    scheme SMALLINT,
    note TEXT NOT NULL,
    free_from BIGINT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE INDEX stock_number_choice
    ON stock_number (kind, area_code, may_message, free_from, number);

-- Of a number without a row nothing is known. `scheme` to `done_at` are about its real name.
CREATE TABLE number_life (
    number TEXT COLLATE "C" PRIMARY KEY,
    state_before TEXT COLLATE "C",
    rent_until BIGINT,
    scheme SMALLINT,
    due_at BIGINT,
    frozen_at BIGINT,
    done_at BIGINT,
    reference TEXT COLLATE "C" NOT NULL,
    supplier TEXT NOT NULL,
    cost BIGINT NOT NULL
);
CREATE INDEX number_life_due ON number_life (due_at, number) WHERE done_at IS NULL;
CREATE INDEX number_life_of_reference ON number_life (reference, number);

CREATE TABLE number_event (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL,
    happened_at BIGINT NOT NULL,
    step TEXT COLLATE "C" NOT NULL,
    app_key TEXT COLLATE "C" NOT NULL,
    was TEXT COLLATE "C",
    is_now TEXT COLLATE "C",
    given_to TEXT COLLATE "C" NOT NULL,
    done_by TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX number_event_of_number ON number_event (number, sequence);
