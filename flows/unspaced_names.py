"""Names in scripts that put no spaces between words, or join endings to them: Chinese, Japanese, Thai, Korean."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_UNSPACED: Final = re.compile("[\u0e00-\u0e7f\u2e80-\ua4cf\uac00-\ud7a3]")
_KOREAN: Final = re.compile("[\uac00-\ud7a3]")
_SIGNS: Final = re.compile(r"[\W_]+")
_TITLES: Final = (
    *("老师", "老師", "先生", "女士", "小姐", "校长", "校長", "主任", "教练", "教練", "教授", "医生", "さん", "くん"),
    *("선생", "쌤", "교수", "코치", "교장", "씨"),
)
#: Family names of two signs; a name that does not begin with one of these has one of one sign.
_TWO_SIGNS: Final = ("欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "남궁", "황보", "선우")


def holds_unspaced(folded: str, name: tuple[str, ...]) -> bool:
    """Whether `folded` holds what is of such a script in a name: all, a piece of several signs, or its family name.

    A name in one piece of two to four signs is a family name and a given name. A family name of one sign, unless it is
    all there is, is looked for with a form of address only.
    """
    forms = _forms(name)
    if not forms:
        return False
    text = _SIGNS.sub("", folded)
    return any(form in text for form in forms)


@lru_cache(maxsize=1_024)
def _forms(name: tuple[str, ...]) -> frozenset[str]:
    pieces = tuple(piece for piece in name if _UNSPACED.search(piece))
    if not pieces:
        return frozenset()
    forms = {"".join(pieces), *(piece for piece in pieces if len(piece) > 1)}
    whole = pieces[0]
    if len(pieces) == 1 and 2 <= len(whole) <= 4 and not re.search("[\u0e00-\u0e7f]", whole):
        family = 2 if whole.startswith(_TWO_SIGNS) else 1
        forms |= {whole[:family] + title for title in _TITLES} | {whole[family:]} - {whole[-1]}
    else:
        forms |= {piece + title for piece in pieces for title in _TITLES if len(piece) == 1}
    if len("".join(pieces)) == 1 and _KOREAN.match(whole):
        forms -= {whole}  # one syllable of Korean is in every sentence
    return frozenset(forms - {""})
