// A certified OpenID provider for the tests: npm `oidc-provider` with its own sign-in pages.
// Everything a test decides comes as JSON in the first argument.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { Provider } from 'oidc-provider';

const { issuer, port, tls, jwks, clients, methods } = JSON.parse(process.argv[2]);

const account = (ctx, id) => ({
  accountId: id,
  claims: () => ({
    sub: id,
    email: `${id}@example.org`,
    email_verified: true,
    name: id,
    groups: ['family'],
  }),
});

const provider = new Provider(issuer, {
  clients,
  jwks,
  findAccount: account,
  claims: {
    openid: ['sub'],
    email: ['email', 'email_verified'],
    profile: ['name', 'groups'],
  },
  clientAuthMethods: methods,
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  cookies: { keys: ['for-tests-only'] },
  // The journal of the tests is on this machine, which a provider otherwise tells nothing.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
});

for (const event of ['backchannel.success', 'backchannel.error', 'server_error']) {
  provider.on(event, (...told) => console.log(event, ...told.filter((one) => one instanceof Error)));
}
const server = tls
  ? https.createServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) }, provider.callback())
  : http.createServer(provider.callback());
server.listen(port, '127.0.0.1', () => console.log('ready'));
