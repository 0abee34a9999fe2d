"""Every mistake in a definition is told with the file and the line of its table."""

import pytest

from flows.drafts.scene import wording
from flows.loading.definition import Definition
from flows.loading.loader import load
from flows.loading.source_lines import DefinitionError
from flows.values.draft import Chose

GOOD = """\
context = "child"
registers = ["under_12"]
order = ["safe", "tell", "who"]
after = ["more", "sets"]
sets = ["b"]

[fact.unsafe]
safe = "no"

[step.safe]
kind = "choice"
text = [
  { when = { register = "under_12" }, say = "Are you OK?" },
  { say = "Are you safe?" },
]
options = [{ id = "yes", label = "Yes" }, { id = "no", label = "No" }]

[step.tell]
kind = "words"
text = "Tell us."
also = [{ when = { unsafe = true }, say = "Go to someone." }]

[step.who]
kind = "readers"
text = "They will read it."

[step.more]
kind = "words"
text = "More?"

[step.often]
kind = "words"
text = "How often?"

[set.b]
order = ["often"]

[interrupt.help]
when = { unsafe = true }
"""


def good(overlay: str | None = None) -> Definition:
    return load(GOOD, "child", overlay, "school.toml")


def test_a_definition_is_read_whole() -> None:
    definition = good()
    assert definition.order == ("safe", "tell", "who")
    assert definition.sets == {"b": ("often",)}
    assert [option.id for option in definition.steps["safe"].options] == ["yes", "no"]
    assert [one.id for one in definition.interrupts] == ["help"]


def test_the_first_wording_that_holds_is_said() -> None:
    text = good().steps["safe"].text
    assert wording(text, {}, {"register": frozenset({"under_12"})}) == "Are you OK?"
    assert wording(text, {}, {"register": frozenset({"12_17"})}) == "Are you safe?"
    assert wording((), {"safe": Chose(("no",))}, {}) == ""


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('"tell", "who"]', '"tell", "who", "nowhere"]', 3, "unknown step 'nowhere'"),
        ('order = ["safe", "tell", "who"]', 'order = ["safe", "who"]', 18, "'tell' is never asked"),
        ('"tell", "who"]', '"tell", "who", "tell"]', 3, "twice"),
        ('{ id = "no", label = "No" }', '{ id = "no" }', 10, "option 'no' has no label"),
        ('{ id = "no", label = "No" }', '{ id = "no", label = " " }', 10, "a wording is empty"),
        ('{ id = "no", label = "No" }', '{ label = "No" }', 10, "no id"),
        ('{ id = "no", label = "No" }', '{ id = "yes", label = "No" }', 10, "option 'yes' stands here twice"),
        ('[step.tell]\nkind = "words"', '[step.tell]\nkind = "words"\nwhen = { more = "written" }', 18, "a later step"),
        ('[step.tell]\nkind = "words"', '[step.tell]\nkind = "words"\nwhen = { moon = "full" }', 18, "unknown"),
        ('[step.tell]\nkind = "words"', '[step.tell]\nkind = "words"\ncolour = "red"', 18, "unknown key 'colour'"),
        ('[step.tell]\nkind = "words"', '[step.tell]\nkind = "poem"', 18, "no such kind: 'poem'"),
        ('[step.tell]\nkind = "words"', "[step.tell]\nkind = 3", 18, "'kind' takes a text"),
        ('text = "Tell us."', "", 18, "'tell' has no text"),
        ("[step.more]", "[step.tell]", 27, "twice, first in line 18"),
        ('safe = "no"', 'moon = "full"', 7, "'moon', which is unknown"),
        ('safe = "no"', "unsafe = true", 7, "'unsafe', which is unknown"),
        ('safe = "no"', 'safe = "perhaps"', 7, "'perhaps', no answer to 'safe'"),
        ('safe = "no"', 'more = "written"', 18, "'unsafe', which looks at later steps only"),
        ("[interrupt.help]\nwhen = { unsafe = true }", "[interrupt.help]\nwhen = { moon = true }", 38, "'moon'"),
        ('sets = ["b"]', 'sets = ["b", "c"]', 5, "most dangerous first"),
        ('order = ["often"]', 'order = ["tell"]', 0, "never asked"),
        ('registers = ["under_12"]', 'registers = ["teacher"]', 2, "no register is called 'teacher'"),
        ('context = "child"', 'context = "child"\nsecret = 1', 1, "unknown key 'secret'"),
        ('kind = "readers"', "kind = readers", 24, "not TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, line: int, what: str) -> None:
    assert old in GOOD
    with pytest.raises(DefinitionError) as raised:
        load(GOOD.replace(old, new, 1), "child")
    assert what in raised.value.what
    assert raised.value.file == "child.toml"
    if line:
        assert raised.value.line == line


def test_more_than_six_options_do_not_fit_a_screen() -> None:
    options = ", ".join(f'{{ id = "o{n}", label = "{n}" }}' for n in range(7))
    text = GOOD.replace(
        'options = [{ id = "yes", label = "Yes" }, { id = "no", label = "No" }]', f"options = [{options}]"
    )
    with pytest.raises(DefinitionError, match="more than 6 options"):
        load(text, "child")


def test_an_overlay_patches_by_id_and_leaves_the_rest() -> None:
    overlay = """
    [step.safe]
    options = [{ id = "no", label = "No, I am not" }, { id = "not_sure", label = "Not sure" }]
    """
    definition = good(overlay)
    labels = {option.id: option.label[0].say for option in definition.steps["safe"].options}
    assert labels == {"yes": "Yes", "no": "No, I am not", "not_sure": "Not sure"}
    assert definition.steps["tell"] == good().steps["tell"]


def test_an_overlay_may_add_a_step_and_ask_it() -> None:
    overlay = """
order = ["safe", "tell", "bus", "who"]

[step.bus]
kind = "choice"
text = "Is it on the bus?"
options = [{ id = "yes", label = "Yes" }]
"""
    assert good(overlay).order == ("safe", "tell", "bus", "who")


def test_a_mistake_in_an_overlay_names_the_overlay() -> None:
    with pytest.raises(DefinitionError) as raised:
        good('\n\n[step.tell]\nkind = "song"\n')
    assert (raised.value.file, raised.value.line) == ("school.toml", 3)


@pytest.mark.parametrize(
    ("also", "what"),
    [
        ('"Someone is back {opens}."', "'{opens}' is a promise: its 'when' has to have opens = \"known\""),
        (
            '"Thank you. Someone will find you today."',
            "'today' is a promise: its 'when' has to have read_today = \"yes\"",
        ),
        ('"Go to {contact}."', "'{contact}' is not filled in here"),
        ('"Did you see them today?"', ""),
    ],
)
def test_a_promise_asks_for_the_hours_that_hold_it(also: str, what: str) -> None:
    text = GOOD.replace('"Go to someone."', also)
    if not what:
        load(text, "child")
        return
    with pytest.raises(DefinitionError) as caught:
        load(text, "child")
    assert what in str(caught.value)
    assert "child.toml:" in str(caught.value)
    fact, value = ("opens", "known") if "opens" in also else ("read_today", "yes")
    held = text.replace("unsafe = true }, say", f'unsafe = true, {fact} = "{value}" }}, say')
    if "contact" not in also:
        load(held, "child")
