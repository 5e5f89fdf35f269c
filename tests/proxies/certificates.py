"""A certificate authority that lives as long as one test run."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from devtools import programs

_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-batch")


@dataclass(frozen=True, slots=True)
class Certificates:
    """`authority` is what clients trust; `chain`, `key` and `both` are the proxy's."""

    authority: Path
    chain: Path
    key: Path
    both: Path


def make(folder: Path, *names: str, days: int = 1) -> Certificates:
    """Make an authority and a certificate for `names` in `folder`."""
    made = Certificates(folder / "ca.pem", folder / "c.pem", folder / "c.key", folder / "both.pem")
    authority_key = folder / "ca.key"
    _openssl(
        "req", "-x509", *_EC, "-keyout", authority_key, "-out", made.authority, "-days", "1",
        "-subj", "/CN=Throw-away authority", "-addext", "keyUsage=critical,keyCertSign",
    )  # fmt: skip
    alternatives = ",".join(f"DNS:{name}" for name in names)
    _openssl(
        "req", "-x509", *_EC, "-keyout", made.key, "-out", made.chain, "-days", str(days),
        "-subj", f"/CN={names[0]}", "-CA", made.authority, "-CAkey", authority_key,
        "-addext", f"subjectAltName={alternatives}", "-addext", "basicConstraints=CA:false",
    )  # fmt: skip
    made.both.write_bytes(made.chain.read_bytes() + made.key.read_bytes())
    return made


def _openssl(*arguments: str | Path) -> None:
    program = programs.locate(programs.OPENSSL)
    assert program is not None, "openssl is missing"
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
