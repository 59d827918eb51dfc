from random import Random

import pytest

from maskline.planes.media.report import Reporter
from maskline.protocols.rtp.reception import Reception
from maskline.protocols.rtp.rtcp import (
    Goodbye,
    Report,
    ReportBlock,
    SenderInfo,
    build_description,
    build_goodbye,
    build_report,
    ntp_middle,
    ntp_time,
    parse_compound,
)
from maskline.protocols.rtp.sequencer import Sequencer

WALL = 1_800_000_000.0


def make_reporter(seed: int = 1) -> Reporter:
    return Reporter(Sequencer(0xCAFE, 100, 9000), Reception(), 5.0, Random(seed))


def parts(compound: bytes) -> list:
    parsed = parse_compound(compound)
    assert parsed is not None
    return parsed


def test_a_side_that_sent_nothing_reports_as_receiver():
    (report,) = parts(make_reporter().build(1.0, WALL))
    assert report == Report(0xCAFE, None, ())


def test_a_side_that_sent_reports_its_sums_and_the_time_of_its_stream():
    reporter = make_reporter()
    reporter.sequencer.rewrite(1, 1, 1, 10.0)
    reporter.sent_packets, reporter.sent_octets = 3, 480
    (report,) = parts(reporter.build(10.5, WALL))
    assert report.sender == SenderInfo(ntp_time(WALL), 9000 + 4000, 3, 480)
    (after_silence,) = parts(reporter.build(15.0, WALL + 5))
    assert after_silence.sender is None


def test_what_was_heard_is_reported():
    reporter = make_reporter()
    for sequence in (1, 2, 4):
        reporter.reception.receive(9, sequence, sequence * 160, 160, sequence / 50)
    (report,) = parts(reporter.build(1.0, WALL))
    block = report.blocks[0]
    assert (block.ssrc, block.lost, block.highest, block.fraction_lost) == (9, 1, 4, 64)


def test_the_peers_last_report_is_referred_to():
    reporter = make_reporter()
    reporter.reception.receive(9, 1, 160, 160, 1.0)
    ntp = ntp_time(WALL)
    heard = build_report(Report(9, SenderInfo(ntp, 160, 1, 160), ()))
    assert reporter.receive(heard, 2.0, WALL)
    (report,) = parts(reporter.build(2.5, WALL))
    assert (report.blocks[0].last_report, report.blocks[0].delay) == (ntp_middle(ntp), 32768)


def test_the_peers_view_and_the_round_trip_are_kept():
    reporter = make_reporter()
    block = ReportBlock(0xCAFE, 10, 7, 99, 80, ntp_middle(ntp_time(WALL)), 65536)
    assert reporter.receive(build_report(Report(9, None, (block,))), 3.0, WALL + 1.25)
    assert (reporter.remote.lost, reporter.remote.jitter_ms) == (7, 10.0)
    assert reporter.remote.round_trip_ms == pytest.approx(250, abs=1)


def test_blocks_about_other_streams_and_absurd_round_trips_are_not_believed():
    reporter = make_reporter()
    other = ReportBlock(0xBEEF, 10, 7, 99, 80, 1, 0)
    assert reporter.receive(build_report(Report(9, None, (other,))), 3.0, WALL)
    assert reporter.remote.lost is None
    absurd = ReportBlock(0xCAFE, 0, 0, 99, 0, 1, 0)
    assert reporter.receive(build_report(Report(9, None, (absurd,))), 3.0, WALL)
    assert reporter.remote.round_trip_ms is None


def test_a_goodbye_is_no_error_and_nonsense_is():
    reporter = make_reporter()
    compound = build_report(Report(9, None, ())) + build_goodbye(9)
    assert reporter.receive(compound, 1.0, WALL)
    assert not reporter.receive(b"nonsense", 1.0, WALL)


def test_the_last_report_says_goodbye():
    assert parts(make_reporter().build(1.0, WALL, is_last=True))[-1] == Goodbye((0xCAFE,))


def test_the_name_is_random_and_the_same_all_along():
    reporter, other = make_reporter(1), make_reporter(2)
    names = {r.build(at, WALL)[8:] for r in (reporter, other) for at in (1.0, 2.0)}
    assert len(names) == 2
    assert all(len(name) == len(build_description(0xCAFE, b"x" * 24)) for name in names)


def test_reports_are_spread_around_their_interval():
    reporter = make_reporter()
    delays = [reporter.next_delay() for _ in range(500)]
    assert 2.5 <= min(delays) < 3
    assert 7 < max(delays) <= 7.5
