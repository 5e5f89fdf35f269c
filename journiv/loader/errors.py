"""Everything that can be wrong with plugins: a class and a sentence for each situation.

Each names the plugin with its distribution and the switch that gets past it. All are
`ConfigError`s: exit code 78, no traceback.
"""

from __future__ import annotations

from collections.abc import Sequence

from journiv.domain.errors import ConfigError


class PluginError(ConfigError):
    """Base: the plugins that are installed or chosen do not make a server."""


class UnknownPlugin(PluginError):
    """A list names a plugin that is not installed: a typo in a deny list is a security bug."""

    def __init__(self, setting: str, name: str, suggestion: str, installed: Sequence[str]) -> None:
        super().__init__(
            f"{setting} names '{name}', which is not installed.{suggestion} "
            f"Installed: {', '.join(installed)}."
        )


class BuiltinDisabled(PluginError):
    """`builtin` was switched off."""

    def __init__(self) -> None:
        super().__init__("'builtin' cannot be disabled; remove it from JOURNIV_PLUGINS_DISABLED.")


class DuplicatePlugin(PluginError):
    """Two distributions bring a plugin of one name, and one would shadow the other."""

    def __init__(self, name: str, first: str, second: str) -> None:
        super().__init__(
            f"Two installed packages both call themselves '{name}': {first} and {second}. "
            "Uninstall one."
        )


class ImportFailed(PluginError):
    """The module cannot be imported."""

    def __init__(self, plugin: str, origin: str, name: str, reason: str) -> None:
        super().__init__(
            f"Plugin {plugin} ({origin}) could not be imported: {reason}. Install what it needs, "
            f"or add {name} to JOURNIV_PLUGINS_DISABLED."
        )


class NoApiVersion(PluginError):
    """The module does not say which plugin API it was written for."""

    def __init__(self, plugin: str, origin: str, offered: str) -> None:
        super().__init__(
            f"Plugin {plugin} ({origin}) does not state JOURNIV_API, such as "
            f'JOURNIV_API = "{offered}". Correct it, or add {plugin} to JOURNIV_PLUGINS_DISABLED.'
        )


class WrongApiVersion(PluginError):
    """The module was written for a plugin API that this release does not offer."""

    def __init__(self, plugin: str, version: str, wanted: str, offered: str, newer: bool) -> None:
        mend = (
            f"Upgrade journiv, or install an older {plugin}"
            if newer
            else f"Install a newer {plugin}"
        )
        super().__init__(
            f"{plugin} {version} was written for plugin API {wanted}; this journiv offers "
            f"{offered}. {mend}, or add {plugin} to JOURNIV_PLUGINS_DISABLED."
        )


class UnknownHook(PluginError):
    """An implementation of a hook that does not exist."""

    def __init__(self, plugin: str, hook: str, suggestion: str) -> None:
        super().__init__(f"{plugin} implements '{hook}', which does not exist.{suggestion}")


class UnmarkedHook(PluginError):
    """A function named like a hook lacks `@hookimpl`, so nothing would call it."""

    def __init__(self, plugin: str, hook: str) -> None:
        super().__init__(f"{plugin} has a function {hook} without @hookimpl; add the decorator.")


class UnknownArgument(PluginError):
    """An implementation asks for an argument that the hook does not pass."""

    def __init__(self, plugin: str, hook: str, argument: str, known: Sequence[str]) -> None:
        passed = f"passes {', '.join(known)}" if known else "passes nothing"
        super().__init__(f"{plugin}: {hook} asks for '{argument}', but the hook {passed}.")


class AsyncHook(PluginError):
    """A hook is a coroutine or generator function."""

    def __init__(self, plugin: str, hook: str) -> None:
        super().__init__(
            f"{plugin}: {hook} must be a plain function; return an object with async methods "
            "instead."
        )


class OrderedHook(PluginError):
    """A hook wraps others or asks to come first or last."""

    def __init__(self, plugin: str, hook: str, option: str) -> None:
        super().__init__(
            f"{plugin}: {hook} is marked {option}, which Journiv's hooks do not take; use a bare "
            "@hookimpl."
        )


class HookFailed(PluginError):
    """A hook raised."""

    def __init__(self, plugin: str, hook: str, reason: str) -> None:
        super().__init__(
            f"{plugin}: {hook} failed: {reason}. Correct it, or add {plugin} to "
            "JOURNIV_PLUGINS_DISABLED."
        )


class WrongReturn(PluginError):
    """A hook returned something else than it promised."""

    def __init__(self, plugin: str, hook: str, expected: str, got: str) -> None:
        super().__init__(f"{plugin}: {hook} must return {expected}, but returned {got}.")


class WrongSchema(PluginError):
    """A plugin's schema of its own section is wrong."""

    def __init__(self, plugin: str, key: str, reason: str) -> None:
        super().__init__(f"{plugin}: journiv_config_schema is wrong at '{key}': {reason}.")


class IncompleteProvider(PluginError):
    """A class leaves methods of its contract out."""

    def __init__(self, plugin: str, name: str, methods: Sequence[str]) -> None:
        lacking = ", ".join(f"{method}()" for method in methods)
        super().__init__(f"{plugin}: {name} lacks {lacking}.")


class NoBackend(PluginError):
    """Nobody offers what a setting asks for."""

    def __init__(
        self, setting: str, asked: str, deed: str, offered: Sequence[str], hint: str = ""
    ) -> None:
        active = ", ".join(offered) or "none"
        super().__init__(f"{setting} {asked}, but no active plugin {deed}. Active: {active}.{hint}")


class Clash(PluginError):
    """Two plugins offer the same thing, and nothing says which is meant."""

    def __init__(self, first: str, second: str, what: str, pin: str | None) -> None:
        mend = f"Set {pin}={first} or ={second}, or disable one." if pin else "Disable one."
        super().__init__(f"Both {first} and {second} offer the {what}. {mend}")


class OfferedTwice(PluginError):
    """One plugin offers the same thing twice."""

    def __init__(self, plugin: str, what: str) -> None:
        super().__init__(f"{plugin} offers the {what} twice.")


class NothingPinned(PluginError):
    """A pin names a plugin that offers nothing of the kind."""

    def __init__(self, setting: str, plugin: str, kind: str, offering: Sequence[str]) -> None:
        super().__init__(
            f"{setting} names {plugin}, which offers no {kind} for this address. "
            f"Offering one: {', '.join(offering) or 'none'}."
        )


class TwoPasswordAuthenticators(PluginError):
    """More than one way to sign in takes passwords."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(
            f"Both {first} and {second} take passwords, and only one may. Remove one from "
            "JOURNIV_AUTH."
        )


class RouteClash(PluginError):
    """One method and path twice."""

    def __init__(self, method: str, path: str, first: str, second: str) -> None:
        super().__init__(f"Both {first} and {second} answer {method} {path}. Disable one.")


class CannotOpen(PluginError):
    """A backend stayed out of reach for the whole of `STARTUP_TIMEOUT`."""

    def __init__(self, plugin: str, reason: str) -> None:
        super().__init__(f"{plugin} could not open: {reason}")
