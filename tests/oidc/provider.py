"""The real provider as a process of its own, with the clients and keys a test gives it."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, OKPKey, RSAKey

from devtools import node
from tests.ports import free_port
from tests.proxies.certificates import Certificates

CLIENT = "journiv"
NAME = "localhost"  # what a certificate has to be for
SECRET = "s3cret+of/the:client=and-long-enough"
_HERE = Path(__file__).parent
_PATIENCE = 30.0


def signing_key(kid: str, algorithm: str = "RS256") -> dict[str, Any]:
    """Return a private key as the provider reads it."""
    named = {"kid": kid, "use": "sig", "alg": algorithm}
    if algorithm == "ES256":
        return dict(ECKey.generate_key("P-256", named).as_dict(private=True))
    if algorithm == "EdDSA":
        return dict(OKPKey.generate_key("Ed25519", named).as_dict(private=True))
    return dict(RSAKey.generate_key(2048, named).as_dict(private=True))


class RealProvider:
    """npm `oidc-provider`; `client` is what it knows of the journal, `keys` what it signs with."""

    def __init__(self, folder: Path, certificates: Certificates | None = None) -> None:
        self.port = free_port()
        # Another name than the journal's, so that neither gets the other's cookies.
        self.issuer = f"http://127.0.0.1:{self.port}"
        if certificates is not None:
            self.issuer = f"https://{NAME}:{self.port}"
        self.client: dict[str, Any] = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
        }
        self.keys = [signing_key("one")]
        self.log = folder / "provider.log"
        self._certificates = certificates
        self._process: subprocess.Popen[bytes] | None = None

    def knows(self, journal: str, **more: Any) -> None:
        """Register the journal at `journal` (its public address) and change what `more` says."""
        self.client |= {
            "redirect_uris": [f"{journal}/api/v1{way}/callback" for way in ("/oidc", "/auth/oidc")],
            "post_logout_redirect_uris": [f"{journal}/login?logout=success"],
            "backchannel_logout_uri": f"{journal}/api/v1/auth/oidc/backchannel-logout",
            "backchannel_logout_session_required": True,
            **more,
        }

    def start(self) -> None:
        """Start, and return when it answers. Raises AssertionError with its log otherwise."""
        self.begin()
        self.ready()

    def begin(self) -> None:
        """Start without waiting."""
        found = node.present()
        assert found is not None, "./dev test finds or fetches Node"
        assert (_HERE / "node_modules" / "oidc-provider").exists(), "./dev test installs it"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*found.node, str(_HERE / "provider.mjs"), json.dumps(self._settings())],
                cwd=_HERE,
                stdout=log,
                stderr=log,
            )

    def ready(self) -> None:
        """Wait until it answers."""
        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE
        while b"ready\n" not in self.log.read_bytes():
            assert self._process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _settings(self) -> dict[str, Any]:
        made = self._certificates
        return {
            "issuer": self.issuer,
            "port": self.port,
            "tls": None if made is None else {"key": str(made.key), "cert": str(made.chain)},
            "jwks": {"keys": self.keys},
            "clients": [self.client],
            "methods": [self.client.get("token_endpoint_auth_method", "client_secret_basic")],
        }
