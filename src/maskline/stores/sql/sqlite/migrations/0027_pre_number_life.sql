-- What becomes of virtual numbers, and those that belong to nobody.

-- From `free_from` on a number may be issued; `cost` is a month in the minor unit of the currency.
CREATE TABLE stock_number (
    number TEXT PRIMARY KEY,
    area_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    may_message INTEGER NOT NULL,
    supplier TEXT NOT NULL,
    cost INTEGER NOT NULL,
    scheme INTEGER,
    note TEXT NOT NULL,
    free_from INTEGER NOT NULL,
    added_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX stock_number_choice
    ON stock_number (kind, area_code, may_message, free_from, number);

-- Of a number without a row nothing is known. `scheme` to `done_at` are about its real name.
CREATE TABLE number_life (
    number TEXT PRIMARY KEY,
    state_before TEXT,
    rent_until INTEGER,
    scheme INTEGER,
    due_at INTEGER,
    frozen_at INTEGER,
    done_at INTEGER,
    reference TEXT NOT NULL,
    supplier TEXT NOT NULL,
    cost INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX number_life_due ON number_life (due_at, number) WHERE done_at IS NULL;
CREATE INDEX number_life_of_reference ON number_life (reference, number);

CREATE TABLE number_event (
    sequence INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    step TEXT NOT NULL,
    app_key TEXT NOT NULL,
    was TEXT,
    is_now TEXT,
    given_to TEXT NOT NULL,
    done_by TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX number_event_of_number ON number_event (number, sequence);
