"""The packages that perfeval's users install with it, its extras for them included: those whose licences bind them."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

EXTRAS = ("batch", "documents", "plots", "testing")


def needed(name: str, extras: tuple[str, ...] = (), seen: set[str] | None = None) -> set[str]:
    """What a package stands on, all the way down, of what is installed."""
    found = set[str]() if seen is None else seen
    try:
        required = requires(name) or []
    except PackageNotFoundError:  # of another system or Python
        return found
    for each in required:
        if "extra ==" in each and not any(re.search(rf"extra == ['\"]{extra}['\"]", each) for extra in extras):
            continue
        below = re.split(r"[\s\[<>=!~;(]", each, maxsplit=1)[0]
        if below not in found:
            found.add(below)
            needed(below, (), found)
    return found


if __name__ == "__main__":
    print(*sorted(needed("perfeval", EXTRAS)))
