"""The services that routes of several account resources share."""

from __future__ import annotations

from dataclasses import dataclass

from journiv.api.v1.refresh_cookie import RefreshCookie
from journiv.services.accounts import Accounts
from journiv.services.audit import Audit
from journiv.services.backoff import Backoff
from journiv.services.mfa import Challenges
from journiv.services.origins import Origins
from journiv.services.own_password import OwnPassword
from journiv.services.passwords import Passwords
from journiv.services.provider_logout import ProviderLogout
from journiv.services.recent_auth import RecentAuth
from journiv.services.second_factor import SecondFactor
from journiv.services.sessions import Sessions


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
