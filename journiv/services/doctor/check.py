"""What a line of the security checklist is, and what looking at it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from journiv.contracts.findings import Finding, Status
from journiv.services.doctor.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a line stands; `advice` says what to do, and is empty when it passes."""

    status: Status
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: `run` judges the evidence, may read files and changes nothing."""

    id: str
    title: str
    run: Callable[[Evidence], Verdict]

    def finding(self, evidence: Evidence) -> Finding:
        """Judge this line."""
        verdict = self.run(evidence)
        return Finding(id=self.id, title=self.title, status=verdict.status, advice=verdict.advice)


PASS = Verdict("pass")
UNREAD = Verdict("manual", "The database could not be read, so this is not known.")


def unless(good: bool, status: Status, advice: str) -> Verdict:
    """Return PASS when `good`, else a verdict of `status` with its advice."""
    return PASS if good else Verdict(status, advice)


def by_hand(advice: str) -> Callable[[Evidence], Verdict]:
    """Return the run of a line that only a person can judge."""
    return lambda evidence: Verdict("manual", advice)
