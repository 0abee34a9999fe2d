"""What is said of a share by its ids: on which basis, whether the child knows, and why a partner declines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.values.text import Text
from handlers.desk.chat.visit import desk
from storage.values.shares import Basis, ChildTold, WhyDeclined

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
