"""Print the orders of the user who is logged in."""

import os
import sys
from datetime import timedelta
from getpass import getpass
from pathlib import Path

import httpx

from latchkey.client import LatchkeyError, ServiceUnavailableError, Session

URL = os.environ["LATCHKEY_URL"]
STATE = Path(os.environ.get("XDG_STATE_HOME", "~/.local/state"))

PATIENCE = timedelta(seconds=5)  # for somebody at a terminal

session = Session(URL, cookies=STATE / "orders" / "cookies", patience=PATIENCE)


def print_orders() -> None:
    """Print id and status of each order."""
    with httpx.Client(base_url=URL, auth=session) as http:
        for order in http.get("/api/orders").raise_for_status().json()["items"]:
            print(order["id"], order["status"])


def run(command: str) -> None:
    """Log in, log out, or print the orders."""
    if command == "login":
        user = session.login(input("E-mail address: "), getpass())
        print(f"Logged in as {user.name}")
    elif command == "logout":
        session.logout()
    else:
        print_orders()


try:
    run(sys.argv[1] if len(sys.argv) > 1 else "list")
except ServiceUnavailableError as error:
    print(f"orders: {error}; you stay logged in, try again later", file=sys.stderr)
    sys.exit(75)  # EX_TEMPFAIL
except LatchkeyError as error:
    print(f"orders: {error}; run: orders login", file=sys.stderr)
    sys.exit(77)  # EX_NOPERM
