"""Whether a text names somebody, however the name is typed, in scripts with spaces and without (decision 15).

A **surname** is enough as a word: in any case, with accents, umlauts written out or left out, joined to its particles
or parted from them, with a possessive with or without its apostrophe, with the letters that Arabic and Hebrew put
before a word, with digits or look-alike signs for letters, stretched, or spelt out. So are words of the name in a row.

A surname that is a **word as well** (`lists`) needs more:

- a thing ("Bell", "King"): that no article or the like stands before it;
- an adjective, a verb or the like ("Young", "Hope", "Rose"): a capital inside a sentence of small letters, a possessive
  with its apostrophe, a verb behind it ("young hit me"), or that the text is hardly more than it;
- a word of grammar, a month or a language ("Will", "May"): a form of address or another part of the name beside it.

What is enough for one is enough for those above it. A form of address may be run into the name ("MrBell"), and with it
what ends in s like a plural is a possessive ("Mr Bells hand").

A **given name** needs a form of address ("Miss Asha"), or another part of the name; one that is a word of grammar needs
a form of address that is not said alone too ("miss will tell my mum"), or a capital behind it.

One letter wrong in a surname of five or more is seen behind a form of address. It errs on the side of a match: an
alternate checks, and a withheld reader can be let in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from flows.names.forms import NameForms, name_forms
from flows.names.typed_words import TypedWords

_UNSPACED: Final = re.compile("[\u0e00-\u0e7f\u2e80-\ua4cf\uac00-\ud7a3]")
_KOREAN: Final = re.compile("[\uac00-\ud7a3]")
_SIGNS: Final = re.compile(r"[\W_]+")
_TITLES: Final = (
    *("老师", "老師", "先生", "女士", "小姐", "校长", "校長", "主任", "教练", "教練", "教授", "医生", "さん", "くん"),
    *("선생", "쌤", "교수", "코치", "교장", "씨"),
)
#: Family names of two signs; a name that does not begin with one of these has one of one sign.
_TWO_SIGNS: Final = ("欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "남궁", "황보", "선우")


def names(text: str, name: str) -> bool:
    """Return whether `text` names the bearer of `name` ("Mr Ayo Bell", "Bell", "أ. محمد علي"); see `is_named`."""
    return is_named(TypedWords(text), name)


def is_named(typed: TypedWords, name: str) -> bool:
    """Return whether the text of `typed` names the bearer of `name`, which may have forms of address.

    A text is folded once, in time in proportion to its length, however many names it is asked for.
    """
    forms = name_forms(name)
    if forms is None:
        return False
    return (
        _holds(typed, forms)
        or (typed.split_up is not None and _holds(typed.split_up, forms))
        or holds_unspaced(typed.folded, forms.pieces)
    )


def is_same_name(one: str, other: str) -> bool:
    """Return whether all words of one name, forms of address aside, are in the other.

    Then both may belong to one person.
    """
    first, second = name_forms(one), name_forms(other)
    if first is None or second is None:
        return False
    fewer, more = sorted((frozenset(first.pieces), frozenset(second.pieces)), key=len)
    return fewer <= more


def _holds(typed: TypedWords, forms: NameForms) -> bool:
    return (
        any(
            typed.shows(forms.words[word], place, 1, forms.own)
            for word in typed.readings.keys() & forms.words.keys()
            for place in typed.places(word)
        )
        or any(
            typed.holds(row, place) and typed.shows(need, place, len(row), forms.own)
            for first in typed.readings.keys() & forms.rows.keys()
            for row, need in forms.rows[first]
            if row[1] in typed.readings
            for place in typed.places(first)
        )
        or not forms.words.keys().isdisjoint(typed.run_in)
        or not typed.slips.isdisjoint(forms.slips)
        or (typed.spelt != "" and any(word in typed.spelt for word in forms.spelt))
    )


def holds_unspaced(folded: str, name: tuple[str, ...]) -> bool:
    """Return whether `folded` holds the part of a name that is in a script without spaces.

    That is all of it, a piece of several signs, or its family name. A name in one piece of two to four signs is a
    family name and a given name. A family name of one sign, unless it is all there is, is looked for with a form of
    address only.
    """
    forms = _forms(name)
    if not forms:
        return False
    text = _SIGNS.sub("", folded)
    return any(form in text for form in forms)


def family_signs(whole: str) -> int:
    """Return how many signs of a name in one piece, in a script without spaces, are its family name: 1 or 2."""
    return 2 if whole.startswith(_TWO_SIGNS) else 1


@lru_cache(maxsize=1_024)
def _forms(name: tuple[str, ...]) -> frozenset[str]:
    pieces = tuple(piece for piece in name if _UNSPACED.search(piece))
    if not pieces:
        return frozenset()
    forms = {"".join(pieces), *(piece for piece in pieces if len(piece) > 1)}
    whole = pieces[0]
    if len(pieces) == 1 and 2 <= len(whole) <= 4 and not re.search("[\u0e00-\u0e7f]", whole):
        family = family_signs(whole)
        forms |= {whole[:family] + title for title in _TITLES} | {whole[family:]} - {whole[-1]}
    else:
        forms |= {piece + title for piece in pieces for title in _TITLES if len(piece) == 1}
    if len("".join(pieces)) == 1 and _KOREAN.match(whole):
        forms -= {whole}  # one syllable of Korean is in every sentence
    return frozenset(forms - {""})
