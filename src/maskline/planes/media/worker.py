"""The media process: one loop over the sockets of all calls and the channel to the engine.

No event loop library here: a packet costs one receive, one send and little else. Started by the
engine as `python -m maskline.planes.media.worker FD FEED_FD`; ends when that channel does.
"""

import gc
import resource
import signal
import socket
import sys
import time
from heapq import heappop, heappush
from itertools import count
from random import Random, SystemRandom
from select import EPOLLIN, EPOLLOUT, epoll

from maskline.planes.media import control
from maskline.planes.media.control import (
    Block,
    CallChange,
    Close,
    Closed,
    Configure,
    Connect,
    Done,
    Ended,
    EndPlay,
    Gather,
    Lost,
    Open,
    Opened,
    Ping,
    Pressed,
    Record,
    Recorded,
    Refused,
    Reply,
    Request,
    Resumed,
    SetFlow,
    StopRecord,
)
from maskline.planes.media.engine import BadMedia, CannotPlay, CannotRecord, Side, Unable
from maskline.planes.media.media_call import MediaCall
from maskline.planes.media.party_socket import PartySocket, Receiver
from maskline.planes.media.player import Play, PlayClock
from maskline.planes.media.port import Buffer
from maskline.planes.media.port_pool import PREBOUND_PAIRS, PortPair, PortPool, PortsExhausted
from maskline.planes.media.recorder_feed import RecorderFeed
from maskline.planes.media.relay import SWEEP_S, CallEvents, MediaSide
from maskline.planes.media.settings import EmbeddedSettings
from maskline.planes.media.sound import SoundShelf
from maskline.planes.media.tap import Tap
from maskline.planes.media.worker_channel import WorkerChannel
from maskline.protocols.rtp.rtcp import MAX_COMPOUND_BYTES

CONFIGURE_TIMEOUT_S = 5.0
"""How long a new worker waits for its settings."""

PORT_PATIENCE_S = 1.5
PORT_RETRY_S = 0.1
"""How long a worker tries to bind its first ports, and how often."""

GATHER_S = 0.002
"""While there is much to do, packets are looked for at most every so often: being woken costs as
much as a packet does."""

GATHER_FROM = 4
"""How many packets at one look are much: about 20 calls make so many in `GATHER_S`."""

SWEEP_TURNS = 10
"""Parts in which all calls are swept within `SWEEP_S`: no packet waits for all of them."""

_RTCP_READ_BYTES = MAX_COMPOUND_BYTES + 1

_REFUSALS: dict[type[Exception], str] = {
    BadMedia: Refused.BAD,
    Unable: Refused.UNABLE,
    CannotPlay: Refused.NO_SOUND,
    CannotRecord: Refused.NO_RECORDER,
    PortsExhausted: Refused.BUSY,
}


class OpenCall:
    """A call with the sockets it holds."""

    __slots__ = ("media", "pairs", "turn")

    def __init__(self, media: MediaCall, pairs: tuple[PortPair, PortPair], turn: int) -> None:
        self.media = media
        self.pairs = pairs
        self.turn = turn


class Worker:
    """All calls of the process."""

    def __init__(
        self,
        channel: WorkerChannel,
        feed: RecorderFeed | None,
        settings: EmbeddedSettings,
        random: Random,
    ) -> None:
        self._channel = channel
        self._settings = settings
        self._random = random
        self._pool = PortPool(settings, random)
        self._buffer = Buffer()
        self._calls: dict[str, OpenCall] = {}
        self._receivers: dict[int, Receiver] = {}
        self._reports: dict[int, tuple[int, socket.socket, MediaSide]] = {}
        # When whose report is due; a side's number tells it from later ones on the same socket.
        self._due: list[tuple[float, int, int]] = []
        self._numbers = count()
        self._next_sweep = 0.0
        # The calls by the turn in which they are swept, and whose turn is next.
        self._turns: tuple[dict[str, MediaCall], ...] = tuple({} for _ in range(SWEEP_TURNS))
        self._turn = 0
        self._sounds = SoundShelf()
        self._plays = PlayClock()
        self._feed = feed
        # When which recording is to be flushed; each has a time of its own, so they spread.
        self._taps: list[tuple[float, int, Tap, MediaCall]] = []
        self._epoll = epoll()
        self._is_waiting_to_send = False
        self._is_waiting_to_feed = False

    def prepare(self) -> None:
        """Bind the first ports. Raises `PortsExhausted` when not one can be.

        Whoever had them may just be letting go of them: a worker before this one, or a platform
        that was killed and started again. So it is tried for `PORT_PATIENCE_S`.
        """
        until = time.monotonic() + PORT_PATIENCE_S
        while True:
            try:
                self._pool.prebind(PREBOUND_PAIRS)
            except PortsExhausted:
                if time.monotonic() >= until:
                    raise
                time.sleep(PORT_RETRY_S)
            else:
                return

    def run(self) -> None:
        """Serve until the engine closes the channel."""
        self._epoll.register(self._channel.end.fileno(), EPOLLIN)
        try:
            self._loop()
        finally:
            now = time.monotonic()
            for call_id in list(self._calls):
                self._close(call_id, now)
            if self._feed is not None:
                self._feed.close()
            self._pool.close()
            self._epoll.close()

    def _loop(self) -> None:
        poll = self._epoll.poll
        receivers = self._receivers
        data = self._buffer.data
        control_channel = self._channel.end.fileno()
        now = wake_at = time.monotonic()
        found = 0
        while True:
            self._flush()
            if found >= GATHER_FROM:
                spent = time.monotonic() - now
                if spent < GATHER_S:
                    time.sleep(GATHER_S - spent)
            ready = poll(max(0.0, wake_at - now))
            now = time.monotonic()
            found = len(ready)
            has_control = False
            for descriptor, _ in ready:
                entry = receivers.get(descriptor)
                if entry is not None:
                    receive, take = entry
                    try:
                        arrived = receive(data)
                    except OSError:
                        # Nothing there after all, or the news that a party refused a packet.
                        continue
                    take(arrived, now)
                elif descriptor == control_channel:
                    has_control = True
                else:
                    self._receive_report(descriptor, now)
            # After the packets: a call that ends here may have had some in this very batch.
            if has_control:
                if not self._serve(now):
                    return
                # A request may have begun something that is due sooner.
                wake_at = now
            if now >= wake_at:
                wake_at = self._do_due(now)

    def _do_due(self, now: float) -> float:
        """Play, sweep the calls, write and report, as far as due; return when to come again."""
        plays = self._plays
        if plays.next_at is not None and now >= plays.next_at:
            plays.run(now)
        if now >= self._next_sweep:
            self._sweep(now)
        self._send_reports(now)
        self._write_recordings(now)
        wake_at = self._next_sweep
        if plays.next_at is not None and plays.next_at < wake_at:
            wake_at = plays.next_at
        if self._taps and self._taps[0][0] < wake_at:
            wake_at = self._taps[0][0]
        if self._due and self._due[0][0] < wake_at:
            wake_at = self._due[0][0]
        return wake_at

    def _sweep(self, now: float) -> None:
        """Sweep the calls whose turn it is; after a stall also those that missed theirs."""
        pause = SWEEP_S / SWEEP_TURNS
        turns = min(SWEEP_TURNS, 1 + int((now - self._next_sweep) / pause))
        for _ in range(turns):
            for media in self._turns[self._turn].values():
                media.sweep(now)
            self._turn = (self._turn + 1) % SWEEP_TURNS
        self._next_sweep = now + (pause if self._calls else SWEEP_S)

    def _write_recordings(self, now: float) -> None:
        taps = self._taps
        while taps and taps[0][0] <= now:
            _, number, tap, call = heappop(taps)
            call.flush_tap(tap, now)
            if not tap.is_over:
                heappush(taps, (tap.next_at, number, tap, call))

    def _flush(self) -> None:
        must_wait = self._channel.flush()
        if must_wait is not self._is_waiting_to_send:
            self._is_waiting_to_send = must_wait
            events = EPOLLIN | EPOLLOUT if must_wait else EPOLLIN
            self._epoll.modify(self._channel.end.fileno(), events)
        feed = self._feed
        if feed is None:
            return
        must_wait = feed.flush()
        if must_wait is not self._is_waiting_to_feed:
            self._is_waiting_to_feed = must_wait
            if must_wait:
                self._epoll.register(feed.fileno(), EPOLLOUT)
            else:
                self._epoll.unregister(feed.fileno())

    # Requests of the engine.

    def _serve(self, now: float) -> bool:
        """Carry out one frame of requests; False when the engine is gone."""
        requests = self._channel.receive()
        if requests is None:
            return False
        for number, request in requests:
            self._channel.answer(number, self._carry_out(request, now))
        return True

    def _carry_out(self, request: Request, now: float) -> Reply:
        try:
            match request:
                case Open():
                    return self._open(request.call_id, now)
                case Close():
                    return self._close(request.call_id, now)
                case Ping():
                    return Done()
                case Configure():
                    return Refused(Refused.BAD, "configured already")
                case _:
                    return self._change(request, now)
        except tuple(_REFUSALS) as error:
            return Refused(_REFUSALS[type(error)], str(error))

    def _change(self, request: CallChange, now: float) -> Reply:
        call = self._calls.get(request.call_id)
        if call is None:
            return Refused(Refused.UNKNOWN, request.call_id)
        match request:
            case Connect():
                call.media.connect(request.side, request.peer, now, key=request.key)
            case SetFlow():
                call.media.set_flow(request.flow, now)
            case Block():
                call.media.block(request.side, is_blocked=request.blocked)
            case control.Play():
                self._play(call.media, request, now)
            case EndPlay():
                play = call.media.find_play(request.play_id)
                if play is not None:
                    call.media.end_play(play, request.why)
            case Gather():
                call.media.gather(request.side, request.gathering, now)
            case Record():
                self._record(call.media, request, now)
            case StopRecord():
                return self._stop_record(call.media, now)
        return Done()

    def _play(self, call: MediaCall, request: control.Play, now: float) -> None:
        ears = call.check_ears(request.to)
        if request.times is not None and request.times < 1:
            raise BadMedia("a prompt is played at least once")
        sound = self._sounds.load(request.path)
        play = Play(request.play_id, sound, request.times, ears, call.end_play)
        call.play(play, ears)
        self._plays.begin(play, now)

    def _record(self, call: MediaCall, request: Record, now: float) -> None:
        call.check_tap()
        if self._feed is None:
            raise CannotRecord("there is no recorder")
        tap = Tap(request.number, self._feed, now, request.limit_s, is_mixed=request.is_mixed)
        call.set_tap(tap)
        heappush(self._taps, (tap.next_at, tap.number, tap, call))

    def _stop_record(self, call: MediaCall, now: float) -> Recorded:
        tap = call.tap
        if tap is None:
            return Recorded(0)
        tap.finish(now)
        call.set_tap(None)
        return Recorded(tap.samples)

    def _open(self, call_id: str, now: float) -> Reply:
        if call_id in self._calls:
            return Refused(Refused.EXISTS, call_id)
        if len(self._calls) >= self._settings.max_calls:
            return Refused(Refused.BUSY, "as many calls as the engine may hold")
        caller = self._pool.take(now)
        try:
            callee = self._pool.take(now)
        except PortsExhausted:
            self._pool.give(caller, now)
            raise
        channel = self._channel
        events = CallEvents(
            pressed=lambda side, digit, ms, is_tone: channel.notify(
                Pressed(call_id, side, digit, ms, is_tone)
            ),
            lost=lambda side: channel.notify(Lost(call_id, side)),
            resumed=lambda side: channel.notify(Resumed(call_id, side)),
            ended=lambda play_id, why: channel.notify(Ended(call_id, play_id, why)),
        )
        media = MediaCall(
            self._make_side(Side.CALLER, caller, events, now),
            self._make_side(Side.CALLEE, callee, events, now),
            self._settings,
            events,
        )
        turn = min(range(SWEEP_TURNS), key=lambda turn: len(self._turns[turn]))
        self._turns[turn][call_id] = media
        self._calls[call_id] = OpenCall(media, (caller, callee), turn)
        return Opened(caller.port, callee.port)

    def _make_side(self, side: Side, pair: PortPair, events: CallEvents, now: float) -> MediaSide:
        port = PartySocket(pair.rtp, self._buffer, self._receivers)
        made = MediaSide(
            side,
            port,
            buffer=self._buffer,
            settings=self._settings,
            events=events,
            random=self._random,
        )
        rtp, rtcp = pair.rtp.fileno(), pair.rtcp.fileno()
        port.serve(made)
        number = next(self._numbers)
        self._reports[rtcp] = (number, pair.rtcp, made)
        self._epoll.register(rtp, EPOLLIN)
        self._epoll.register(rtcp, EPOLLIN)
        heappush(self._due, (now + made.reporter.next_delay(), number, rtcp))
        return made

    def _close(self, call_id: str, now: float) -> Reply:
        call = self._calls.pop(call_id, None)
        if call is None:
            return Refused(Refused.UNKNOWN, call_id)
        media = call.media
        del self._turns[call.turn][call_id]
        if media.tap is not None:
            media.tap.finish(now)
            media.set_tap(None)
        media.close()
        for pair, side in zip(call.pairs, (media.caller, media.callee), strict=True):
            self._send_report(pair.rtcp, side, now, is_last=True)
            rtp, rtcp = pair.rtp.fileno(), pair.rtcp.fileno()
            self._epoll.unregister(rtp)
            self._epoll.unregister(rtcp)
            del self._reports[rtcp]
            self._pool.give(pair, now)
        return Closed(media.caller.stats(), media.callee.stats())

    # Reports.

    def _receive_report(self, descriptor: int, now: float) -> None:
        entry = self._reports.get(descriptor)
        if entry is None:
            return
        _, rtcp, side = entry
        try:
            data, source = rtcp.recvfrom(_RTCP_READ_BYTES)
        except OSError:
            return
        side.receive_report(data, source, now, time.time())

    def _send_reports(self, now: float) -> None:
        while self._due and self._due[0][0] <= now:
            _, number, descriptor = heappop(self._due)
            entry = self._reports.get(descriptor)
            if entry is not None and entry[0] == number:
                _, rtcp, side = entry
                self._send_report(rtcp, side, now)
                heappush(self._due, (now + side.reporter.next_delay(), number, descriptor))

    def _send_report(
        self, rtcp: socket.socket, side: MediaSide, now: float, *, is_last: bool = False
    ) -> None:
        if side.rtcp_target is None:
            return
        try:
            rtcp.sendto(side.build_report(now, time.time(), is_last=is_last), side.rtcp_target)
        except OSError:
            # Reports may be lost; the next one carries the same sums.
            return


def main(descriptor: int, feed_descriptor: int | None) -> int:
    """Run a worker on the channel and the feed to the recorder; return the exit status."""
    # A terminal's interrupt reaches every process; calls end when the engine says so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with socket.socket(fileno=descriptor) as end:
        end.settimeout(CONFIGURE_TIMEOUT_S)
        channel = WorkerChannel(end)
        requests = channel.receive()
        if not requests:
            return 1
        number, configure = requests[0]
        if not isinstance(configure, Configure):
            return 1
        feed = None
        if feed_descriptor is not None:
            feed = RecorderFeed(socket.socket(fileno=feed_descriptor))
        worker = Worker(channel, feed, configure.settings, SystemRandom())
        try:
            worker.prepare()
        except PortsExhausted as error:
            channel.answer(number, Refused(Refused.BUSY, str(error)))
            channel.flush()
            return 1
        end.setblocking(False)
        channel.answer(number, Done())
        # What exists now lives as long as the process: the collector need not look at it again.
        gc.freeze()
        worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None))
