"""An organisation's own file laid over ours: tables are patched by id, lists of tables by the `id` of their items."""

from __future__ import annotations

from collections.abc import Mapping


def laid_over(ours: Mapping[str, object], theirs: Mapping[str, object]) -> dict[str, object]:
    """`ours` with what `theirs` says instead; what `theirs` does not name stays, and both stay untouched."""
    merged = dict(ours)
    for key, value in theirs.items():
        merged[key] = _merged(ours.get(key), value)
    return merged


def _merged(ours: object, theirs: object) -> object:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return laid_over(ours, theirs)
    if isinstance(ours, list) and isinstance(theirs, list) and _have_ids(ours) and _have_ids(theirs):
        return _by_id(ours, theirs)
    return theirs


def _have_ids(items: list[object]) -> bool:
    return all(isinstance(item, dict) and "id" in item for item in items)


def _by_id(ours: list[dict[str, object]], theirs: list[dict[str, object]]) -> list[dict[str, object]]:
    patches = {item["id"]: item for item in theirs}
    patched = [laid_over(item, patches.pop(item["id"], {})) for item in ours]
    return [*patched, *patches.values()]
