// A service on Express that verifies access tokens with express-oauth2-jwt-bearer.
import express from "express";
import { auth } from "express-oauth2-jwt-bearer";

const verified = auth({
  issuerBaseURL: "https://auth.example.com",
  audience: "orders",
  strict: true, // everything that RFC 9068 requires, such as the type and `client_id`
  tokenSigningAlg: "ES256",
});

const app = express();
app.get("/orders", verified, (request, response) => response.json({ sub: request.auth.payload.sub }));
app.use((error, request, response, next) => {
  response.status(error.status ?? 500).set(error.headers ?? {}).end();
});
app.listen(3000, "127.0.0.1");
