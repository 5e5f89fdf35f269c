from __future__ import annotations

import pytest

from journiv.builtin.opaque_tokens import OpaqueTokens
from journiv.contracts.context import PluginContext
from journiv.testing.tokens import MakeTokens, TokenHandlerConformance
from journiv_auth_local.jwt_tokens import JwtTokens


class TestJwt(TokenHandlerConformance):
    @pytest.fixture
    def make_tokens(self) -> MakeTokens:
        def make(ctx: PluginContext) -> JwtTokens:
            return JwtTokens(ctx.secrets("access-jwt/1"), ctx.core.public_url, ctx.clock)

        return make


class TestOpaque(TokenHandlerConformance):
    @pytest.fixture
    def make_tokens(self) -> MakeTokens:
        return lambda ctx: OpaqueTokens(ctx.secrets("opaque/1"), ctx.clock)
