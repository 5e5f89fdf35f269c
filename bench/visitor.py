"""Somebody who was here before, in a browser of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser, BrowserContext


def signed_in(
    browser: Browser, url: str, person: Mapping[str, str], **options: Any
) -> BrowserContext:
    """Open a context with the cookie of a session and the name that an earlier visit leaves.

    `options` are Playwright's. There is no service worker, so that nothing is kept.
    """
    context = browser.new_context(service_workers="block", **options)
    answer = context.request.post(
        f"{url}/api/v1/auth/login",
        headers={"X-Journiv-Client": "pwa"},
        data={"email": person["email"], "password": person["password"]},
    )
    if not answer.ok:
        raise SystemExit(f"{answer.url} answered {answer.status}: {answer.text()}")
    known = {"id": "", "name": person["name"], "email": person["email"], "role": "admin"}
    kept = json.dumps(json.dumps(known))
    context.add_init_script(f"localStorage.setItem('person', {kept})")
    return context
