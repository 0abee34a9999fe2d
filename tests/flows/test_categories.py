"""Categories: the whole table of the domain, its groups, and what follows from a choice."""

from typing import get_args

import pytest

from flows.drafts.rulebook import Flows
from flows.loading.categories import Categories, read_categories
from flows.loading.source_lines import DefinitionError
from flows.values.ids import Register

REGISTERS: tuple[Register, ...] = get_args(Register)

URGENCIES = {"I": "immediate", "D": "same_day", "S": "soon", "R": "routine"}

#: Section 1 of the domain, as it stands there.
TABLE = """
bullying.face_to_face|Someone is mean to me|Bullying|Bullying|Bullying, in person|S||b
bullying.online|Mean online|Bullying online|Online bullying|=|S||b,o
hate|Mean because of who I am|Racism, hate, discrimination|=|Hate/discrimination|S||b
abuse.physical|Someone hurts me|Being hit or hurt|Child being hurt|Physical abuse ⛔|D||p
abuse.emotional|Someone makes me feel bad or scared|Being put down or controlled|Emotional harm|Emotional abuse ⛔|D||x
abuse.sexual|Touching or secrets I don't like|Sexual abuse|Sexual abuse|= ⛔|D||s
neglect|Not looked after|Not being cared for|Neglect|=|D||n
domestic_abuse|Fighting at home|Violence or control at home|Domestic abuse|= ⛔|D||d
relationship_abuse|–|Partner hurts or controls me|Teen relationship abuse|=|D||s,x
child_on_child|Another child hurts me|Someone my age hurts me|Harm by another child|Child-on-child abuse|D||p
sexual_violence_harassment|Rude touching or words|Sexual harassment or assault|=|Child-on-child sexual violence/harassment|D||s
self_harm|Hurting myself|Self-harm|=|=|D||h
suicide_risk|I don't want to be alive|Suicidal thoughts|=|Suicide risk|I||h
eating|Worries about food|Eating problems|=|Eating concern|S||h
wellbeing|Sad or worried|Mental health|=|Wellbeing|R||h1
exploitation.cse|Someone gives me things to do rude stuff|Sexual exploitation|=|CSE ⛔|D||e,s
exploitation.cce|Made to do bad things|Made to commit crime|Criminal exploitation|CCE|D||e
exploitation.county_lines|Made to carry things|Made to move drugs or money|County lines|=|D||e
online.grooming|Someone online is strange or asks secrets|Grooming|=|= ⛔|D||o
online.image_sharing|A picture of me|Nudes shared or threatened|=|Nudes/semi-nudes|D||o
online.sextortion|Someone threatens me online|Blackmail online|=|Sextortion|I||o,h1
online.harmful_content|Saw something scary|Upsetting content|=|=|R||o
radicalisation|Told to hate people|Extreme ideas|=|Prevent concern|S||x
hbv|Scared about family rules|"Honour" threats|=|HBV ⛔|I||t
forced_marriage|Made to marry|Forced marriage|=|= ⛔|D||t
fgm|Cut on private parts|FGM|=|= ⛔|D||t
missing.person|Someone is missing|=|Missing child|=|I||m
missing.education|Not going to school|Missing school|=|CME/absence|S||m
substance|Drugs or drink|=|=|Substance use|S||x
weapon|Knife or weapon|=|=|=|I||w
young_carer|I look after my family|Young carer|=|=|R||x
housing_poverty|Not enough food or home|Money, food, home|=|=|S||n
staff_conduct.allegation|A grown-up here did something wrong|An adult who works here|About staff|May meet harm threshold|D|HEAD|a
staff_conduct.low_level|–|=|=|Low-level concern|S|HEAD|a
staff_conduct.self_report|–|–|–|Reporting myself|S|HEAD|a
adult_external|A grown-up at a club|Adult at club/faith/sport|=|Position of trust elsewhere|D|DSL+LADO|a
health_safety|Something unsafe|=|=|=|R|SITE|x
system_misuse|–|Problem with this service|=|Confidentiality or retaliation|D|INDEPENDENT|a
other|Not sure|=|=|Other|S||x
"""  # noqa: E501, RUF001 -- the table as it stands there

ROWS = [line.split("|") for line in TABLE.strip().splitlines()]


@pytest.fixture(scope="session")
def categories(flows: Flows) -> Categories:
    return flows.categories


def labels(row: list[str]) -> list[str]:
    """The four labels: "=" repeats the one to its left, an empty one is taken from the next older."""
    cells = [cell.removesuffix("⛔").strip().replace("–", "") for cell in row[1:5]]  # noqa: RUF001 -- likewise
    for place, cell in enumerate(cells):
        if cell == "=":
            cells[place] = cells[place - 1]
    return [cell or next(older for older in cells[place:] if older) for place, cell in enumerate(cells)]


def test_there_are_exactly_the_categories_of_the_domain(categories: Categories) -> None:
    assert sorted(categories.codes) == sorted(row[0] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_a_category_is_as_the_domain_has_it(categories: Categories, row: list[str]) -> None:
    code, urgency, route, asks = row[0], row[5], row[6], row[7]
    assert [categories.label(code, register).msgid for register in REGISTERS] == labels(row)
    assert categories.urgencies_of((code,)) == {URGENCIES[urgency]}
    assert categories.advice((code,)) == (route or "DSL",)
    assert categories.sets_of((code,)) == set(asks.split(","))
    assert categories.no_parent_contact((code,)) is ("⛔" in row[4])


def test_labels_have_the_context_of_who_reads_them(categories: Categories) -> None:
    contexts = [categories.label("weapon", register).context for register in REGISTERS]
    assert contexts == ["child", "child", "parent", "staff"]


def test_six_groups_hold_every_category_once(categories: Categories) -> None:
    groups = categories.group_ids()
    assert len(groups) == 6
    held = [code for group in groups for code in categories.codes_in(group, "staff")]
    assert sorted(held) == sorted(categories.codes)
    for code in categories.codes:
        [group] = categories.groups_of((code,))
        assert code in categories.codes_in(group, "staff")


def test_what_only_staff_can_mean_is_offered_to_staff_alone(categories: Categories) -> None:
    offered = {
        register: {code for group in categories.group_ids() for code in categories.codes_in(group, register)}
        for register in REGISTERS
    }
    assert offered["staff"] - offered["12_17"] == {"staff_conduct.low_level", "staff_conduct.self_report"}
    assert offered["12_17"] == offered["parent"]


def test_a_group_alone_asks_and_weighs_something_and_suggests_nothing_sexual(categories: Categories) -> None:
    for group in categories.group_ids():
        assert categories.sets_of((group,))
        assert "s" not in categories.sets_of((group,))
        assert categories.urgencies_of((group,)) <= {"soon", "same_day"}
        assert categories.groups_of((group,)) == frozenset()


def test_a_code_of_an_older_file_is_shown_and_decides_nothing(categories: Categories) -> None:
    assert categories.label("gone", "staff").args == {"code": "gone"}
    assert (
        categories.sets_of(("gone",)) == categories.urgencies_of(("gone",)) == categories.groups_of(("gone",)) == set()
    )
    assert not categories.no_parent_contact(("gone",))


GROUP = '[group.g]\nunder_12 = "G"\nurgency = "soon"\nholds = ["a"]\n'
CATEGORY = '[category.a]\nstaff = "A"\nurgency = "soon"\n'


def test_an_organisation_lays_its_own_file_over_ours() -> None:
    ours = read_categories(GROUP + CATEGORY, overlay='[category.a]\nurgency = "immediate"\nparent = "B"\n')
    assert ours.urgencies_of(("a",)) == {"immediate"}
    assert [ours.label("a", register).msgid for register in REGISTERS] == ["B", "B", "B", "A"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (GROUP, "a group holds 'a', which is no category"),
        (CATEGORY, "category 'a' has to be in one group"),
        (GROUP + CATEGORY.replace("soon", "now"), "'now' is none of immediate, same_day, soon, routine"),
        (GROUP + '[category.a]\nurgency = "soon"\n', "there is no label"),
        (GROUP + CATEGORY + "colour = 1\n", "unknown key 'colour'"),
        (GROUP + CATEGORY + 'advice = "POPE"\n', "'POPE' is none of DSL, HEAD, SITE, INDEPENDENT, DSL+LADO"),
        (GROUP + CATEGORY + 'only = ["adult"]\n', "'adult' is none of under_12, 12_17, parent, staff"),
    ],
)
def test_an_unfit_file_is_refused(text: str, what: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        read_categories(text)
    assert refused.value.what == what
