"""Signing in to a store beside the server's, with the same services and keys."""

from __future__ import annotations

from journiv import loader
from journiv.config import Settings
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock
from journiv.loader import Providers
from journiv.services.accounts.accounts import Accounts, SignUpPolicy
from journiv.services.accounts.audit import Audit
from journiv.services.accounts.passwords import Passwords
from journiv.services.backup.probe import Probe
from journiv.services.factors.mfa import Challenges
from journiv.services.factors.second_factor import SecondFactor
from journiv.services.server.sealing import Sealing
from journiv.services.signin.backoff import Backoff
from journiv.services.signin.known_devices import KnownDevices
from journiv.services.signin.origins import Origins
from journiv.services.signin.sessions import SessionRules, Sessions
from journiv.services.signin.signin import SignIn


def probe_of(settings: Settings, clock: Clock, providers: Providers, store: Store) -> Probe:
    """Return what signs in to `store` as the server would. Raises `ConfigError` without a key."""
    keys = loader.Host(settings, clock).context("journiv")
    audit = Audit(store, keys.secrets("audit/1"), keys.secrets("pseudonym/1"))
    passwords = Passwords(providers.passwords)
    sealing = Sealing(keys.secrets("field-enc/1"))
    rules = SessionRules.of(settings)
    sessions = Sessions(store, clock, providers.issuer, keys.secrets("refresh/1"), rules, audit)
    return Probe(
        accounts=Accounts(store, clock, passwords, SignUpPolicy(), lambda event: None, audit),
        sign_in=SignIn(
            store,
            clock,
            passwords,
            sessions,
            Backoff(keys.secret("sign-in-backoff/1"), enabled=False),
            audit,
            Challenges(SecondFactor(sealing)),
            Origins(sealing),
            KnownDevices(keys.secrets("known-device/1")),
        ),
        sessions=sessions,
        issuer=providers.issuer,
    )
