"""A seed that was wrapped, opened and wiped has left no copy in the process's memory."""

import subprocess
import sys

COUNT_COPIES = """
import os, sys
from storage.sealing.primitives.derive import wipe
from storage.sealing.keys.lead_keys import unwrap_seed, wrap_seed
from storage.sealing.primitives.argon2 import Cost

seed = bytearray(32)
with open("/dev/urandom", "rb", 0) as source:
    source.readinto(seed)
mask = os.urandom(32)
masked = bytes(a ^ b for a, b in zip(seed, mask))
if sys.argv[1] == "used":
    wrapped = wrap_seed(seed, "eleven small boats", "lead-a", 1, Cost(8, 1))
    opened = unwrap_seed(wrapped, "eleven small boats", "lead-a", 1)
    assert opened == seed
    kept = bytes(opened) if sys.argv[2] == "kept" else b""
    wipe(opened)
wipe(seed)

sought, copies = bytes(a ^ b for a, b in zip(masked, mask)), 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        bounds, rights = line.split()[:2]
        if rights.startswith("rw"):
            start, end = (int(bound, 16) for bound in bounds.split("-"))
            memory.seek(start)
            try:
                copies += memory.read(end - start).count(sought)
            except OSError:
                pass
print(copies)
"""


def _copies(*how: str) -> int:
    done = subprocess.run([sys.executable, "-c", COUNT_COPIES, *how], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_using_a_seed_leaves_no_more_copies_than_not_using_it() -> None:
    assert _copies("used", "wiped") == _copies("unused", "wiped")


def test_a_copy_that_is_kept_would_be_found() -> None:
    assert _copies("used", "kept") > _copies("used", "wiped")
