"""Languages: whether what sites offer is there, compiled, and read over by people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.checks.finding import Finding, good, look, wrong
from bot.settings import Settings
from locales.compile import CATALOGUES, DOMAIN, stale

#: What the header of a catalogue says until somebody who speaks the language has read it over.
UNREAD: Final = "machine-made, needs human review"


def look_at_languages(settings: Settings, directory: Path = CATALOGUES) -> Iterator[Finding]:
    """Each language that some site offers, and each catalogue that nobody has read over."""
    sources = {path.parts[-3]: path for path in sorted(directory.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}
    for language in sorted({language for site in settings.sites.values() for language in site.languages}):
        if language != "en" and language not in sources:
            yield wrong(f"a site offers {language}, which Hark does not speak", f"leave it out, or add {language}")
    for language in stale(directory):
        yield look(
            f"the catalogue of {language} is not compiled", "it is compiled at the next start, or by make messages"
        )
    for language, path in sources.items():
        if UNREAD in path.read_text("utf-8", errors="replace")[:2000]:
            yield look(
                f"no person has read over the translation into {language}",
                "have somebody read it, its help screen first; then take the sentence out of its header",
            )
        else:
            yield good(f"{language} was read over by a person")
