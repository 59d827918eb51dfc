"""A PJSIP phone in a process of its own: calls or answers, plays a tone, records, hangs up.

On the way it may press keys, or put the other on hold and take the call back.

Run as a script; prints `ready PORT` once it listens and `talked` when a call was connected.
"""

import argparse
import sys
import time
from collections.abc import Callable

import pjsua2 as pj

HOST = "127.0.0.1"
KEYS_AT_S = 1.0
"""How long after the answer keys are pressed."""


class FarCall(pj.Call):
    def __init__(self, phone: "PjsipPhone", call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(phone.account, call_id)
        self.phone = phone
        self.is_over = False
        self.connected_at: float | None = None
        self.answers_at: float | None = None
        self.deeds = self._plan()

    def _plan(self) -> list[tuple[float, Callable[[], None]]]:
        """What is to be done in the call, by its age in seconds."""
        options = self.phone.options
        deeds: list[tuple[float, Callable[[], None]]] = []
        if options.press:
            deeds.append((KEYS_AT_S, lambda: self.dialDtmf(options.press)))
        if options.hold is not None:
            begin, end = options.hold
            deeds += [(begin, self._hold), (end, self._resume)]
        return deeds

    def _hold(self) -> None:
        self.setHold(pj.CallOpParam(True))

    def _resume(self) -> None:
        parameters = pj.CallOpParam(True)
        parameters.opt.flag |= pj.PJSUA_CALL_UNHOLD
        self.reinvite(parameters)

    def respond(self, status: int) -> None:
        parameters = pj.CallOpParam()
        parameters.statusCode = status
        self.answer(parameters)

    def onCallState(self, prm: pj.OnCallStateParam) -> None:  # noqa: N802 - PJSIP's name
        state = self.getInfo().state
        if state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.connected_at = time.monotonic()
            print("talked", flush=True)  # noqa: T201 - the test reads it
        elif state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.is_over = True

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:  # noqa: N802 - PJSIP's name
        try:
            audio = self.getAudioMedia(-1)
        except pj.Error:
            # On hold there is none.
            return
        self.phone.tone.startTransmit(audio)
        audio.startTransmit(self.phone.recorder)


class FarAccount(pj.Account):
    def __init__(self, phone: "PjsipPhone") -> None:
        super().__init__()
        self.phone = phone

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:  # noqa: N802 - PJSIP's name
        call = self.phone.call = FarCall(self.phone, prm.callId)
        call.respond(180)
        call.answers_at = time.monotonic() + self.phone.options.rings


class PjsipPhone:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.call: FarCall | None = None
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        config = pj.EpConfig()
        config.logConfig.level = config.logConfig.consoleLevel = 0
        config.uaConfig.threadCnt = 0
        config.medConfig.noVad = True
        config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
        self.endpoint.libInit(config)
        self.endpoint.audDevManager().setNullDev()
        transport = pj.TransportConfig()
        transport.port = options.port
        transport.boundAddress = transport.publicAddress = HOST
        self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.tone = self._make_tone(options.tone)
        self.recorder = pj.AudioMediaRecorder()
        self.recorder.createRecorder(options.record)
        account = pj.AccountConfig()
        account.idUri = f"sip:{options.number}@{HOST}"
        account.mediaConfig.transportConfig.boundAddress = HOST
        account.mediaConfig.transportConfig.publicAddress = HOST
        if options.srtp:
            account.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY
            account.mediaConfig.srtpSecureSignaling = 0
        self.account = FarAccount(self)
        self.account.create(account)

    def run(self) -> bool:
        print(f"ready {self.options.port}", flush=True)  # noqa: T201 - the test reads it
        if self.options.dial:
            self.call = FarCall(self)
            self.call.makeCall(self.options.dial, pj.CallOpParam(True))
        give_up_at = time.monotonic() + self.options.patience
        while time.monotonic() < give_up_at:
            self.endpoint.libHandleEvents(20)
            call = self.call
            if call is None:
                continue
            if call.answers_at is not None and time.monotonic() > call.answers_at:
                call.answers_at = None
                if call.connected_at is None and not call.is_over:
                    call.respond(200)
            if call.is_over:
                return call.connected_at is not None
            if call.connected_at is not None:
                self._go_on(call, time.monotonic() - call.connected_at)
        return False

    def _go_on(self, call: FarCall, age_s: float) -> None:
        while call.deeds and age_s >= call.deeds[0][0]:
            call.deeds.pop(0)[1]()
        if age_s > self.options.seconds and self.options.dial:
            call.hangup(pj.CallOpParam(True))

    def _make_tone(self, frequency: int) -> pj.ToneGenerator:
        tone = pj.ToneGenerator()
        tone.createToneGenerator(8000, 1)
        description = pj.ToneDesc()
        description.freq1, description.freq2 = frequency, 0
        description.on_msec, description.off_msec = 1000, 0
        descriptions = pj.ToneDescVector()
        descriptions.append(description)
        tone.play(descriptions, loop=True)
        return tone


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--number", required=True)
    parser.add_argument("--dial")
    parser.add_argument("--tone", type=int, required=True)
    parser.add_argument("--record", required=True)
    parser.add_argument("--rings", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--srtp", action="store_true")
    parser.add_argument("--press", default="")
    parser.add_argument("--hold", type=float, nargs=2)
    parser.add_argument("--patience", type=float, default=12.0)
    phone = PjsipPhone(parser.parse_args())
    has_talked = phone.run()
    # The library ends before what still uses it, unless that goes first.
    phone.call = None
    del phone.tone, phone.recorder
    phone.account.shutdown()
    phone.endpoint.libDestroy()
    return 0 if has_talked else 1


if __name__ == "__main__":
    sys.exit(main())
