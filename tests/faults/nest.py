"""Hark's lives: a process that has loaded the program and our conversations once and forks it whole for each life.

Loading takes 1.3 s, and reading the conversations half a second.

A line of JSON on standard input begins a life: `environ`, the settings; `said`, a file for what it prints and logs;
`ahead`, how many seconds its clock is ahead; `most`, beyond how many bytes no file may grow, or 0; `failpoints`, the
folder of `tests/faults/killer.py`, or empty, which leaves them at rest. It answers `born PID` and, once that process
is gone, `gone CODE`: its exit code, or below 0 the number of the signal.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import time_machine

from storage.database import instrumentation
from tests.faults.killer import Killer


def main() -> None:
    """Serve until standard input ends."""
    import_module("bot.updates.lazy_aiogram").import_aiogram()
    run = import_module("bot.commands.run")
    _assemble_once(import_module("bot.wiring"))
    print("ready", flush=True)
    dead: list[int] = []
    for line in sys.stdin:
        life = json.loads(line)
        while dead:
            os.waitpid(dead.pop(), 0)
        pid = os.fork()
        if pid == 0:
            os._exit(_live(run, life))
        print(f"born {pid}", flush=True)
        end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert end is not None
        print(f"gone {end.si_status if end.si_code == os.CLD_EXITED else -end.si_status}", flush=True)
        # Reaped only when the next one is born: until then its number is nobody else's, and may be killed again.
        dead.append(pid)


def _assemble_once(wiring: Any) -> None:
    """Have each life take our conversations as they were read here, unless it lays something over them."""
    assemble, ours = wiring.assemble, wiring.read_definitions()
    flows = assemble(ours)
    wiring.assemble = lambda texts, over: flows if texts == ours and not over else assemble(texts, over)


def _live(run: Any, life: dict[str, Any]) -> int:
    """Be `hark run` from here on; as a program, not as a child: what it says goes to its file."""
    os.environ.update(life["environ"])
    with Path(life["said"]).open("a", buffering=1, encoding="utf-8") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        if life["ahead"]:
            time_machine.travel(datetime.now(UTC) + timedelta(seconds=life["ahead"]), tick=True).start()
        if life["most"]:
            resource.setrlimit(resource.RLIMIT_FSIZE, (life["most"], life["most"]))
        if life["failpoints"]:
            instrumentation.arm(Killer(Path(life["failpoints"])).reached)
        try:
            return int(run.main(Namespace(invites=False)))
        except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on as a nest
            traceback.print_exc()
            return 3


if __name__ == "__main__":
    main()
