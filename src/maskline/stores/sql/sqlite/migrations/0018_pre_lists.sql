-- Lists in keyset pages: every list that the console shows has an index in its order.
CREATE INDEX number_of_application ON number (app_key, number);
CREATE INDEX outbox_dead_in_order ON outbox (sequence) WHERE state = 3;
