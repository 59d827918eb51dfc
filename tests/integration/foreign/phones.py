"""Phones that are not ours, as processes: PJSIP and baresip."""

import asyncio
import importlib.util
import shutil
import sys
from array import array
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from maskline.domain.trunk import Protection
from maskline.lab.demo.stage import Stage
from maskline.lab.hearing import HeardTone, find_tones
from maskline.lab.rest import RestClient
from maskline.lab.wav import read_wav, write_wav
from maskline.protocols.rtp.packet import CLOCK_RATE
from maskline.protocols.rtp.tone import make_tone
from maskline.services.administration_request import TrunkForm

A, B = "+8613811110001", "+8613911110002"
PHONE = Path(__file__).with_name("pjsip_phone.py")
MODULES = (
    "/usr/lib/baresip/modules",
    "/usr/lib/x86_64-linux-gnu/baresip/modules",
    "/usr/lib/aarch64-linux-gnu/baresip/modules",
)
BARESIP_CONFIG = """
sip_listen 127.0.0.1:{port}
module_path {modules}
module account.so
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_app menu.so
audio_player aubridge,ear
snd_path {record}
audio_source aufile,{tone}
audio_alert aufile,{alert}
ausrc_srate 8000
auplay_srate 8000
audio_channels 1
rtp_ports {rtp}-{rtp_last}
net_interface 127.0.0.1
call_max_calls 2
"""


@dataclass
class ForeignPhone:
    """A running process. `record` is the WAV file of what it heard, or its folder."""

    process: Process
    port: int
    record: Path

    async def finish(self) -> None:
        """Wait for its end; fails with its output when it did not talk."""
        async with asyncio.timeout(20):
            _, errors = await self.process.communicate()
        assert self.process.returncode == 0, errors.decode("utf-8", "replace")[-2000:]

    def samples(self) -> "array[int]":
        """All that it heard."""
        is_file = self.record.is_file()
        # baresip names its files itself, those that it decoded end in -dec.
        return read_wav(self.record if is_file else next(self.record.glob("*-dec.wav")))

    def heard(self) -> list[HeardTone]:
        """The tones of the middle of what it heard."""
        samples = self.samples()
        assert len(samples) > CLOCK_RATE, "it heard less than a second"
        middle = len(samples) // 2
        return find_tones(samples[middle - CLOCK_RATE // 4 : middle + CLOCK_RATE // 4])


class Foreigners:
    """Starts phones and ends those that are left."""

    def __init__(self, stage: Stage, directory: Path, new_port: Callable[[], int]) -> None:
        self.stage = stage
        self.x = stage.tenant.numbers[0]
        self._directory = directory
        self._new_port = new_port
        self._phones: list[ForeignPhone] = []

    @property
    def dial(self) -> str:
        """The SIP address that calls X."""
        host, port = self.stage.sip
        return f"sip:{self.x}@{host}:{port}"

    async def bind(self) -> None:
        """Bind A and B to X."""
        app = self.stage.tenant.application
        async with RestClient(self.stage.url, app.app_key, app.secret) as rest:
            await rest.bind(callerNum=A, calleeNum=B, relationNum=self.x, duration=600)

    async def route(self, port: int, protection: Protection = Protection.NONE) -> None:
        """Have calls to B go to a port of this machine."""
        form = TrunkForm(
            name="foreign",
            host="127.0.0.1",
            port=port,
            prefixes=("+86139",),
            inbound_from=("192.0.2.0/24",),
            protection=protection,
        )
        await self.stage.platform.administration.add_trunk(form)
        await self.stage.learn_trunks()

    async def pjsip(
        self,
        number: str,
        tone: int,
        *,
        dials: bool,
        rings_s: float = 0.0,
        talks_s: float = 1.5,
        is_secure: bool = False,
        keys: str = "",
        hold: tuple[float, float] | None = None,
    ) -> ForeignPhone:
        """A PJSIP phone that calls X and hangs up after `talks_s`, or rings and answers.

        `is_secure` takes SRTP with keys in SDP and nothing else. `keys` are pressed a second after
        the answer; from one to the other time of `hold`, counted from there, it puts on hold.
        """
        if importlib.util.find_spec("pjsua2") is None:
            pytest.skip("PJSIP has no wheel for this Python: pip install pjsua2-python")
        port, record = self._new_port(), self._directory / f"pjsip-{tone}.wav"
        arguments = ["--dial", self.dial] if dials else []
        arguments += ["--srtp"] if is_secure else []
        arguments += ["--press", keys] if keys else []
        arguments += ["--hold", *map(str, hold)] if hold else []
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(PHONE), "--port", str(port), "--number", number,
            "--tone", str(tone), "--record", str(record),
            "--rings", str(rings_s), "--seconds", str(talks_s), *arguments,
            stdin=DEVNULL, stdout=PIPE, stderr=PIPE,
        )  # fmt: skip
        phone = ForeignPhone(process, port, record)
        self._phones.append(phone)
        assert process.stdout is not None
        async with asyncio.timeout(10):
            await process.stdout.readuntil(b"ready")
        return phone

    async def baresip(
        self, number: str, tone: int, *, seconds: int, is_secure: bool = False
    ) -> ForeignPhone:
        """A baresip that answers every call and ends itself after `seconds`."""
        modules = next((path for path in MODULES if Path(path).is_dir()), None)
        if shutil.which("baresip") is None or modules is None:
            pytest.skip("baresip is not installed: apt-get install baresip-core")
        home = self._directory / "baresip"
        (home / "heard").mkdir(parents=True)
        port, record, rtp = self._new_port(), home / "heard", self._new_port()
        sound = home / "tone.wav"
        write_wav(sound, make_tone(tone, float(seconds)))
        config = BARESIP_CONFIG.format(
            port=port, modules=modules, record=record, tone=sound, alert=home / "alert.wav",
            rtp=rtp - rtp % 2, rtp_last=rtp + 20,
        )  # fmt: skip
        if is_secure:
            # Before the accounts, which name it.
            config = config.replace("module account.so", "module srtp.so\nmodule account.so")
        (home / "config").write_text(config)
        options = ";mediaenc=srtp-mand" if is_secure else ""
        (home / "accounts").write_text(
            f"<sip:{number}@127.0.0.1;transport=udp>;regint=0;answermode=auto;catchall=yes{options}\n"
        )
        (home / "contacts").touch()
        process = await asyncio.create_subprocess_exec(
            "baresip", "-f", str(home), "-t", str(seconds), stdin=DEVNULL, stdout=PIPE, stderr=PIPE
        )
        phone = ForeignPhone(process, port, record)
        self._phones.append(phone)
        assert process.stdout is not None
        async with asyncio.timeout(10):
            await process.stdout.readuntil(b"baresip is ready")
        return phone

    async def close(self) -> None:
        """End what still runs."""
        for phone in self._phones:
            if phone.process.returncode is None:
                phone.process.kill()
            await phone.process.communicate()
