from maskline.planes.media.engine import MediaLost, MediaResumed, Side
from maskline.planes.media.rtpengine.watch import MediaWatch

A = Side.CALLER


def test_a_party_that_stops_is_lost_and_comes_back():
    watch = MediaWatch("c", 20, 60)
    watch.expect(A, True, 0)
    assert watch.count(A, 50, 10) is None
    assert watch.count(A, 50, 29) is None
    assert watch.count(A, 50, 30) == MediaLost("c", A)
    assert watch.count(A, 50, 40) is None
    assert watch.count(A, 51, 50) == MediaResumed("c", A)


def test_a_party_on_hold_is_not_missed():
    watch = MediaWatch("c", 20, 60)
    watch.expect(A, True, 0)
    watch.count(A, 50, 0)
    watch.expect(A, False, 5)
    assert watch.count(A, 50, 100) is None
    watch.expect(A, True, 100)
    assert watch.count(A, 50, 119) is None
    assert watch.count(A, 50, 120) == MediaLost("c", A)
    watch.expect(A, False, 121)
    assert watch.count(A, 50, 121) == MediaResumed("c", A)


def test_a_party_that_never_sends_is_lost_later():
    watch = MediaWatch("c", 20, 60)
    watch.expect(A, True, 0)
    assert watch.count(A, 0, 59) is None
    assert watch.count(A, 0, 60) == MediaLost("c", A)


def test_zero_is_never():
    watch = MediaWatch("c", 0, 0)
    watch.expect(A, True, 0)
    assert watch.count(A, 0, 1e6) is None
