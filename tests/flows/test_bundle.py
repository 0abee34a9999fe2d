"""An organisation's own files: laid over ours, and refused where they would do nothing."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.danger.crisis_phrases import look
from flows.drafts.rulebook import assemble
from flows.loading.source_lines import DefinitionError

FILES = Path(__file__).parents[2] / "flows" / "definitions"
OURS: Mapping[str, str] = {str(path.relative_to(FILES)): path.read_text() for path in FILES.rglob("*.toml")}
RULE = '\n[rule.X]\nsay = "X"\nlevels = [{ urgency = "immediate", when = { %s } }]\n'


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("chid.toml", "", "definitions/chid.toml:0: is laid over nothing"),
        ("sets.toml", "", "definitions/sets.toml:0: is laid over nothing"),
        ("rules.toml", RULE % 'C99 = "yes"', "definitions/rules.toml:2: rule 'X' looks at 'C99', which is unknown"),
        ("rules.toml", RULE % 'C4 = "jes"', "definitions/rules.toml:2: rule 'X' looks for 'jes', no answer to 'C4'"),
        ("child.toml", '[step.C8]\nwhen = { C4 = "jes" }\n', "definitions/child.toml:1: a condition looks for 'jes'"),
    ],
)
def test_what_would_never_have_an_effect_is_told_with_its_place(path: str, text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        assemble(OURS, {path: text})
    assert str(raised.value).startswith(told)


def test_an_organisations_rule_may_look_at_answers_groups_and_words() -> None:
    for condition in ('C4 = "skipped"', 'C10 = "g.hurt"', 'words = "written"', 'C8 = "written"', 'cover = "closed"'):
        rules = assemble(OURS, {"rules.toml": RULE % condition}).rules
        assert "X" in [rule.id for rule in rules]


def test_an_organisations_phrases_stand_beside_ours() -> None:
    own = 'language = "en"\nversion = "1"\nreviewer = "A. Lead"\n[danger]\nhigh = ["the red van"]\n'
    phrases = assemble(OURS, {"crisis/en.toml": own}).phrases
    assert [(hit.phrase_class, hit.certainty) for hit in look("it was The Red Van", phrases)] == [("danger", "high")]
    assert look("I want to die", phrases)


def test_no_file_of_an_organisation_changes_nothing() -> None:
    assert assemble(OURS, {}) == assemble(OURS)
