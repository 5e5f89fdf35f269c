"""The services that routes of several account resources share."""

from __future__ import annotations

from dataclasses import dataclass

from journiv.api.v1.signin.refresh_cookie import RefreshCookie
from journiv.services.accounts.accounts import Accounts
from journiv.services.accounts.audit import Audit
from journiv.services.accounts.own_password import OwnPassword
from journiv.services.accounts.passwords import Passwords
from journiv.services.factors.mfa import Challenges
from journiv.services.factors.second_factor import SecondFactor
from journiv.services.federation.provider_logout import ProviderLogout
from journiv.services.signin.backoff import Backoff
from journiv.services.signin.origins import Origins
from journiv.services.signin.recent_auth import RecentAuth
from journiv.services.signin.sessions import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What guards accounts, made once."""

    audit: Audit
    passwords: Passwords
    sessions: Sessions
    factor: SecondFactor
    challenges: Challenges
    origins: Origins
    leaving: ProviderLogout
    backoff: Backoff
    own_password: OwnPassword
    recent: RecentAuth
    accounts: Accounts
    cookie: RefreshCookie
