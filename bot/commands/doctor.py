"""`hark doctor`: what is missing or wrong, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot.doctor import examine, written
from bot.keeping import now
from bot.settings import load


def main(_: argparse.Namespace) -> int:
    """Print all findings; 1 if something is wrong, 0 if there is only something to know.

    Raises:
        SettingsError: a setting cannot be used: that is the first thing to put right.
    """
    findings = asyncio.run(examine(load(os.environ), os.environ, now()))
    sys.stdout.write(written(findings))
    return 1 if any(finding.level == "wrong" for finding in findings) else 0
