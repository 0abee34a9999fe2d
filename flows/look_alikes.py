"""Letters of other scripts that look like Latin ones: a phone's keyboard or a pasted text puts them in their place."""

from __future__ import annotations

from typing import Final

_CYRILLIC: Final = (
    "АВЕЅІЈКМНОРСТУХԜҺӀЬ" + "авеѕіјкмнорстухԝһӏԁԛьпгиш",
    "ABESIJKMHOPCTYXWHIb" + "abesijkmhopctyxwhldqbnruw",
)
_GREEK: Final = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳ" + "αβεζηικμνορτυχωγϲ", "ABEZHIKMNOPTYXCj" + "abeznikuvoptuxwyc")  # noqa: RUF001 - to look like others is what they are here for
_LATIN: Final = ("ıłŁøØđĐɑɡ", "ilLoOdDag")

#: For `str.translate`, before case is set aside: the capital and the small letter may look like different ones.
LATIN_FOR: Final[dict[int, str]] = {
    ord(other): latin
    for others, latins in (_CYRILLIC, _GREEK, _LATIN)
    for other, latin in zip(others, latins, strict=True)
}
