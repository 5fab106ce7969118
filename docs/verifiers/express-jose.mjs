// A service on Express that verifies access tokens with jose.
import express from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";

const issuer = "https://auth.example.com";
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
const expected = {
  issuer,
  audience: "orders",
  typ: "at+jwt",
  algorithms: ["ES256"],
  requiredClaims: ["exp", "sub"],
  clockTolerance: 5,
};

async function verified(request, response, next) {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? "") ?? [];
  try {
    request.claims = (await jwtVerify(token ?? "", keys, expected)).payload;
  } catch (error) {
    const isToken = /^ERR_(JWT|JWS|JOSE_(ALG|NOT)|JWKS_NO)/.test(error.code);
    response.set("WWW-Authenticate", 'Bearer error="invalid_token"');
    return response.status(isToken ? 401 : 503).end(); // 503: the keys could not be fetched
  }
  next();
}

const app = express();
app.get("/orders", verified, (request, response) => response.json({ sub: request.claims.sub }));
app.listen(3000, "127.0.0.1");
