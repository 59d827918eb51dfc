import os

from maskline.services.randomness import FETCHED_PIECES, RandomPool


def test_each_piece_has_its_size_and_is_given_once() -> None:
    pool = RandomPool(12)
    pieces = [pool.take() for _ in range(3 * FETCHED_PIECES)]
    assert {len(piece) for piece in pieces} == {12}
    assert len(set(pieces)) == len(pieces)


def test_a_process_that_is_forked_off_takes_others() -> None:
    pool = RandomPool(12)
    pool.take()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, b"".join(pool.take() for _ in range(FETCHED_PIECES)))
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reading, 12 * FETCHED_PIECES)
    os.close(reading)
    os.close(writing)
    taken = {pool.take() for _ in range(FETCHED_PIECES)}
    assert len(theirs) == 12 * FETCHED_PIECES
    assert not taken & {theirs[at : at + 12] for at in range(0, len(theirs), 12)}
