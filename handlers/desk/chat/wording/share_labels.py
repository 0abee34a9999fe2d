"""What is said of shares and partners by their ids: agencies, bases, whether the child knows, why one declines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.together.partners import Agency
from flows.values.text import Text
from handlers.desk.chat.visit import desk
from storage.values.shares import Basis, ChildTold, WhyDeclined

AGENCY: Final[Mapping[Agency, Text]] = {
    "health": desk("Health"),
    "police": desk("Police"),
    "social_care": desk("Social care"),
    "early_help": desk("Early help"),
    "community": desk("Community"),
    "faith": desk("Faith"),
    "youth_club": desk("Youth club"),
    "other_school": desk("Another school"),
}
BASIS: Final[Mapping[Basis, Text]] = {
    "child": desk("The child agrees"),
    "parent": desk("A parent or carer agrees"),
    "protect": desk("To protect a child"),
    "law": desk("The law says so"),
}
CHILD_TOLD: Final[Mapping[ChildTold, Text]] = {
    "yes": desk("Yes, already"),
    "now": desk("Now, with this"),
    "unsafe": desk("No, it is not safe, because…"),
}
DECLINED: Final[Mapping[WhyDeclined, Text]] = {
    "not_ours": desk("It is not ours"),
    "no_room": desk("There is no room"),
    "family": desk("I know the family"),
    "other": desk("Another reason"),
}
