-- Lists in keyset pages: every list that the console shows has an index in its order.
CREATE INDEX binding_in_order ON binding (sequence);
CREATE INDEX outbox_dead_in_order ON outbox (sequence) WHERE state = 3;
