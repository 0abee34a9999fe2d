"""All that leads and partners write together, over one set of threads and known names."""

from __future__ import annotations

from storage.core.core import StoreCore
from storage.desk.names.indexing import Names
from storage.desk.partnership.together.board import Board
from storage.desk.partnership.together.checkins import CheckIns
from storage.desk.partnership.together.evaluations import Evaluations
from storage.desk.partnership.together.goals import Goals
from storage.desk.partnership.together.known_names import KnownNames
from storage.desk.partnership.together.thanks import Thanking
from storage.desk.partnership.together.threads import Threads
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.sessions import Sessions


class Together:
    """Its parts; one for a store."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, names: Names) -> None:
        """Put them together; `names` are those of the desk."""
        threads = Threads(core, rosters, sessions)
        self.known_names = KnownNames(rosters, names)
        self.goals = Goals(threads, rosters, self.known_names)
        self.board = Board(core, rosters, sessions, threads, self.known_names)
        self.thanks = Thanking(core, rosters, sessions, self.known_names)
        self.evaluations = Evaluations(core, rosters, sessions, self.known_names)
        self.checkins = CheckIns(core, rosters, sessions)
