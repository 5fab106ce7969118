"""The report for programs: JSON and JUnit."""

import json
from dataclasses import asdict
from importlib.metadata import version
from typing import Any
from xml.etree import ElementTree as ET

from latchkey.testing.prove.findings import Breach
from latchkey.testing.prove.run import Proof
from latchkey.testing.prove.verdicts import Judgement, Verdict


def as_json(proof: Proof) -> str:
    """Return the whole proof, one object for each promise."""
    members = {
        "deployment": proof.url,
        "profile": proof.profile,
        "version": version("latchkey"),
        "seconds": round(proof.seconds, 1),
        "summary": {kind: len(proof.of(kind)) for kind in Judgement},
        "promises": [_members(verdict) for verdict in proof.verdicts],
    }
    return json.dumps(members, indent=2, ensure_ascii=False) + "\n"


def as_junit(proof: Proof) -> str:
    """Return one test case for each promise, skipped if it is not shown."""
    suite = ET.Element(
        "testsuite",
        name="latchkey prove",
        hostname=proof.url,
        time=f"{proof.seconds:.1f}",
        tests=str(len(proof.verdicts)),
        failures=str(len(proof.of(Judgement.BROKEN))),
        skipped=str(len(proof.of(Judgement.NOT_SHOWN))),
        errors="0",
    )
    for verdict in proof.verdicts:
        suite.append(_case(verdict))
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _members(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.promise.id,
        "section": verdict.promise.section,
        "words": verdict.promise.words,
        "profile": verdict.promise.profile,
        "verdict": verdict.judgement,
        "tests": {"passed": verdict.passed, "leftOut": verdict.left_out},
        "reasons": verdict.reasons,
        "breaches": [asdict(breach) for breach in verdict.breaches],
    }


def _case(verdict: Verdict) -> ET.Element:
    promise = verdict.promise
    case = ET.Element("testcase", classname=promise.section, name=f"{promise.id} {promise.words}")
    if verdict.judgement is Judgement.BROKEN:
        failure = ET.SubElement(case, "failure", message=verdict.breaches[0].summary)
        failure.text = "\n\n".join(_text(breach) for breach in verdict.breaches)
    elif verdict.judgement is Judgement.NOT_SHOWN:
        ET.SubElement(case, "skipped", message="; ".join(verdict.reasons))
    return case


def _text(breach: Breach) -> str:
    parts = {
        "test": [breach.test],
        "sent": breach.sent,
        "received": breach.received,
        "promised": [breach.promised],
    }
    return "\n".join(f"{name}: {line}" for name, lines in parts.items() for line in lines)
