"""`latchkey prove`, run as a stranger runs it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from contract.prove.conftest import ADMIN, PASSWORD, Prove
from harness.leaks import secrets_in
from harness.service import free_port
from latchkey.testing.flow.document import promises

R11: Final = next(promise.words for promise in promises() if promise.id == "R11")


def test_a_sound_service_keeps_its_promises(prove: Prove, sound_service: str) -> None:
    ran = prove(sound_service, *ADMIN, "--only", "O,C,B1", **PASSWORD)

    assert ran.returncode == 0, ran.stderr
    assert "BROKEN" not in ran.stdout
    assert "\n  O2   A logout returns the same response" in ran.stdout
    assert "\n  B1   needs a deployment with other settings" in ran.stdout
    assert "8 promises are shown, 1 are not, 0 are broken" in ran.stdout
    assert "This creates users" in ran.stderr


def test_both_profiles_hold_for_our_own_service(prove: Prove, sound_service: str) -> None:
    ran = prove(sound_service, *ADMIN, "--profile", "latchkey", "--only", "K,P,A,D", **PASSWORD)

    assert ran.returncode == 0, ran.stdout


def test_both_profiles_hold_for_a_service_that_publishes_keys(
    prove: Prove, service_with_keys: str
) -> None:
    ran = prove(service_with_keys, *ADMIN, "--profile", "latchkey", "--only", "J,V,A", **PASSWORD)

    assert ran.returncode == 0, ran.stdout
    for promise in ("J1", "J2", "J3", "J4", "J8", "J9", "J10", "J11", "J12", "V1", "V2", "V3"):
        assert f"\n  {promise:<4}" in ran.stdout.partition("NOT SHOWN")[0], ran.stdout


def test_a_service_without_keys_is_not_blamed_for_it(prove: Prove, sound_service: str) -> None:
    ran = prove(sound_service, *ADMIN, "--only", "J,O", **PASSWORD)

    assert ran.returncode == 0, ran.stdout
    assert "J2   needs a deployment that publishes keys (JWT_KEYS_FILE)" in ran.stdout


def test_a_service_whose_keys_may_not_be_kept_breaks_a_promise(
    prove: Prove, service_whose_keys_are_not_kept: str
) -> None:
    ran = prove(service_whose_keys_are_not_kept, *ADMIN, "--only", "J", **PASSWORD)

    assert ran.returncode == 1
    assert [line[:9] for line in ran.stdout.splitlines() if line.startswith("BROKEN")] == [
        "BROKEN J4"
    ]


def test_mails_that_arrive_here_show_the_promises_about_them(
    prove: Prove, service_that_sends_mails: str, mail_port: int
) -> None:
    only = ("--profile", "latchkey", "--only", "RG4")
    there = prove(service_that_sends_mails, *ADMIN, *only, **PASSWORD)
    here = prove(
        service_that_sends_mails, *ADMIN, *only, "--smtp", f"127.0.0.1:{mail_port}", **PASSWORD
    )

    assert "RG4  needs a deployment that sends its mails here (--smtp)" in there.stdout
    assert here.returncode == 0, here.stdout
    assert "1 promises are shown, 0 are not, 0 are broken" in here.stdout


def test_a_port_that_is_taken_is_status_2(prove: Prove, sound_service: str) -> None:
    ran = prove(sound_service, *ADMIN, "--smtp", sound_service.removeprefix("http://"), **PASSWORD)

    assert ran.returncode == 2
    assert "--smtp: cannot listen on 127.0.0.1:" in ran.stderr


def test_a_report_for_programs_names_each_promise_once(
    prove: Prove, sound_service: str, tmp_path: Path
) -> None:
    as_json, as_junit = tmp_path / "proof.json", tmp_path / "proof.xml"

    prove(
        *(sound_service, *ADMIN, "--only", "O,B1"),
        *("--json", str(as_json), "--junit", str(as_junit)),
        **PASSWORD,
    )

    proof = json.loads(as_json.read_text())
    assert proof["summary"] == {"shown": 2, "not shown": 1, "broken": 0}
    assert [promise["id"] for promise in proof["promises"]] == ["O1", "O2", "B1"]
    cases = ET.fromstring(as_junit.read_text()).findall("testcase")  # noqa: S314 - our own file
    assert [case.get("name", "")[:2] for case in cases] == ["O1", "O2", "B1"]
    assert [len(case.findall("skipped")) for case in cases] == [0, 0, 1]


def test_a_broken_promise_is_reported_with_words_request_response_and_what_was_promised(
    prove: Prove, service_that_clears_the_cookie: str, tmp_path: Path
) -> None:
    as_json, as_junit = tmp_path / "proof.json", tmp_path / "proof.xml"

    ran = prove(
        *(service_that_clears_the_cookie, *ADMIN, "--only", "R1,R5,R11,O"),
        *("--json", str(as_json), "--junit", str(as_junit)),
        **PASSWORD,
    )

    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.count("BROKEN") == 1
    assert f"BROKEN R11  {R11}" in ran.stdout
    assert "  sent        POST /api/auth/refresh\n              Cookie: session_key=" in ran.stdout
    assert "  received    401 Unauthorized\n" in ran.stdout
    assert "Set-Cookie: session_key=; Max-Age=0; Path=/api/auth\n" in ran.stdout
    assert "  promised    no Set-Cookie header\n" in ran.stdout
    assert "4 promises are shown, 0 are not, 1 are broken" in ran.stdout
    for text in (ran.stdout, ran.stderr, as_json.read_text(), as_junit.read_text()):
        assert "Traceback" not in text
        assert list(secrets_in(text)) == []


def test_what_is_ours_alone_is_no_fault_of_another_implementation(
    prove: Prove, service_without_request_ids: str
) -> None:
    only = ("--only", "K,P")
    flow = prove(service_without_request_ids, *ADMIN, *only, **PASSWORD)
    ours = prove(service_without_request_ids, *ADMIN, *only, "--profile", "latchkey", **PASSWORD)

    assert (flow.returncode, ours.returncode) == (0, 1)
    assert [line[:9] for line in ours.stdout.splitlines() if line.startswith("BROKEN")] == [
        "BROKEN K2",
        "BROKEN P5",
    ]


def test_an_address_where_nothing_answers_is_status_2(prove: Prove) -> None:
    ran = prove(f"http://127.0.0.1:{free_port()}")

    assert ran.returncode == 2
    assert "does not answer" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ftp://auth.example.com"], "is not the address of a deployment"),
        (["https://auth.example.com/api"], "is not the address of a deployment"),
        (["auth.example.com"], "is not the address of a deployment"),
        (["http://127.0.0.1:1", "--only", "R99"], "the profile flow has no promise R99"),
        (["http://127.0.0.1:1", "--only", "R14"], "the profile flow has no promise R14"),
        (["http://127.0.0.1:1", "--profile", "other"], "--profile"),
        (["http://127.0.0.1:1", "--watch-rotation", "1y"], "must be a duration from 1s to 1d"),
        (["http://127.0.0.1:1", "--smtp", "2525"], "must be host:port"),
        (["http://127.0.0.1:1", "--smtp", "127.0.0.1:65536"], "must be host:port"),
        (["http://127.0.0.1:1", "--admin-email", "a@b.example"], "LATCHKEY_PROVE_ADMIN_PASSWORD"),
        (["http://127.0.0.1:1", "--json", "/nowhere/proof.json"], "no such directory"),
        ([], "Missing argument 'URL'"),
    ],
)
def test_bad_arguments_are_status_2(prove: Prove, arguments: list[str], message: str) -> None:
    ran = prove(*arguments, LATCHKEY_PROVE_ADMIN_PASSWORD="")

    assert ran.returncode == 2
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_administrator_who_cannot_log_in_is_status_2(prove: Prove, sound_service: str) -> None:
    prove(sound_service, *ADMIN, "--only", "O2", **PASSWORD)  # creates one by bootstrap

    ran = prove(sound_service, *ADMIN, LATCHKEY_PROVE_ADMIN_PASSWORD="not-the-password")

    assert ran.returncode == 2
    assert "ada@example.com cannot log in" in ran.stderr


def test_help_is_fast_since_it_imports_neither_pytest_nor_the_service() -> None:
    heavy = _python(
        "import sys\n"
        "from latchkey.entrypoints.cli import main\n"
        "main(['prove', '--help'], standalone_mode=False)\n"
        "print([name for name in ('pytest', 'litestar', 'sqlalchemy') if name in sys.modules])"
    )

    assert heavy.stdout.splitlines()[-1] == "[]"


def test_without_the_extra_the_command_says_what_to_install() -> None:
    ran = _python(
        "import sys\n"
        "sys.modules['pytest'] = None\n"
        "from latchkey.entrypoints.cli import main\n"
        "main(['prove', 'http://127.0.0.1:1'])"
    )

    assert ran.returncode == 2
    assert ran.stderr == "pytest is missing: pip install 'latchkey[testing]'\n"


def _python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
