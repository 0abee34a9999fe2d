"""What the tests of drawing have drawn: three charts in two directions, and a paper of some twelve pages."""

from __future__ import annotations

from flows.measures.charts import Bar, Chart, Mark, Outline, Paper, Picture, Section

CHARTS = (
    Chart(
        "Half of all concerns had a human answer within 40 minutes.",
        (Bar("Within 1 hour", 62, "62 %", strong=True), Bar("The same day", 27, "27 %"), Bar("Later", 11, "11 %")),
    ),
    Chart(
        "Most often the school helped by itself.",
        (
            Bar("Support in school", 45, "45", strong=True),
            Bar("Social care or the police", 15, "15"),
            Bar("Something else", None, "fewer than 5"),
        ),
    ),
    Chart("Nothing can be counted yet."),
)
ARABIC = Chart(
    "نصف جميع المخاوف حصل على رد من إنسان خلال 40 دقيقة.",
    (Bar("خلال ساعة واحدة", 62, "62 %", strong=True), Bar("أو الشرطة", None, "أقل من 5")),
)
PICTURE = Picture(CHARTS)

WORDS = "Tom hit me, and his sister saw it. I told nobody until today since I was afraid of what would come. " * 6
ARABIC_WORDS = "ضربني توم ورأت أخته ذلك. لم أخبر أحدًا حتى اليوم لأنني كنت خائفة مما سيحدث. " * 5


def paper(sections: int = 30) -> Paper:
    """A paper of words in two scripts, with a chart now and then, and an outline at its end."""
    parts = tuple(
        Section(f"[{number}] Written Friday", (WORDS, ARABIC_WORDS), CHARTS[number % 3] if number % 8 == 0 else None)
        for number in range(1, sections + 1)
    )
    marked = Outline("Front", "Back", (Mark(1, "front", 700, 280),))
    injuries = Section("Injuries", ("1: a bruise on the left upper arm",), None, marked)
    front = (("Handed out to", "the mother"), ("Name", "مِيا"))
    return Paper("Willow Park School: record K7QM3D", front, (*parts, injuries), "record K7QM3D")
