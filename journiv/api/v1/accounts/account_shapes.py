"""The shapes of accounts, settings, tokens and sessions (api-v1 §2), and how rows become them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from journiv.contracts.records import SessionRecord
from journiv.contracts.schema import Schema
from journiv.services.accounts.account_rows import Account

_ID: Final = {"type": "uuid", "required": True}
_AT: Final = {"type": "instant", "required": True}
_TEXT: Final = {"type": "text", "required": True}
_FLAG: Final = {"type": "boolean", "required": True}
_ROLE: Final = {"type": "text", "required": True, "allowed": ["admin", "user"]}
_MAYBE_TEXT: Final = {"type": "text", "required": True, "nullable": True}
_MAYBE_AT: Final = {"type": "instant", "required": True, "nullable": True}
_THEMES: Final = ["light", "dark", "auto"]
_TIME_FORMATS: Final = ["system", "12h", "24h"]

NOT_BLANK: Final = r"[\s\S]*\S[\s\S]*"
EMAIL: Final = {"type": "email", "required": True}
NAME: Final = {"type": "text", "required": True, "maxlength": 100, "regex": NOT_BLANK}
PASSWORD: Final = {"type": "secret", "required": True}

MESSAGE: Final = Schema("Message", {"message": _TEXT, "detail": {"type": "text"}})
USER: Final = Schema(
    "UserResponse",
    {
        "id": _ID,
        "email": _TEXT,
        "name": _MAYBE_TEXT,
        "role": _ROLE,
        "is_active": _FLAG,
        "profile_picture_url": _MAYBE_TEXT,
        "last_login_at": _MAYBE_AT,
        "time_zone": _TEXT,
        "is_oidc_user": _FLAG,
        "created_at": _AT,
        "updated_at": _AT,
    },
)
LISTED_USER: Final = Schema(
    "AdminUserListResponse",
    {
        "id": _ID,
        "email": _TEXT,
        "name": _MAYBE_TEXT,
        "role": _ROLE,
        "is_active": _FLAG,
        "last_login_at": _MAYBE_AT,
        "created_at": _AT,
        "login_type": {"type": "text", "required": True, "allowed": ["local", "oidc"]},
        "linked_providers": {"type": "list", "required": True, "schema": {"type": "text"}},
    },
)
SETTINGS: Final = Schema(
    "UserSettingsResponse",
    {
        "user_id": _ID,
        "daily_prompt_enabled": _FLAG,
        "time_zone": _TEXT,
        "push_notifications": _FLAG,
        "reminder_time": _MAYBE_TEXT,
        "writing_goal_daily": {"type": "integer", "required": True},
        "theme": {"type": "text", "required": True, "allowed": _THEMES},
        "start_of_week_day": {"type": "integer", "required": True},
        "time_format": {"type": "text", "required": True, "allowed": _TIME_FORMATS},
        "keep_media_metadata": _FLAG,
        "created_at": _AT,
        "updated_at": _AT,
    },
)
SETTINGS_UPDATE: Final = Schema(
    "UserSettingsUpdate",
    {
        "daily_prompt_enabled": {"type": "boolean"},
        "time_zone": {"type": "zone", "maxlength": 50},
        "push_notifications": {"type": "boolean"},
        "reminder_time": {
            "type": "text",
            "nullable": True,
            "regex": "([01][0-9]|2[0-3]):[0-5][0-9]",
        },
        "writing_goal_daily": {"type": "integer", "min": 1, "max": 1_000_000},
        "theme": {"type": "text", "allowed": _THEMES},
        "start_of_week_day": {"type": "integer", "min": 0, "max": 6},
        "time_format": {"type": "text", "allowed": _TIME_FORMATS},
        "keep_media_metadata": {"type": "boolean"},
    },
)
TOKEN: Final = Schema(
    "Token",
    {
        "access_token": _TEXT,
        "refresh_token": _MAYBE_TEXT,
        "token_type": {"type": "text", "required": True, "allowed": ["bearer"]},
    },
)
SIGNED_IN: Final = Schema(
    "LoginResponse",
    {
        **TOKEN.fields,
        "user": {
            "type": "dict",
            "required": True,
            "schema": {
                "id": _ID,
                "email": _TEXT,
                "name": _MAYBE_TEXT,
                "role": _ROLE,
                "is_active": _FLAG,
                "time_zone": _TEXT,
                "created_at": _AT,
                "updated_at": _AT,
            },
        },
    },
)
SESSION: Final = Schema(
    "Session",
    {
        "id": _ID,
        "client": _TEXT,
        "device": _TEXT,
        "network": _TEXT,
        "created_at": _AT,
        "last_seen_at": _AT,
        "expires_at": _AT,
        "is_current": _FLAG,
    },
)


def user_response(account: Account) -> dict[str, Any]:
    """Write an account as its owner and administrators see it."""
    shown = _only(USER, account.user)
    shown["is_oidc_user"] = bool(account.providers) and not account.has_password
    return shown


def listed_user(account: Account) -> dict[str, Any]:
    """Write an account as a line of the administrators' list."""
    shown = _only(LISTED_USER, account.user)
    shown["login_type"] = "local" if account.has_password or not account.providers else "oidc"
    shown["linked_providers"] = list(account.providers)
    return shown


def signed_in_user(user: Mapping[str, Any]) -> dict[str, Any]:
    """Write an account as the answer to signing in does."""
    return {key: user[key] for key in SIGNED_IN.fields["user"]["schema"]}


def settings_response(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Write preferences."""
    return _only(SETTINGS, settings)


def session_response(session: SessionRecord, current: str) -> dict[str, Any]:
    """Write a session; `current` is the id of the caller's own."""
    return {
        "id": session["id"],
        "client": session["client"],
        "device": session["device"],
        "network": session["address"],
        "created_at": session["created_at"],
        "last_seen_at": session["seen_at"],
        "expires_at": min(session["expires_at"], session["absolute_expires_at"]),
        "is_current": session["id"] == current,
    }


def _only(schema: Schema, row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in schema.fields if key in row}
