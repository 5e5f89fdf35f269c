r"""Text that may leave the process: one line, and nothing in it that looks like a secret.

This is the second net. The first is that secrets and journal text are never logged at all
(security.md D22); what slips through, from a library's message or a plugin's, is masked here.
"""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "[redacted]"

_NAMED = (
    "password|passwd|secret|secret_key|client_secret|api_key|access_token|refresh_token|id_token|"
    "id_token_hint|logout_token|mfa_token|setup_token|csrf_token|token|ticket|code_verifier|nonce|"
    "sig|signature|authorization|cookie|set-cookie|x-setup-token"
)
_VALUE = r"(?!\[redacted)(?:\"[^\"]*\"|'[^']*'|[^\s\"'&,;)}\]]+)"
_RULES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in (
        (r"otpauth://\S+", f"otpauth://{MASK}"),
        (r"://[^\s/\"'<>]*@", f"://{MASK}@"),
        (r"\b(bearer|basic)\s+[^\s\"',;]{6,}", rf"\1 {MASK}"),
        (r"\beyJ[\w-]{5,}(?:\.[\w-]*)*", MASK),
        (r"\b(?:jr1\.|jpat_|jo_|jmfa_|jinv_|jrst_)[\w.-]{5,}", MASK),
        (rf"\b({_NAMED})([\"']?\s*[=:]\s*(?:b(?=[\"']))?){_VALUE}", rf"\1\2{MASK}"),
        (r"([?&;](?:s|code|state|key)=)(?!\[redacted)[^\s\"'&;]+", rf"\1{MASK}"),
        (r"\b(code|state)=(?!\[redacted)[^\s\"'&;]{6,}", rf"\1={MASK}"),
        (r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "[e-mail]"),
    )
)
# Anything that ends a line somewhere, moves a terminal's cursor or turns text around.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def redact(text: str) -> str:
    """Mask tokens, passwords of addresses, secret parameters and e-mail addresses."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def one_line(text: str) -> str:
    r"""Write control characters as escapes (`\n`, `\x1b`, `\u2028`), so that no line is forged."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
