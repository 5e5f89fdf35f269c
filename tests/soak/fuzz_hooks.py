"""Loaded by schemathesis: half of the generated ids become ids of things that exist.

Without it nearly every request would end at "not found". What is deleted comes from a pool of its
own, so that the rest stays. `JOURNIV_FUZZ_IDS` holds both pools: by the name of the path part, and
under `doomed`.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, MutableMapping
from typing import Any

import orjson
import schemathesis

_IDS = orjson.loads(os.environ["JOURNIV_FUZZ_IDS"])
_turns = itertools.count()


@schemathesis.hook
def before_call(context: Any, case: Any, **options: Any) -> None:
    doomed = case.method == "DELETE" or "merge" in case.path
    pool = _IDS["doomed"] if doomed else _IDS
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, MutableMapping):
            _fill(part, lambda name: pool.get(name, ()))


def _fill(fields: MutableMapping[str, Any], known: Callable[[str], Any]) -> None:
    for name, value in fields.items():
        ids = known(name)
        if ids and isinstance(value, str | int) and next(_turns) % 2:
            fields[name] = ids[next(_turns) // 2 % len(ids)]
