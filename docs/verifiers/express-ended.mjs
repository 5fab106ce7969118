// A service on Express that also rejects the tokens of sessions that have ended.
import express from "express";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const issuer = "https://auth.example.com";
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
const signed = { issuer, algorithms: ["ES256"], requiredClaims: ["exp"], clockTolerance: 5 };
let ended = { exp: 0, sids: new Set() };

async function fetchEnded() {
  const { endedSessions } = await (await fetch(`${issuer}/.well-known/ended-sessions`)).json();
  const { payload } = await jwtVerify(endedSessions, keys, { ...signed, typ: "ended+jwt" });
  ended = { exp: payload.exp, sids: new Set(payload.sids) };
}
const poll = () => fetchEnded().catch((error) => console.error(error.message));
await poll();
setInterval(poll, 5_000);

async function verified(request, response, next) {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const expected = { ...signed, audience: "orders", typ: "at+jwt" };
  request.claims = (await jwtVerify(token ?? "", keys, expected)).payload;
  if (ended.sids.has(request.claims.sid)) throw new errors.JWTInvalid("the session has ended");
  if (ended.exp < Date.now() / 1000) throw new Error("the list is too old to rely on");
  next();
}

const app = express();
app.get("/orders", verified, (request, response) => response.json({ sub: request.claims.sub }));
app.use((error, request, response, next) => {
  const isToken = /^ERR_(JWT|JWS|JOSE_(ALG|NOT)|JWKS_NO)/.test(error.code);
  response.status(isToken ? 401 : 503).set("WWW-Authenticate", "Bearer").end();
});
app.listen(3000, "127.0.0.1");
