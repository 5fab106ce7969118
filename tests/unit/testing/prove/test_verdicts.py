"""Verdicts: what the tests of a promise say about it together."""

from latchkey.testing.flow.document import Profile, Promise
from latchkey.testing.prove.findings import Breach, Finding, Outcome
from latchkey.testing.prove.verdicts import Judgement, judge

R1, R2 = (
    Promise(id=id_, section="s", words="w", profile=Profile.FLOW, elsewhere=None)
    for id_ in ("R1", "R2")
)
BREACH = Breach(promise="R2", test="t", sent=[], received=[], promised="200 OK")
PASSED = Finding(promises=["R1"], outcome=Outcome.PASSED)
LEFT_OUT = Finding(promises=["R1"], outcome=Outcome.LEFT_OUT, reason="needs a clock")


def test_a_promise_is_shown_if_a_test_passed_and_the_rest_is_named() -> None:
    (verdict,) = judge([R1], [PASSED, LEFT_OUT])

    assert verdict.judgement is Judgement.SHOWN
    assert (verdict.passed, verdict.left_out, verdict.reasons) == (1, 1, ["needs a clock"])


def test_a_promise_whose_tests_were_all_left_out_is_not_shown() -> None:
    (verdict,) = judge([R1], [LEFT_OUT])

    assert verdict.judgement is Judgement.NOT_SHOWN


def test_a_breach_breaks_the_promise_that_it_names_and_no_other_of_its_test() -> None:
    stopped = Finding(
        promises=["R2", "R1"],
        outcome=Outcome.FAILED,
        reason="stopped at R2, which is broken",
        breaches=[BREACH],
    )

    first, second = judge([R1, R2], [stopped])

    assert first.judgement is Judgement.NOT_SHOWN
    assert first.reasons == ["stopped at R2, which is broken"]
    assert second.judgement is Judgement.BROKEN
    assert second.breaches == [BREACH]


def test_a_breach_that_another_promises_test_noticed_breaks_the_promise() -> None:
    noticing = Finding(promises=["R1"], outcome=Outcome.PASSED, breaches=[BREACH])

    first, second = judge([R1, R2], [noticing])

    assert (first.judgement, second.judgement) == (Judgement.SHOWN, Judgement.BROKEN)


def test_a_promise_without_tests_names_what_shows_it() -> None:
    elsewhere = Promise(
        id="S3", section="s", words="w", profile=Profile.LATCHKEY, elsewhere="tests/unit/x.py"
    )

    (verdict,) = judge([elsewhere], [PASSED])

    assert verdict.judgement is Judgement.NOT_SHOWN
    assert verdict.reasons == ["cannot be shown over HTTP: see tests/unit/x.py"]
