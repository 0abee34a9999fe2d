"""The page's modules joined into one script, in memory at the start, so that a browser waits for one answer only.

Each module becomes a function that runs once and gives what it exports, after those it imports; nothing else of its
text changes. It may import names or everything as one name, and export functions, classes and constants; a binding
that changes later would not be seen by whoever imported it, so ``export let`` is refused.
"""

import re
from collections.abc import Callable

_IMPORT = re.compile(r'^import (?:\* as (\w+)|(\{[^}]*\})) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b|</script|<!--", re.MULTILINE)


def join_modules(first: str, read: Callable[[str], str]) -> str:
    """Return the module called ``first`` and all that it imports as one script.

    ``read`` gives the text of a module by its name.

    Raises:
        ValueError: a module imports or exports in another way than is said above, imports itself by way of others, or
            cannot stand within HTML.
    """
    joined: dict[str, str] = {}

    def add(name: str) -> None:
        if name in joined:
            if not joined[name]:
                raise ValueError(f"{name}.js imports itself, by way of others")
            return
        source = read(name)
        joined[name] = ""
        for match in _IMPORT.finditer(source):
            add(match[3])
        del joined[name]  # after what it imports
        joined[name] = _module(name, source)

    add(first)
    return "\n".join(joined.values())


def _module(name: str, source: str) -> str:
    exports = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(_taken, source))
    if _LEFT.search(body):
        raise ValueError(f"{name}.js cannot be joined")
    return f"const ${name} = (() => {{\n{body}return {{ {exports} }};\n}})();"


def _taken(imported: re.Match[str]) -> str:
    names = imported[1] or imported[2].replace(" as ", ": ")
    return f"const {names} = ${imported[3]};"
