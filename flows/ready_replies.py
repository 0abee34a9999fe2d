"""Sentences written by people and translated, that a lead picks and a reporter reads in their own language.

Each is plain enough for a child of eight and promises nothing that a school cannot keep. The ids are stored with cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flows.texts import Text

#: By id, the ones that are needed most first.
READY: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "read": Text("I have read this. Thank you for telling us. You did the right thing.", "reply"),
        "talk_tomorrow": Text("I have read this. Can we talk at school tomorrow?", "reply"),
        "safe_chat": Text("Is it safe for you to write in this chat? When is a good time?", "reply"),
        "who_to_tell": Text(
            "Is there a grown-up you trust who could help? Is there anyone I should not tell?", "reply"
        ),
        "more_information": Text(
            "Can you tell me a bit more? Where was it, and when? Only write what you want to.", "reply"
        ),
        "person_now": Text(
            "I am worried about you. Please go to a grown-up you trust now. If you are in danger, call for help.",
            "reply",
        ),
        "acted": Text("We have done something about what you told us. You can ask me about it here.", "reply"),
        "wrong_place": Text("I can't help with this myself, but I know who can. May I tell them?", "reply"),
    }
)

_IN_DANGER: Final = "person_now"
_TOMORROW: Final = "talk_tomorrow"


def offered(*, child_in_danger: bool, open_tomorrow: bool) -> tuple[str, ...]:
    """The ids of the replies that fit a case, in the order they are offered.

    The one for danger comes first where a child who writes may be in it; school tomorrow is named only where the site
    has hours tomorrow.
    """
    fitting = (name for name in READY if open_tomorrow or name != _TOMORROW)
    return tuple(sorted(fitting, key=lambda name: not (child_in_danger and name == _IN_DANGER)))
