"""Every setting of the core: type, default, environment names, help, and whether it is secret.

The form is the one plugins use in `journiv_config_schema`: a Cerberus schema whose `meta` holds
`env`, `secret` and `help`. `JOURNIV_<KEY>` always works beside the names in `env`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Rules = Mapping[str, Any]
ConfigSchema = Mapping[str, Rules]


def _key(kind: str, help: str, *env: str, default: Any = None, **rules: Any) -> Rules:
    secret = rules.pop("secret", False)
    if kind == "list":
        rules["schema"] = {"type": "string"}
    return {
        "type": kind,
        "default": default,
        "meta": {"env": env, "help": help, "secret": secret},
        **rules,
    }


_POSITIVE = {"min": 1}

SERVER: ConfigSchema = {
    "environment": _key(
        "string",
        "how strict start-up is",
        "ENVIRONMENT",
        default="production",
        allowed=["production", "development", "test"],
    ),
    "debug": _key("boolean", "tracebacks on the terminal", "DEBUG", default=False),
    "log_level": _key(
        "string",
        "the least that is logged",
        "LOG_LEVEL",
        default="INFO",
        allowed=["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
    ),
    "app_name": _key("string", "the name people see", "APP_NAME", default="Journiv", maxlength=100),
    "host": _key("string", "the address to listen on", "APP_HOST", default="127.0.0.1"),
    "port": _key("integer", "the port", "APP_PORT", default=8000, min=0, max=65535),
    "data": _key("string", "the folder where everything is kept", default="/data"),
    "domain_name": _key("string", "the public host name", "DOMAIN_NAME", check_with="public_host"),
    "domain_scheme": _key(
        "string",
        "how the public address begins",
        "DOMAIN_SCHEME",
        default="http",
        allowed=["http", "https"],
    ),
    "allowed_hosts": _key("list", "further host names", "ALLOWED_HOSTS", default=()),
    "trusted_proxies": _key(
        "string",
        "networks whose forwarding headers count, or auto",
        "TRUSTED_PROXIES",
        default="auto",
        check_with="proxies",
    ),
    "api_docs": _key("boolean", "serve openapi.json; unset: yes, except in production", "API_DOCS"),
    "max_in_flight": _key(
        "integer", "requests at once; more get 503", "MAX_IN_FLIGHT", default=1024, **_POSITIVE
    ),
    "startup_timeout": _key(
        "number", "seconds to wait for the database", "STARTUP_TIMEOUT", default=30, min=0
    ),
}

SECRETS: ConfigSchema = {
    "secret_key": _key("string", "signs sessions", "SECRET_KEY", secret=True),
    "secret_keys_previous": _key(
        "list", "keys that still verify", "SECRET_KEY_PREVIOUS", default=(), secret=True
    ),
    "setup_token": _key(
        "string", "must come with the first registration", "SETUP_TOKEN", secret=True
    ),
}

ACCOUNTS: ConfigSchema = {
    "disable_signup": _key(
        "boolean", "no accounts beyond the first", "DISABLE_SIGNUP", default=False
    ),
    "password_min_length": _key(
        "integer", "characters of a password", "PASSWORD_MIN_LENGTH", default=8, min=8, max=128
    ),
    "require_mfa": _key(
        "string",
        "who must have a second factor",
        "REQUIRE_MFA",
        default="off",
        allowed=["off", "admins", "all"],
    ),
    "access_token_expire_minutes": _key(
        "number",
        "life of an access token",
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        default=15,
        min=0.001,
        max=525_600,
    ),
    "refresh_token_expire_days": _key(
        "number",
        "a session ends unused after",
        "REFRESH_TOKEN_EXPIRE_DAYS",
        default=7,
        min=0.0001,
        max=3650,
    ),
    "session_absolute_days": _key(
        "number",
        "a session ends at the latest after",
        "SESSION_ABSOLUTE_DAYS",
        default=30,
        min=1,
        max=3650,
    ),
    "refresh_grace_seconds": _key(
        "number",
        "a refresh may be repeated for",
        "REFRESH_GRACE_SECONDS",
        default=10,
        min=0,
        max=60,
    ),
    "refresh_rotation": _key(
        "string",
        "what a replayed refresh token does",
        "REFRESH_ROTATION",
        default="adaptive",
        allowed=["adaptive", "strict"],
    ),
    "oidc_enabled": _key("boolean", "offer single sign-on", "OIDC_ENABLED", default=False),
    "oidc_only": _key("boolean", "only single sign-on", "OIDC_ONLY", default=False),
}

LIMITS: ConfigSchema = {
    "rate_limit_enabled": _key(
        "boolean",
        "count calls; unset: yes, except in tests",
        "RATE_LIMIT_ENABLED",
        "RATE_LIMITING_ENABLED",
    ),
    "rate_limit_per_minute": _key(
        "integer",
        "calls a minute and address",
        "RATE_LIMIT_PER_MINUTE",
        default=60,
        max=1_000_000,
        **_POSITIVE,
    ),
    "rate_limit_signed_in_factor": _key(
        "number",
        "times that when signed in",
        "RATE_LIMIT_SIGNED_IN_FACTOR",
        default=10,
        min=1,
        max=1000,
    ),
    "rate_limit_exempt_cidrs": _key(
        "list",
        "networks that are not counted",
        "RATE_LIMIT_EXEMPT_CIDRS",
        default=(),
        check_with="networks",
    ),
    "rate_limit_storage_uri": _key(
        "string", "where calls are counted", "RATE_LIMIT_STORAGE_URI", secret=True
    ),
    "max_file_size_mb": _key(
        "integer", "largest upload", "MAX_FILE_SIZE_MB", default=50, **_POSITIVE
    ),
    "import_export_max_file_size_mb": _key(
        "integer", "largest archive", "IMPORT_EXPORT_MAX_FILE_SIZE_MB", default=500, **_POSITIVE
    ),
    "export_cleanup_days": _key(
        "integer",
        "imports and exports are forgotten after, 0: never",
        "EXPORT_CLEANUP_DAYS",
        default=7,
        max=36_500,
    ),
    "require_if_match": _key(
        "boolean", "changes must name a version", "REQUIRE_IF_MATCH", default=False
    ),
}

MEDIA: ConfigSchema = {
    "allowed_media_types": _key(
        "list",
        "types of files that are taken",
        "ALLOWED_MEDIA_TYPES",
        default=(
            "image/jpeg",
            "image/png",
            "image/gif",
            "image/webp",
            "image/heic",
            "image/heif",
            "image/avif",
            "video/mp4",
            "video/quicktime",
            "video/webm",
            "video/x-m4v",
            "audio/mpeg",
            "audio/mp4",
            "audio/aac",
            "audio/ogg",
            "audio/opus",
            "audio/wav",
            "audio/webm",
            "audio/flac",
            "application/pdf",
        ),
    ),
    "allowed_file_extensions": _key(
        "list",
        "ends of their names",
        "ALLOWED_FILE_EXTENSIONS",
        default=(
            ".jpg",
            ".jpeg",
            ".png",
            ".gif",
            ".webp",
            ".heic",
            ".heif",
            ".avif",
            ".mp4",
            ".m4v",
            ".mov",
            ".webm",
            ".mp3",
            ".m4a",
            ".aac",
            ".ogg",
            ".oga",
            ".opus",
            ".wav",
            ".weba",
            ".flac",
            ".pdf",
        ),
    ),
    "media_quota_mb": _key(
        "integer", "media of one account; 0: no limit", "MEDIA_QUOTA_MB", default=10_240, min=0
    ),
    "media_max_files": _key(
        "integer", "files of one account", "MEDIA_MAX_FILES", default=50_000, **_POSITIVE
    ),
    "media_min_free_mb": _key(
        "integer", "disk kept free of media", "MEDIA_MIN_FREE_MB", default=512, min=0
    ),
    "media_signed_url_ttl_seconds": _key(
        "integer",
        "life of a signed address",
        "MEDIA_SIGNED_URL_TTL_SECONDS",
        default=300,
        min=1,
        max=900,
    ),
    "media_signed_url_video_ttl_seconds": _key(
        "integer",
        "that of a film or sound",
        "MEDIA_SIGNED_URL_VIDEO_TTL_SECONDS",
        default=1200,
        min=1,
        max=21_600,
    ),
    "media_thumbnail_signed_url_ttl_seconds": _key(
        "integer",
        "that of a thumbnail",
        "MEDIA_THUMBNAIL_SIGNED_URL_TTL_SECONDS",
        default=86_400,
        min=1,
        max=604_800,
    ),
    "media_signed_url_grace_seconds": _key(
        "integer",
        "still answered after its end",
        "MEDIA_SIGNED_URL_GRACE_SECONDS",
        default=60,
        min=0,
        max=300,
    ),
}

BACKENDS: ConfigSchema = {
    "database_url": _key(
        "string", "which store; unset: SQLite in the data folder", "DATABASE_URL", secret=True
    ),
    "db_driver": _key(
        "string",
        "checked against DATABASE_URL",
        "DB_DRIVER",
        allowed=["sqlite", "postgres", "postgresql"],
    ),
    "postgres_host": _key(
        "string", "with the others below instead of DATABASE_URL", "POSTGRES_HOST"
    ),
    "postgres_port": _key("integer", "the port", "POSTGRES_PORT", default=5432, min=1, max=65535),
    "postgres_user": _key("string", "the role", "POSTGRES_USER", default="journiv"),
    "postgres_password": _key("string", "its password", "POSTGRES_PASSWORD", secret=True),
    "postgres_db": _key("string", "the database; unset: named like the role", "POSTGRES_DB"),
    "redis_url": _key("string", "a Redis server", "REDIS_URL", secret=True),
    "media_url": _key("string", "where media are kept; unset: media_root"),
    "media_root": _key("string", "the folder of media; unset: media in data", "MEDIA_ROOT"),
    "migrate": _key(
        "string",
        "bring the schema up to date at start",
        default="auto",
        allowed=["auto", "manual"],
    ),
    "plugins": _key("list", "exactly these plugins are active"),
    "plugins_disabled": _key("list", "plugins switched off", default=()),
    "auth": _key("list", "ways to sign in, in order, or none; unset: local"),
    "session_tokens": _key("string", "which handler issues tokens; unset: jwt, or opaque"),
    "store": _key("string", "the plugin whose store is used"),
    "rate_limiter": _key("string", "the plugin whose limiter is used"),
    "media_store": _key("string", "the plugin whose media store is used"),
    "trace_hooks": _key("boolean", "print every hook call", default=False),
    "test_clock": _key("string", "+SECONDS or a start instant; tests only"),
}

BROWSERS: ConfigSchema = {
    "web": _key("string", "the folder of a built web app, or off; unset: the one that came along"),
    "enable_cors": _key(
        "boolean", "let pages of other origins call the API", "ENABLE_CORS", default=False
    ),
    "cors_origins": _key(
        "list", "which origins, such as https://app.example.org", "CORS_ORIGINS", default=()
    ),
    "cors_credentials": _key(
        "boolean", "these pages may send cookies", "CORS_CREDENTIALS", default=False
    ),
    "hsts_include_subdomains": _key(
        "boolean",
        "https for every host below DOMAIN_NAME too",
        "HSTS_INCLUDE_SUBDOMAINS",
        default=False,
    ),
    "security_contact": _key(
        "string",
        "mailto: or https: address for /.well-known/security.txt",
        "SECURITY_CONTACT",
        regex=r"(mailto:|https://|tel:)[!-~]+",
    ),
}

BACKUPS: ConfigSchema = {
    "backup_target": _key(
        "string",
        "where backups are kept, file:///folder or s3://bucket; unset: backups in the data folder",
        "BACKUP_TARGET",
    ),
    "backup_schedule": _key(
        "string",
        "how often the server makes one",
        "BACKUP_SCHEDULE",
        default="off",
        allowed=["off", "hourly", "daily", "weekly"],
    ),
    "backup_keep": _key(
        "string",
        "backups that are kept: of so many days, weeks and months, or a plain number",
        "BACKUP_KEEP",
        default="7/4/6",
        regex=r"[1-9]\d{0,3}(/\d{1,3}/\d{1,3})?",
    ),
    "backup_drill": _key(
        "boolean", "one a week is restored as a trial", "BACKUP_DRILL", default=True
    ),
    "backup_age_recipient": _key("string", "encrypt for this key", "BACKUP_AGE_RECIPIENT"),
    "backup_passphrase_file": _key(
        "string", "a file with the passphrase that encrypts them", "BACKUP_PASSPHRASE_FILE"
    ),
}

CORE: ConfigSchema = {
    **SERVER, **SECRETS, **ACCOUNTS, **LIMITS, **MEDIA, **BACKUPS, **BROWSERS, **BACKENDS
}  # fmt: skip

# Read by nobody here, set in files written for other servers: not worth a warning.
IGNORED_PREFIXES = ("CELERY_", "POSTGRES_")
# Read by older servers of this API; here another thing holds, which one warning says.
WITHOUT_EFFECT = {
    "LOG_FILE": "the log goes to stderr, where the system's own log takes it",
    "LOG_DIR": "the log goes to stderr, where the system's own log takes it",
    "EXPORT_DIR": "exports are kept beside the media, below transfers/",
    "IMPORT_TEMP_DIR": "uploads are kept beside the media, below transfers/",
    "ALGORITHM": "access tokens are always signed with HS256",
}
# JOURNIV_ names that are no settings: where the file is, and what containers and tests use.
KNOWN_NAMES = ("JOURNIV_CONFIG", "JOURNIV_LISTEN", "JOURNIV_PROGRAM")
