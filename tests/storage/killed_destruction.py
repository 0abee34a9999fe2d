"""Says the second word that destroys a case, and is killed at the first place it comes to, at the second, and so on.

`python -m tests.storage.killed_destruction SCHOOL FOLDER` leaves a copy of SCHOOL for each kill in FOLDER, as the kill
left it. It is a process of its own, since it forks. Places are every failpoint, and every file that is opened, linked,
renamed or removed below the copy.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import instrumentation
from tests.newest import lay_database
from tests.storage.conftest import School
from tests.storage.killed import forked_until_one_ends, killing_at, on_touch
from tests.thoroughness import every

_TOUCHES = frozenset({"open", "os.rename", "os.remove", "os.link"})
_BEA = 501


def school_in(folder: Path) -> School:
    """Give the school of a folder, as `told.json` tells of it; it is not open yet."""
    told = json.loads((folder / "told.json").read_text())
    secrets = {name: bytes.fromhex(secret) for name, secret in told["secrets"].items()}
    return School(folder, datetime.fromisoformat(told["now"]), secrets=secrets, updates=told["updates"])


def tell_school(school: School, case: str) -> None:
    """Write down what `school_in` needs, and which case is to go."""
    secrets = {name: secret.hex() for name, secret in school.secrets.items()}
    told = {"now": school.now.isoformat(), "secrets": secrets, "updates": school.updates, "case": case}
    (school.folder / "told.json").write_text(json.dumps(told))


async def second_word(folder: Path, number: int) -> None:
    """Unlock, open the case, and say the second word; the end comes at the place with this number."""
    school = school_in(folder)
    await school.open()
    bea = await school.unlock("Bea Potter", _BEA)
    case = json.loads((folder / "told.json").read_text())["case"]
    row = (await school.reads(bea, case)).row
    await school.confirm(bea)
    kill_at(number, str(folder))
    await school.store.destruction.agree(bea, school.arrival(_BEA), case, row.version)


def kill_at(number: int, within: str) -> None:
    """Have this process killed at the place with this number: a failpoint, or a file below `within` that is touched."""
    reached = killing_at(number)
    instrumentation.arm(reached)
    sys.addaudithook(on_touch(reached, within, _TOUCHES))


def main() -> None:
    """Fork for each place that there is, and once more, when the word comes to its end."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with TemporaryDirectory() as empty:
        asyncio.run(lay_database(Path(empty)))  # migrated once, for all that are forked
    forked_until_one_ends(
        lambda number: asyncio.run(second_word(shutil.copytree(source, folder / str(number)), number)), every(9)
    )


if __name__ == "__main__":
    main()
