"""Speak the prompts that come with maskline, into the folder of the package.

Needs espeak-ng. Run it after a text was changed, listen, and commit what it wrote.
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from maskline.services.prompt_audio import convert_sound
from maskline.services.prompt_shelf import SHIPPED_FOLDER

# Voice and words a minute. The plain voice `cmn` reads most characters as English words.
VOICES = {"zh": ("cmn-latn-pinyin", "150"), "en": ("en-gb", "150")}
SPEECH_RMS = 10 ** (-18 / 20)  # of the voiced part: about as loud as people on a phone
MAX_PEAK = 0.9
RING_BACK = "default-ring-back.wav"
RING_HZ, RING_S, RING_PAUSE_S = 450, 1.0, 4.0  # what phones in China hear while the other rings
RING_PEAK = 0.1  # -10 dBm0, as exchanges send it, is about 0.2; people expect it softer than speech
QUIET = 10 ** (-45 / 20)
MARGIN_S = 0.12  # kept before and after the voice

TEXTS = {
    "enter-extension": (
        "请输入分机号码，按井号键结束。",
        "Please enter the extension, then press hash.",
    ),
    "wrong-extension": (
        "分机号码错误，请再次输入分机号码。",
        "This extension does not exist. Please enter it again.",
    ),
    "no-permission": (
        "您的号码暂无呼叫权限，请使用业务关联号码呼叫。",
        "You cannot call this number from your phone. Please use the phone you registered.",
    ),
    "no-binding": (
        "请使用绑定号码呼叫。",
        "This number is not connected to anyone for you. Please call from the registered phone.",
    ),
    "service-abnormal": (
        "业务异常，通话即将挂断，请稍后重试。",
        "Something went wrong. The call ends now. Please try again later.",
    ),
    "record-hint": (
        "为了保证服务质量，您的通话将会被录音。",
        "To help us serve you well, this call is recorded.",
    ),
    "last-minute": ("您的通话还剩一分钟。", "You have one minute left."),
    "please-wait": ("电话接通中，请稍后。", "You are being connected. Please wait."),
    "goodbye": ("感谢您的来电，再见。", "Thank you for calling. Goodbye."),
}


def main() -> None:
    """Write every prompt in both languages, and the ring-back tone."""
    SHIPPED_FOLDER.mkdir(exist_ok=True)
    (SHIPPED_FOLDER / RING_BACK).write_bytes(convert_sound(ring_back()).wav)
    for what, texts in TEXTS.items():
        for language, text in zip(VOICES, texts, strict=True):
            path = SHIPPED_FOLDER / f"default-{what}-{language}.wav"
            sound = convert_sound(levelled(spoken(text, *VOICES[language])))
            path.write_bytes(sound.wav)
            print(f"{path.name:36} {sound.audio.duration_ms / 1000:6.2f} s  {text}")


def ring_back() -> bytes:
    """A WAV file of one ring and the pause after it."""
    rate = 8000
    ring = RING_PEAK * np.sin(2 * np.pi * RING_HZ * np.arange(int(RING_S * rate)) / rate)
    out = io.BytesIO()
    samples = np.concatenate([ring, np.zeros(int(RING_PAUSE_S * rate))])
    soundfile.write(out, samples, rate, format="WAV", subtype="PCM_16")
    return out.getvalue()


def spoken(text: str, voice: str, speed: str) -> bytes:
    """A WAV file of a voice saying the text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoken.wav"
        command = ["espeak-ng", "-v", voice, "-s", speed, "-w", str(path), text]
        subprocess.run(command, check=True)  # noqa: S603  # texts and voices of our own
        return path.read_bytes()


def levelled(wav: bytes) -> bytes:
    """Without the silence around it, and as loud as the others."""
    samples, rate = soundfile.read(io.BytesIO(wav), dtype="float32")
    voiced = np.flatnonzero(np.abs(samples) > QUIET)
    margin = int(MARGIN_S * rate)
    samples = samples[max(0, voiced[0] - margin) : voiced[-1] + margin]
    loud = np.abs(samples) > QUIET
    gain = SPEECH_RMS / float(np.sqrt(np.mean(samples[loud] ** 2)))
    gain = min(gain, MAX_PEAK / float(np.max(np.abs(samples))))
    written = io.BytesIO()
    soundfile.write(written, samples * gain, rate, format="WAV", subtype="FLOAT")
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
