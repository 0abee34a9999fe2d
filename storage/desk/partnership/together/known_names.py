"""Whether words name somebody whom Hark knows, by what the one who typed them may open anyway.

That is the roster, and for a lead her own index of the people in her cases (decision 33). Nothing of a case that she
cannot open has a part in it: the answer is the same with such a case and without.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from flows.cases.roles import is_for
from flows.names.given_names import given_names, is_called, may_be_names
from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from flows.values.ids import READING
from storage.cases.people.name_index import NameIndex
from storage.desk.names.indexing import Names
from storage.desk.names.tagging import given_tags, tags_of
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.lead_keys import LeadKeys
from storage.values.errors import SessionOver


class KnownNames:
    """Asks roster and index.

    Every method raises `SessionOver` once the session has ended, `Tampered` where the roster is not the one that was
    kept, `NotOffered` where the lead waits for two others to say yes, and `Unavailable` where the database does not
    answer.
    """

    def __init__(self, rosters: Rosters, names: Names) -> None:
        self._rosters = rosters
        self._names = names

    async def are_in(self, session: LeadSession, *texts: str, people_only: bool = False) -> bool:
        """Tell whether any of the texts names a lead, a partner, or anybody in a case of hers.

        A partner's words are compared with the leads of her site, whose names reporters see too, and with nobody else:
        she learns of no other partner by it. A surname is known, and a given name alone as `given_names` says.

        Args:
            session: Whose words they are.
            texts: What was typed.
            people_only: Whether leads and partners may be named.

        Raises:
            SessionOver: The session has ended, perhaps meanwhile.
        """
        roster, typed = await self._rosters.read(), [TypedWords(text) for text in texts if text]
        if not people_only and any(_names_one(text, name) for name in _names(session, roster) for text in typed):
            return True
        if not is_for(session.lead.role, "find"):
            return False
        index = await self._names.index(session)
        if session.keys is None:
            raise SessionOver
        for text in typed:
            for word in may_be_names(text):
                if _is_met(session.keys, index, text, word):
                    return True
                await asyncio.sleep(0)  # a search through the index is short, many of them are not
        return False


def _names(session: LeadSession, roster: Roster) -> Iterator[str]:
    inside = session.lead.role in READING
    for one in roster.leads.values():
        if inside or (one.site == session.lead.site and one.role in READING):
            yield one.own_name


def _names_one(text: TypedWords, name: str) -> bool:
    return is_named(text, name) or any(is_called(text, given) for given in given_names(name))


def _is_met(keys: LeadKeys, index: NameIndex, text: TypedWords, word: str) -> bool:
    """Whether a word of the text is the surname of somebody in the index, or a given name, and reads like that."""
    by_surname = index.hits(tags_of(keys, word)) and is_named(text, word)
    return bool(by_surname or (is_called(text, word) and index.hits(given_tags(keys, (word,)))))
