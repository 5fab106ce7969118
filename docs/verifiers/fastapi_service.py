"""A service on FastAPI that verifies access tokens with PyJWT."""

from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException

ISSUER = "https://auth.example.com"
KEYS = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json", timeout=5)
OPTIONS: Any = {"require": ["exp", "iss", "aud", "sub"], "strict_aud": True}
EXPECTED: Any = {"algorithms": ["ES256"], "issuer": ISSUER, "audience": "orders", "leeway": 5}
app = FastAPI()


def verified(authorization: Annotated[str, Header()] = "") -> dict[str, Any]:  # in a thread
    token = authorization.partition(" ")[2]
    try:
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("not an access token")
        return jwt.decode(token, KEYS.get_signing_key_from_jwt(token), options=OPTIONS, **EXPECTED)
    except jwt.PyJWKClientConnectionError as error:
        raise HTTPException(503) from error
    except jwt.PyJWTError as error:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"}) from error


@app.get("/orders")
def orders(claims: Annotated[dict[str, Any], Depends(verified)]) -> dict[str, str]:
    return {"sub": claims["sub"]}
