"""The file `.env` of the working directory."""

from io import StringIO
from pathlib import Path
from typing import Final, NoReturn

from dotenv import dotenv_values

from latchkey.entrypoints.settings import SettingsError

FILE: Final = Path(".env")


def read_dot_env() -> dict[str, str]:
    """Return the variables that the file sets; none if there is no such file.

    Raises:
        SettingsError: The file cannot be read, or is not UTF-8. A byte order mark is ignored.
    """
    try:
        text = FILE.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        return {}
    except OSError as error:
        _refuse(f"cannot be read ({error.strerror})", "a file that this user may read")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        _refuse(f"is not valid UTF-8 in line {line}", "a text file in UTF-8")
    if "\0" in text:
        _refuse("contains zero bytes, as UTF-16 does", "a text file in UTF-8")
    return {
        name: value
        for name, value in dotenv_values(stream=StringIO(text)).items()
        if value is not None
    }


def _refuse(wrong: str, right: str) -> NoReturn:
    raise SettingsError((f"{FILE}: {wrong}; must be {right}",)) from None
