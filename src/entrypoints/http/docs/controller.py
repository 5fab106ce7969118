"""The OpenAPI document, and a Swagger UI page for it."""

from importlib.resources import files
from typing import Annotated, Final

from litestar import Controller, MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter

from latchkey.entrypoints.http.openapi.document import document
from latchkey.entrypoints.http.requests import Anyone

_MADE: Final = "document"
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Latchkey API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
"""
_START: Final = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui"})'
_ASSETS: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
}
_POLICY: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}


class DocsController(Controller):
    """The documentation, if the setting DOCS is true."""

    include_in_schema = False

    @get("/openapi.json", public=True, sync_to_thread=False)
    def openapi(self, request: Anyone) -> Response[bytes]:
        """Return the OpenAPI 3.1 document, which is made for the first request."""
        state = request.app.state
        if _MADE not in state:
            state[_MADE] = document(request.app)
        return Response(state[_MADE], media_type=MediaType.JSON)

    @get("/docs", public=True, media_type=MediaType.HTML, sync_to_thread=False)
    def page(self) -> Response[str]:
        """Return the Swagger UI page."""
        return Response(_PAGE, headers=_POLICY)

    @get("/docs/{name:str}", public=True, sync_to_thread=True)
    def asset(self, name: Annotated[str, PathParameter()]) -> Response[bytes]:
        """Return a script or stylesheet of the page."""
        return _asset(name)


def _asset(name: str) -> Response[bytes]:
    if name == "start.js":
        return Response(_START.encode(), media_type="text/javascript")
    if name not in _ASSETS:
        raise NotFoundException
    content = files("swagger_ui").joinpath("static", name).read_bytes()
    return Response(content, media_type=_ASSETS[name])
