"""Who may see what: what is passed on names no point of security, no machine, no address and no person, in any format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as Xml

import pytest

from migrascope.model.assessment import Assessment
from migrascope.readers.assessment import read_assessment
from migrascope.reports import FORMATS, Style, renderer
from migrascope.reports.sharing import TLP, Share, _cleaner, shared
from migrascope.texts import speech
from tests.reports.test_languages import said
from tests.support import example_plan, example_records, judged, plan

PASSED_ON: Final[tuple[Share, ...]] = ("client", "public")
TEXTS: Final = (*(name for name in FORMATS if name not in ("pdf", "docx", "xlsx")), "docx", "xlsx")
PEOPLE: Final = ("Anna de Vries", "b.bakker@voorbeeld.example")
TOWN = "municipality"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """The town, with people in its plan who are named by their names, and who answer."""
    text = example_plan(TOWN)
    text = text.replace("technical: beheer werkplek", f"technical: {PEOPLE[0]}").replace("beheer werkplek", PEOPLE[0])
    folder = tmp_path_factory.mktemp("town")
    before = judged(plan(text), example_records(TOWN), folder)
    about = next(each for each in before.told() if each.category != "security" and each.subject.kind == "server")
    said = f"We vragen {PEOPLE[0]} en 10.1.2.3"
    text += f"responses:\n  - {{fingerprint: {about.fingerprint}, text: '{said}', by: {PEOPLE[1]}, on: 2026-11-20}}\n"
    return judged(plan(text), example_records(TOWN), folder)


@pytest.fixture(scope="module")
def machines() -> set[str]:
    """What no reader outside may know by name."""
    names: set[str] = set()
    for record in example_records(TOWN):
        if record.get("type") in ("server", "host", "database", "cluster"):
            names.update((record["id"], record["attributes"].get("name") or record["id"]))
            names.update(str(each) for each in record["attributes"].get("addresses") or ())
    return {name for name in names if len(name) > 4}


def told(assessment: Assessment, form: str, share: Share) -> str:
    found = shared(assessment, share)
    return said(found, form, "en") if form in ("docx", "xlsx") else _text(found, form, share)


def _text(assessment: Assessment, form: str, share: Share) -> str:
    return renderer(form)(assessment, Style(title="plan.yaml", verbose=True, share=share)).decode("utf-8-sig")


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("share", PASSED_ON)
def test_what_is_passed_on_names_no_machine_address_person_or_point_of_security(
    town: Assessment, machines: set[str], share: Share, form: str
) -> None:
    inside = _text(town, "json", "internal")
    assert any(name in inside for name in machines)
    assert PEOPLE[0] in inside
    text = told(town, form, share)
    words = {word.strip(".:") for word in re.split(r"[^\w.:/-]+", text)}
    assert sorted(machines & words) == []
    assert [person for person in PEOPLE if person in text] == []
    assert re.findall(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", text) == []
    secret = {name for name, each in town.rules.items() if each.category == "security"}
    assert [name for name in secret if name in text] == []
    titles = {town.rules[name].rule.title.en for name in secret}
    assert [title for title in titles if title in text] == []


@pytest.mark.parametrize("share", PASSED_ON)
def test_the_answer_is_the_same_for_everybody(town: Assessment, share: Share) -> None:
    found = shared(town, share)
    assert found.first is not None
    assert town.first is not None
    assert (found.first.workload, found.first.status, found.first.step) == (
        town.first.workload, town.first.status, town.first.step,
    )  # fmt: skip


def test_inside_the_organisation_nothing_is_kept_back(town: Assessment) -> None:
    assert shared(town, "internal") is town


@pytest.mark.parametrize("share", PASSED_ON)
def test_what_is_kept_back_is_counted(town: Assessment, share: Share) -> None:
    found = shared(town, share)
    open_ = sum(each.outcome == "finding" for each in town.findings)
    left = sum(each.outcome == "finding" for each in found.findings)
    assert open_ > left
    assert (left == 0) == (share == "public")
    assert f"{open_ - left} findings are told to the organisation only." in _text(found, "md", share)


@pytest.mark.parametrize("share", PASSED_ON)
def test_what_was_shared_can_be_stored_and_told_again(town: Assessment, share: Share, tmp_path: Path) -> None:
    stored = renderer("json")(shared(town, share), Style(title="plan.yaml"))
    (tmp_path / "stored.json").write_bytes(stored)
    again = read_assessment(tmp_path / "stored.json")
    assert _text(again, "md", share) == _text(shared(town, share), "md", share)
    assert json.loads(stored)["first"]["workload"] == town.first.workload  # type: ignore[union-attr]


@pytest.mark.parametrize("form", ["html", "brief-html", "docx", "pdf"])
@pytest.mark.parametrize("share", ["internal", *PASSED_ON])
def test_every_sheet_of_paper_says_who_may_see_it(town: Assessment, share: Share, form: str) -> None:
    line = speech("en").say(TLP[share])
    content = renderer(form)(shared(town, share), Style(title="plan.yaml", share=share))
    if form == "docx":
        import io

        import docx

        head: Any = docx.Document(io.BytesIO(content)).sections[0].header
        assert line in head.paragraphs[0].text
    elif form == "pdf":
        assert content.startswith(b"%PDF-")
    else:
        text = content.decode()
        assert f'@top-left {{ content: "{line}"' in text
        assert f'<p class="tlp">{line}</p>' in text


def test_a_draft_says_so_until_every_finding_has_an_answer(town: Assessment, tmp_path: Path) -> None:
    def head(assessment: Assessment) -> str:
        return renderer("md")(assessment, Style(title="plan.yaml", concept=True)).decode().split("## ")[0]

    answered = sum(each.response is not None for each in town.told())
    assert answered
    open_ = sum(each.outcome == "finding" for each in town.told())
    assert f"DRAFT: the author of the plan has answered {answered} of {open_} findings." in head(town)
    reply = next(each.response for each in town.told() if each.response is not None)
    done = tuple(each.model_copy(update={"response": reply}) for each in town.findings)
    assert "DRAFT" not in head(town.model_copy(update={"findings": done}))


def test_the_answer_of_the_author_stands_beside_the_finding(town: Assessment) -> None:
    for form in ("text", "md", "html", "xlsx"):
        text = renderer(form)(town, Style(title="plan.yaml", verbose=True))
        assert form == "xlsx" or PEOPLE[1] in text.decode().replace("&#64;", "@"), form


NAMES = {"mor-app-01": "server 1", "Web Srv": "server 2", "vsphere:vc-01:5000": "server 3"}


@pytest.mark.parametrize(
    "text",
    [
        "mor-app-01", "MOR-APP-01", "mor-app-01.example.org", "mor-app-01/disk", "mor-app-01:443", "`mor-app-01`",
        "(mor-app-01)",         "x=mor-app-01|y", "\\\\mor-app-01\\c$", "on web srv, now", "vsphere:vc-01:5000", "10.1.2.3",
        "ip=10.1.2.3.", "10.1.2.0/24",
        "2001:db8::7", "fe80::1", "::1", "at 2001:DB8::/32.", "a.b@example.org", "x@localhost",
    ],
)  # fmt: skip
def test_a_name_or_address_is_known_however_it_is_spelled(text: str) -> None:
    said_ = _cleaner(NAMES, set())(text)
    assert not re.search(r"mor-app|web srv|vsphere|10[.]1|db8|fe80|::1|example|localhost", said_, re.IGNORECASE)


@pytest.mark.parametrize("text", ["Web Srvices", "12:30:00", "2026-11-23", "version 1.2.3", "mor-app-012", "80 %: so", "a: b"])
def test_what_is_no_name_and_no_address_stays(text: str) -> None:
    assert _cleaner(NAMES, set())(text) == text


@pytest.mark.parametrize("share", PASSED_ON)
def test_no_mark_of_a_finding_can_be_traced_and_nothing_of_security_is_asked(town: Assessment, share: Share) -> None:
    found = shared(town, share)
    stored = renderer("json")(found, Style(title="plan.yaml")).decode()
    assert [each.fingerprint for each in town.findings if each.fingerprint in stored] == []
    asked = [gap.fact for gap in found.gaps] + [question.fact for question in found.questions]
    assert [fact for fact in asked if fact.startswith("security.")] == []
    assert found.questions or share == "public"
    assert all(each.rule is None or each.rule in found.rules for each in found.interventions)
    counted = sum(each.outcome == "finding" for each in found.findings)
    assert sum(found.findings_summary.by_severity.values()) == counted


@pytest.mark.parametrize("share", PASSED_ON)
def test_what_is_kept_back_is_never_told_as_good(town: Assessment, share: Share) -> None:
    found = shared(town, share)
    assert "No findings" not in _text(found, "text", share)
    assert "Found: none" not in _text(found, "html", share)
    told_, gaps = len(town.told()), len(town.gaps)
    accepted = sum(each.outcome == "waived" for each in town.told()) - sum(each.outcome == "waived" for each in found.told())
    assert f"{told_ - accepted} findings and {gaps} missing facts" in _text(found, "brief", share)
    before, after = (_passed(_text(each, "junit", share)) for each in (town, found))
    assert after <= before


def _passed(report: str) -> set[str | None]:
    """Rules that a test report shows as passed."""
    return {case.get("name") for case in Xml.fromstring(report).iter("testcase") if not len(case)}


@pytest.mark.parametrize("share", PASSED_ON)
def test_the_lines_of_the_plan_are_shown_of_no_workload(town: Assessment, share: Share) -> None:
    assert town.first is not None
    assert any(each.place is not None for each in town.first.not_now)
    found = shared(town, share).first
    assert found is not None
    assert [each.unit for each in found.not_now if each.place is not None] == []
