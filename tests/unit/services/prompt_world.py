"""Sounds, and a converter without a process."""

import io

import numpy as np
import soundfile

from maskline.services.prompt_audio import PromptSound, convert_sound


class InlineConverter:
    """`SoundConverter` in the calling thread."""

    async def convert(self, source: bytes) -> PromptSound:
        return convert_sound(source)


def tone(
    hertz: float = 700,
    seconds: float = 0.5,
    *,
    rate: int = 8000,
    form: str = "WAV",
    subtype: str | None = None,
    channels: int = 1,
    peak: float = 0.5,
) -> bytes:
    """A file with one tone."""
    at = np.arange(round(rate * seconds)) / rate
    samples = (peak * np.sin(2 * np.pi * hertz * at)).astype(np.float32)
    written = io.BytesIO()
    soundfile.write(
        written, np.stack([samples] * channels, axis=1), rate, format=form, subtype=subtype
    )
    return written.getvalue()


def heard(wav: bytes) -> tuple[float, float, float]:
    """The strongest tone in hertz, its share of the power, and the peak."""
    samples, rate = soundfile.read(io.BytesIO(wav))
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    best = int(np.argmax(power))
    share = float(np.sum(power[max(0, best - 3) : best + 4]) / np.sum(power))
    middle = samples[len(samples) // 4 : -len(samples) // 4]  # codecs overshoot at the start
    return best * rate / len(samples), share, float(np.max(np.abs(middle)))
