from maskline.domain.notice import Endpoint, Purpose
from maskline.planes.delivery.circuit import CircuitBoard, CircuitState


def receiver(name: str) -> Endpoint:
    return Endpoint(app_key=name, purpose=Purpose.STATUS)


A, B = receiver("a"), receiver("b")


def test_a_receiver_is_well_until_failures_in_a_row_reach_the_threshold():
    board = CircuitBoard(3)
    assert [board.failed(A) for _ in range(4)] == [False, False, True, False]
    assert board.state(A) is CircuitState.PROBING
    assert board.state(B) is CircuitState.WELL


def test_a_success_between_starts_the_count_anew():
    board = CircuitBoard(2)
    board.failed(A)
    assert board.succeeded(A) is False
    board.failed(A)
    assert board.state(A) is CircuitState.WELL


def test_one_success_ends_the_probing():
    board = CircuitBoard(1)
    board.failed(A)
    assert board.succeeded(A) is True
    assert board.state(A) is CircuitState.WELL


def test_what_is_remembered_is_bounded_and_the_longest_quiet_is_forgotten():
    board = CircuitBoard(1, max_troubled=2)
    board.failed(A)
    board.failed(B)
    board.failed(A)
    board.failed(receiver("c"))
    assert board.state(B) is CircuitState.WELL
    assert board.state(A) is CircuitState.PROBING
    assert board.probing == 2
