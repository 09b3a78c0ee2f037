"""Tones in the files that phones write, also while they write them."""

import array
import math
import os
import time
import wave

HEADER = 44  # bytes
RATE = 16000  # of a file that is still being written
BLOCK = RATE // 5


def read(path):
    """The samples of the first channel."""
    if not os.path.exists(path) or os.path.getsize(path) <= HEADER:
        return array.array("h"), 8000
    with wave.open(path, "rb") as source:
        assert source.getsampwidth() == 2
        # A file that was not closed promises gigabytes, and room would be made for them.
        written = (os.path.getsize(path) - HEADER) // (2 * source.getnchannels())
        samples = array.array("h", source.readframes(min(source.getnframes(), written)))
        return samples[::source.getnchannels()], source.getframerate()


def make_tone(frequency, rate):
    """A second of it."""
    return array.array("h", (int(12000 * math.sin(2 * math.pi * frequency * n / rate))
                             for n in range(rate)))


def write_tone(path, frequency, rate, seconds):
    with wave.open(path, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(rate)
        target.writeframes(make_tone(frequency, rate).tobytes() * seconds)


def is_loud(block):
    return sum(s * s for s in block) >= len(block) * 100 * 100


def share_of_block(block, rate, frequency):
    """How much of the sound, 0 to 1, is this tone (Goertzel)."""
    coefficient = 2 * math.cos(2 * math.pi * frequency / rate)
    older = old = 0.0
    for sample in block:
        older, old = old, sample + coefficient * old - older
    power = older * older + old * old - coefficient * older * old
    return 2 * power / (len(block) * sum(s * s for s in block))


def tone_share(samples, rate, frequency):
    """The largest share of this tone in any 200 ms that are not silent."""
    size = rate // 5
    blocks = (samples[start:start + size] for start in range(0, len(samples) - size, size))
    return max((share_of_block(b, rate, frequency) for b in blocks if is_loud(b)), default=0.0)


def assert_tone(heard, frequency, absent=None):
    samples, rate = heard
    share = tone_share(samples, rate, frequency)
    assert share > 0.8, f"{frequency} Hz is only {share:.2f} of {len(samples)} samples"
    if absent is not None:
        assert tone_share(samples, rate, absent) < 0.2, f"{absent} Hz should not be there"


def assert_key(heard, pair):
    """Somewhere two tones at once are all that there is, and each is a good part of it."""
    samples, rate = heard
    size = rate // 10
    blocks = [samples[start:start + size] for start in range(0, len(samples) - size, size)]
    shares = [[share_of_block(b, rate, tone) for tone in pair] for b in blocks if is_loud(b)]
    assert any(min(both) > 0.3 and sum(both) > 0.8 for both in shares), f"no {pair} in {shares}"


def follow(path, limit):
    """What is written to the file from now on, in blocks; None where nothing is yet."""
    size = 2 * BLOCK
    at = max(os.path.getsize(path) if os.path.exists(path) else 0, HEADER)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if os.path.exists(path) and os.path.getsize(path) < at:
            at = HEADER  # begun anew
        if not os.path.exists(path) or os.path.getsize(path) < at + size:
            time.sleep(0.05)
            yield None
            continue
        with open(path, "rb") as source:
            source.seek(at)
            block = source.read(size)
        at += size
        yield array.array("h", block)


def expect_tone(path, frequency, limit):
    best = 0.0
    for block in follow(path, limit):
        if block is not None and is_loud(block):
            best = max(best, share_of_block(block, RATE, frequency))
            if best > 0.8:
                return
    raise AssertionError(f"{frequency} Hz is only {best:.2f} of what is heard")


def expect_silence(path, limit):
    """For a whole second nothing loud came."""
    since = time.monotonic()
    for block in follow(path, limit):
        if block is not None and is_loud(block):
            since = time.monotonic()
        elif time.monotonic() > since + 1:
            return
    raise AssertionError("it is never silent")
