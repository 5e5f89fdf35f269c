"""What a plugin does before the server runs, watched in a process of its own.

`python -m journiv.testing.probe NAME` prints one JSON object: see `Seen`.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

if TYPE_CHECKING:
    from journiv.loader import Plugins

TOUCHING: Final = frozenset({
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
    "sqlite3.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork",
    "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.chmod", "shutil.copyfile",
})  # fmt: skip
"""Audit events (PEP 578) of code that does more than make objects."""
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Seen(TypedDict):
    """What was seen.

    `drivers` are packages that importing the plugin loaded; `import_touched` and `touched` are
    what importing it, and then calling its hooks and creating its backends, did beside that.
    `backends` are (name, what it should be, what was created), `settings` its schema.
    """

    api: str
    hooks: list[str]
    drivers: list[str]
    import_touched: list[str]
    touched: list[str]
    threads: list[str]
    backends: list[tuple[str, str, str]]
    settings: dict[str, Any]


class Watch:
    """Notes what is touched. An audit hook stays for as long as the process lives."""

    def __init__(self, data: Path) -> None:
        self._data = str(data)
        self._noted: list[str] = []
        sys.addaudithook(self._note)

    def taken(self) -> list[str]:
        """Return what was noted since the last time."""
        noted, self._noted = self._noted, []
        return noted

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in TOUCHING:
            self._noted.append(f"{event}{arguments[:2]!r}"[:200])
        elif event == "open" and self._concerns(arguments):
            self._noted.append(f"open({arguments[0]!r})")

    def _concerns(self, arguments: tuple[Any, ...]) -> bool:
        """Say whether a file is written, or is one of the installation's own."""
        path, _, flags = arguments
        if isinstance(path, int) or ".pyc" in str(path) or str(path) == os.devnull:
            return False
        return bool(flags & _WRITING) or str(path).startswith(self._data)


def probe(name: str, data: Path) -> Seen:
    """Load one plugin as the server does, call its hooks and create what it offers.

    Raises `LookupError` when it is not installed, and `ConfigError` as the server would.
    """
    from journiv import API_VERSION, config, loader
    from journiv.loader.discovery import discover

    _import_the_public_surface()
    candidate = next((one for one in discover() if one.name == name), None)
    if candidate is None:
        raise LookupError(f"no plugin '{name}' is installed where the tests run")
    watch = Watch(data)
    before = _packages()
    importlib.import_module(candidate.module)
    drivers = sorted(_packages() - before - {candidate.module.partition(".")[0]})
    import_touched = watch.taken()
    plugins = loader.load(config.read_sources(os.environ), API_VERSION, [candidate])
    row = plugins.rows()[0]
    watch.taken()
    called = {"journiv_config_schema"}
    plugins.calls.monitor(called.add)
    backends = list(_wired(name, plugins))
    uncalled = set(row.hooks) - called
    if uncalled:
        raise LookupError(f"this kit does not know how to call {', '.join(sorted(uncalled))}")
    return Seen(
        api=row.api or "",
        hooks=list(row.hooks),
        drivers=drivers,
        import_touched=import_touched,
        touched=watch.taken(),
        threads=[one.name for one in threading.enumerate() if one is not threading.main_thread()],
        backends=backends,
        settings=_plain(loader.plugins.schemas(plugins.calls)[name]),
    )


def _wired(name: str, plugins: Plugins) -> Iterator[tuple[str, str, str]]:
    """Call every hook, and yield what is created: its name, what it should be and what it is."""
    from journiv import config, loader

    host = loader.Host(plugins.settings, config.clock(plugins.settings))
    loader.contributions(plugins.calls, host)
    loader.importers(plugins.calls)
    loader.exporters(plugins.calls)
    loader.commands(plugins.calls, host, ())
    loader.media_processors(plugins.calls, host)
    for hook, (offer, kind) in _backends().items():
        for _, backend in plugins.calls.each(hook, offer, lambda plugin: {}):
            made = backend.create(host.settings.plugin(name), host.context(name))
            is_one = isinstance(made, kind)
            yield backend.name, kind.__name__, kind.__name__ if is_one else type(made).__name__


def _backends() -> dict[str, tuple[type, type]]:
    """Return by hook what it returns, and what that creates."""
    from journiv.contracts import auth, media, ratelimit, storage, store_backend, tokens

    return {
        "journiv_register_stores": (store_backend.StoreBackend, storage.Store),
        "journiv_register_authenticators": (auth.AuthBackend, auth.Authenticator),
        "journiv_register_token_handlers": (tokens.TokenBackend, tokens.TokenHandler),
        "journiv_register_rate_limiters": (ratelimit.RateLimitBackend, ratelimit.RateLimiter),
        "journiv_register_media_stores": (media.MediaBackend, media.MediaStore),
    }


def _import_the_public_surface() -> None:
    """Load what any plugin may import, so that what is loaded after it is the plugin's own."""
    from journiv import contracts, domain, hookspecs

    for package in (contracts, domain, hookspecs):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def _packages() -> set[str]:
    """Return the packages that are loaded, without Python's own and Journiv."""
    names = {name.partition(".")[0] for name in sys.modules}
    return names - set(sys.stdlib_module_names) - {"journiv", "__main__", "__mp_main__"}


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema without functions, which JSON cannot hold."""
    plain: dict[str, Any] = json.loads(json.dumps(schema, default=repr))
    return plain


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probe(sys.argv[1], Path(os.environ["JOURNIV_DATA"]))))
