-- Numbers whose carrier does not know yet whose they are, listed by number.

CREATE INDEX number_life_unnamed ON number_life (number)
WHERE scheme IS NOT NULL AND done_at IS NULL;
