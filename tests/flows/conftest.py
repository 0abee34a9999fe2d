"""One school that exists nowhere, and the definitions as they ship."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.drafts.rulebook import Flows, assemble
from flows.screens.buttons import Asked, heard_from
from flows.values.draft import Draft
from flows.values.ids import LeadId, SiteId
from flows.values.inputs import Heard
from flows.values.screen import Press, Screen
from flows.values.situation import Contact, Cover, Helpline, Reader, Site, Situation
from flows.values.text import Listed, Moment, Text, Value

FILES = Path(__file__).parents[2] / "flows" / "definitions"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

ROSTER = (
    Reader(LeadId("bell"), "Mr Bell", "lead", "Safeguarding lead"),
    Reader(LeadId("rao"), "Ms Rao", "deputy", "Deputy safeguarding lead"),
    Reader(LeadId("okafor"), "Mrs Okafor", "head", "Head teacher"),
    Reader(LeadId("lindqvist"), "Dr Lindqvist", "chair", "Chair of governors"),
    Reader(LeadId("moreau"), "Ms Moreau", "independent", "Independent reader"),
)

SITE = Site(
    id=SiteId("oak"),
    name="Oak School",
    country="GB",
    emergency="999",
    helplines=(
        Helpline("Childline", "0800 1111", "https://example.org", "24 hours", verified=True),
        Helpline("Another line", "0800 2222", "", "", verified=False),
    ),
    contact=Contact("Ms Rao", "Deputy safeguarding lead", "Room 4"),
    outside=(Contact("The council's children's team", "", "", "0123 456"),),
    languages=("en", "es"),
    timezone="Europe/London",
    practice=False,
    controller="Oak School",
    privacy_contact="office@example.org",
)


@pytest.fixture(scope="session")
def flows() -> Flows:
    return assemble({str(path.relative_to(FILES)): path.read_text() for path in FILES.rglob("*.toml")})


@pytest.fixture(scope="session")
def situation() -> Situation:
    return Situation(NOW, "en", "web", SITE, ROSTER, Cover(open_now=True, read_by=NOW, opens_at=None))


@pytest.fixture(scope="session")
def known_by() -> Callable[..., Situation]:
    def build(**changes: object) -> Situation:
        base = Situation(NOW, "en", "web", SITE, ROSTER, Cover(open_now=True, read_by=NOW, opens_at=None))
        site = {key: changes.pop(key) for key in list(changes) if hasattr(SITE, key)}
        return replace(base, site=replace(SITE, **site), **changes)  # type: ignore[arg-type]

    return build


def english(value: Value) -> str:
    """What a value says in English, as far as a test needs it."""
    match value:
        case Text():
            said = value.msgid if value.plural is None or value.count == 1 else value.plural
            return said.format(count=value.count, **{name: english(one) for name, one in value.args.items()})
        case Listed(items):
            return ", ".join(english(item) for item in items)
        case Moment(at):
            return at.isoformat()
    return str(value)


@pytest.fixture(scope="session")
def say() -> Callable[[Screen], str]:
    """A screen as text: its paragraphs, then its buttons in brackets, a row a line."""

    def text(screen: Screen) -> str:
        rows = [" ".join(f"[{english(button.label)}]" for button in row) for row in screen.rows]
        return "\n".join([*(english(paragraph) for paragraph in screen.paragraphs), *rows])

    return text


@pytest.fixture(scope="session")
def tap() -> Callable[[Screen, str], Heard]:
    """What the button does whose label is the given English text, a tick aside."""

    def press(screen: Screen, label: str) -> Heard:
        for row in screen.rows:
            for button in row:
                if isinstance(button, Press) and english(button.label).removeprefix("✓ ") == label:
                    heard = heard_from(button.data)
                    assert heard is not None
                    assert not isinstance(heard, Asked)
                    return heard  # type: ignore[return-value]
        raise AssertionError(f"no button {label!r}")

    return press


@pytest.fixture(scope="session")
def start(flows: Flows, situation: Situation) -> Callable[..., Draft]:
    from flows.screens.welcome import begin

    def of(register: str, name: str | None = None) -> Draft:
        return begin(flows, register, situation, name)  # type: ignore[arg-type]

    return of
