"""A service on Litestar that verifies access tokens with PyJWT."""

from typing import Any

import jwt
from litestar import Litestar, Request, get
from litestar.exceptions import NotAuthorizedException, ServiceUnavailableException

ISSUER = "https://auth.example.com"
KEYS = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json", timeout=5)
OPTIONS: Any = {"require": ["exp", "iss", "aud", "sub"], "strict_aud": True}
EXPECTED: Any = {"algorithms": ["ES256"], "issuer": ISSUER, "audience": "orders", "leeway": 5}


def verified(request: Request[Any, Any, Any]) -> dict[str, Any]:
    token = request.headers.get("Authorization", "").partition(" ")[2]
    try:
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("not an access token")
        return jwt.decode(token, KEYS.get_signing_key_from_jwt(token), options=OPTIONS, **EXPECTED)
    except jwt.PyJWKClientConnectionError as error:
        raise ServiceUnavailableException from error
    except jwt.PyJWTError as error:
        raise NotAuthorizedException(headers={"WWW-Authenticate": "Bearer"}) from error


@get("/orders", sync_to_thread=True)  # to fetch keys blocks
def orders(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {"sub": verified(request)["sub"]}


app = Litestar([orders])
