"""Hardening is tried on a process of its own: it cannot be undone, and would blind debuggers of the tests."""

import subprocess
import sys

ASK = """
import resource
from storage.sealing.process_hardening import harden
import ctypes
assert harden()
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE
print("hardened")
"""


def test_no_core_is_dumped_and_nobody_attaches() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("hardened\n", "")


def test_elsewhere_it_says_so_and_does_no_harm() -> None:
    ask = "import sys; sys.platform = 'other'; from storage.sealing.process_hardening import harden; print(harden())"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")
