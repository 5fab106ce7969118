"""Web pages that explain problems."""

from html import escape
from typing import Annotated

from litestar import Controller, MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter

from latchkey.entrypoints.http.problems.problem import type_of
from latchkey.entrypoints.http.problems.table import PROBLEMS

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · Latchkey</title>
<h1>{title}</h1>
<p><code>{code}</code>, HTTP status {status}</p>
<h2>What happened</h2>
<p>{detail}</p>
<h2>What a client should do</h2>
<p>{advice}</p>
<p><a href="/problems">All problems</a></p>
</html>
"""
_INDEX = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Problems · Latchkey</title>
<h1>Problems</h1>
<ul>
{items}
</ul>
</html>
"""
_BY_CODE = {error.code: problem for error, problem in PROBLEMS.items()}
_HEADERS = {"content-security-policy": "default-src 'none'; frame-ancestors 'none'"}


class ProblemController(Controller):
    """Web pages that explain problems to developers."""

    path = "/problems"
    include_in_schema = False

    @get(public=True, media_type=MediaType.HTML, sync_to_thread=False)
    def index(self) -> Response[str]:
        """List all problems."""
        items = "\n".join(
            f'<li><a href="{type_of(error.code)}">{error.code}</a> ({problem.status})</li>'
            for error, problem in PROBLEMS.items()
        )
        return Response(_INDEX.format(items=items), headers=_HEADERS)

    @get("/{code:str}", public=True, media_type=MediaType.HTML, sync_to_thread=False)
    def explain(self, code: Annotated[str, PathParameter()]) -> Response[str]:
        """Explain a problem and what to do about it."""
        return Response(_page(code), headers=_HEADERS)


def _page(code: str) -> str:
    problem = _BY_CODE.get(code)
    if problem is None:
        raise NotFoundException
    return _PAGE.format(
        title=escape(problem.title),
        code=code,
        status=problem.status,
        detail=escape(problem.detail),
        advice=escape(problem.advice),
    )
