// A certified OpenID Connect provider (npm: oidc-provider) on this machine, with its own forms for login and consent.
//
//   node provider.mjs FOLDER PORT CLIENT_ID CLIENT_SECRET REDIRECT_URI
//
// FOLDER holds node_modules. Whoever logs in has the account of that name; the password does not matter. Each start makes a new
// signing key, so that starting anew rolls the key over; with it go the provider's sessions. Prints the key's id when it serves.

import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, port, client_id, client_secret, redirect_uri] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const kid = `key-${Date.now()}`;
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
    clients: [{ client_id, client_secret, redirect_uris: [redirect_uri] }],
    claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email', 'email_verified'] },
    cookies: { keys: [kid] },
    findAccount: (_, name) => ({
        accountId: name,
        claims: () => ({ sub: name, preferred_username: name, email: '', email_verified: false }),
    }),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] },
});

provider.listen(Number(port), '127.0.0.1', () => console.log(kid));
