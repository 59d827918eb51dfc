-- AX, AXE and AXYB: more kinds of bindings, extensions, where A's next call goes, daily limits.

-- `y` is where A's route lies, in YB parts, which name their `relation`. `extension` is that of
-- AXE. `calls_left` and `idle_us` close a binding before its deadline; `ends_at` is that deadline
-- where an idle time makes `expires_at` an earlier moment.
ALTER TABLE binding ADD COLUMN y TEXT;
ALTER TABLE binding ADD COLUMN extension TEXT;
ALTER TABLE binding ADD COLUMN relation TEXT;
ALTER TABLE binding ADD COLUMN calls_left INTEGER;
ALTER TABLE binding ADD COLUMN idle_us INTEGER;
ALTER TABLE binding ADD COLUMN ends_at INTEGER;
CREATE INDEX binding_of_relation ON binding (relation) WHERE relation IS NOT NULL;

-- The day (since 1970, UTC) of the last bind, and how many there were on it.
ALTER TABLE number ADD COLUMN bound_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE number ADD COLUMN bound_today INTEGER NOT NULL DEFAULT 0;

-- Extensions of X that are free, as ranges, `freed_at` 0 for those that were never used.
CREATE TABLE free_extension (
    x TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    freed_at INTEGER NOT NULL,
    PRIMARY KEY (x, first)
) WITHOUT ROWID;
CREATE INDEX free_extension_by_time ON free_extension (x, freed_at, first);

-- Whom A reaches through X next: `kind` is `temporary_callee` or `last_caller`.
CREATE TABLE onward (
    binding INTEGER NOT NULL,
    kind TEXT NOT NULL,
    expires_at INTEGER,
    sealed BLOB NOT NULL,
    PRIMARY KEY (binding, kind)
) WITHOUT ROWID;

-- AXE bindings of X in the order of their binding, for reading on where a page ended.
CREATE INDEX binding_with_extension ON binding (x) WHERE mode = 'axe';
