"""From an export to one named workload: what a person types, and what goes wrong on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.test_commands import EXAMPLE, INVENTORY, PLAN, run
from tests.collectors.workbooks import VINFO, machine, workbook
from tests.first.plans import document, machines, ready
from tests.support import ROOT, sample

TOWN = ROOT / "examples" / "municipality"


def test_an_export_and_no_plan_give_a_draft_an_opinion_and_three_questions(tmp_path: Path) -> None:
    export = sample("rvtools/nutanix_BillSampleNext.xlsx")
    assert run("collect", "rvtools", str(export), "-o", "inventory.jsonl", cwd=tmp_path).returncode == 0
    drafted = run("init", "plan.yaml", "--from", "inventory.jsonl", cwd=tmp_path)
    assert drafted.returncode == 0
    assert "next: migrascope review plan.yaml -i inventory.jsonl" in drafted.stderr
    page = drafted.stdout
    assert "First verify, then move" in page
    assert page.count("?") == 3
    assert len(page.splitlines()) < 45
    assert run("check", "plan.yaml", cwd=tmp_path).returncode == 0
    review = run("review", "plan.yaml", "-i", "inventory.jsonl", cwd=tmp_path)
    assert review.returncode == 0
    screen = review.stdout[: review.stdout.index("Findings")]
    assert screen.count("?") >= 3
    first = run("review", "plan.yaml", "-i", "inventory.jsonl", "-f", "json", cwd=tmp_path)
    opinion = json.loads(first.stdout)
    assert opinion["first"]["status"] in ("suggest", "toss_up")
    plan = yaml.safe_load((tmp_path / "plan.yaml").read_text(encoding="utf-8"))
    names = {
        workload["id"]: [m["name"] if "name" in m else m["id"] for m in workload["members"]] for workload in plan["workloads"]
    }
    chosen = " ".join(str(names[workload]) for workload in opinion["first"]["move_group"]).lower()
    for avoided in ("avaya", "dc0", "gtappdb02", "gtappdb03", "cucm", "voice"):
        assert avoided not in chosen
    pair = [members for members in names.values() if any("gtappDB02" in str(m) for m in members)]
    assert len(pair) == 1


@pytest.mark.parametrize("name", ["rvtools/kubev2v_example1.xlsx", "waveplan/aws_cmf_server-list.csv"])
def test_other_exports_give_a_draft_that_is_accepted(tmp_path: Path, name: str) -> None:
    kind = "csv" if name.endswith("csv") else "rvtools"
    collected = run("collect", kind, str(sample(name)), "-o", "i.jsonl", "--as-of", "2026-11-01", cwd=tmp_path)
    assert collected.returncode in (0, 3)
    assert run("init", "p.yaml", "--from", "i.jsonl", cwd=tmp_path).returncode == 0
    assert run("check", "p.yaml", cwd=tmp_path).returncode == 0
    assert run("review", "p.yaml", "-i", "i.jsonl", "--allow-partial", cwd=tmp_path).returncode == 0
    assert run("first", "p.yaml", "-i", "i.jsonl", cwd=tmp_path).returncode in (0, 4)


def test_a_draft_never_replaces_a_plan_unasked(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("mine", encoding="utf-8")
    result = run("init", "p.yaml", cwd=tmp_path)
    assert result.returncode == 2
    assert "--force" in result.stderr
    assert (tmp_path / "p.yaml").read_text(encoding="utf-8") == "mine"
    assert run("init", "p.yaml", "--force", cwd=tmp_path).returncode == 0
    assert run("check", "p.yaml", cwd=tmp_path).returncode == 0


def test_a_dry_run_shows_a_mapping_that_can_be_given_back(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("Machine,OS,Applicatie\na,Debian 12,Zaken\n", encoding="utf-8")
    shown = run("collect", "csv", "c.csv", "--dry-run", cwd=tmp_path)
    assert shown.returncode == 0
    assert "# not used: Machine" in shown.stdout
    assert [entry.name for entry in tmp_path.iterdir()] == ["c.csv"]
    (tmp_path / "m.yaml").write_text(shown.stdout.replace("columns:", "columns:\n  name: Machine"), encoding="utf-8")
    given = run("collect", "csv", "c.csv", "--mapping", "m.yaml", "-o", "-", cwd=tmp_path)
    assert given.returncode == 0
    assert '"name": "a"' in given.stdout


def test_first_says_one_thing_and_why_shows_every_candidate() -> None:
    told = run("first", str(TOWN / "plan.yaml"), "-i", str(TOWN / "inventory.jsonl"))
    assert told.returncode == 0
    assert "Meldingen" in told.stdout
    assert 1 <= told.stdout.count("?") <= 3
    assert len(told.stdout.splitlines()) <= 66
    why = run("first", str(TOWN / "plan.yaml"), "-i", str(TOWN / "inventory.jsonl"), "--why")
    assert "kantinemenu" in why.stdout.lower()
    assert len(why.stdout.splitlines()) > len(told.stdout.splitlines())


def test_another_workload_and_what_might_be_stand_beside_it(tmp_path: Path) -> None:
    (tmp_path / "half.yaml").write_text("schema: 1\nname: half\nset: {capacity.fte: 1}\n", encoding="utf-8")
    town = ("first", str(TOWN / "plan.yaml"), "-i", str(TOWN / "inventory.jsonl"))
    told = run(*town, "--vs", "intranet", "--what-if", "profile=deadline-first", "--scenario", "half.yaml", cwd=tmp_path)
    assert told.returncode == 0
    page = " ".join(told.stdout.split())
    assert "total 82.3 72.3 +10.1" in page
    assert "profile=deadline-first: Intranet is first instead." in page
    assert "half: the same workload is first." in page
    assert max(map(len, told.stdout.splitlines())) <= 72
    wrong = run(*town, "--vs", "intrane")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "did you mean `intranet`?" in wrong.stderr
    machine = run(*town, "-f", "json", "--what-if", "capacity.fte=1")
    assert json.loads(machine.stdout)["scenarios"][0]["changes"] == {"capacity.fte": 1}


def test_a_scenario_is_the_plan_in_which_it_holds(tmp_path: Path) -> None:
    """Supposing and writing it into the plan come to the same answer."""
    pair = [ready("one"), ready("two", criticality="high")]
    (tmp_path / "i.jsonl").write_text("\n".join(map(json.dumps, machines(*pair))), encoding="utf-8")
    (tmp_path / "p.yaml").write_text(json.dumps(document(*pair)), encoding="utf-8")
    (tmp_path / "q.yaml").write_text(json.dumps(document(ready("one", criticality="mission"), pair[1])), encoding="utf-8")
    supposed = run("first", "p.yaml", "-i", "i.jsonl", "-f", "json", "--what-if", "one.criticality=mission", cwd=tmp_path)
    written = run("first", "q.yaml", "-i", "i.jsonl", "-f", "json", cwd=tmp_path)
    other = json.loads(written.stdout)
    found = json.loads(supposed.stdout)["scenarios"][0]
    assert found["first"]["workload"] == other["first"]["workload"] == "two"
    assert found["first"]["scores"] == other["first"]["scores"]
    assert found["quarter"] == other["quarter"]


def test_where_every_workload_fails_it_exits_with_four_and_says_what_to_do(tmp_path: Path) -> None:
    heavy = [ready(name, category="erp", criticality="mission") for name in ("ledger", "payroll")]
    (tmp_path / "p.yaml").write_text(json.dumps(document(*heavy)), encoding="utf-8")
    (tmp_path / "i.jsonl").write_text("\n".join(map(json.dumps, machines(*heavy))), encoding="utf-8")
    result = run("first", "p.yaml", "-i", "i.jsonl", cwd=tmp_path)
    assert result.returncode == 4
    assert "Nothing can be first yet" in result.stdout
    assert run("review", "p.yaml", "-i", "i.jsonl", cwd=tmp_path).returncode == 0


def questions(tmp_path: Path) -> dict[str, object]:
    result = run("review", PLAN, "-i", INVENTORY, "-f", "questions")
    assert result.returncode == 0
    found: dict[str, object] = yaml.safe_load(result.stdout)
    return found


def answer(tmp_path: Path, *answers: dict[str, object], fact: str = "workload.users") -> str:
    path = tmp_path / "answers.yaml"
    data = {"schema": 1, "questions": [{"fact": fact, "answers": list(answers)}]}
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return str(path)


def test_questions_left_blank_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(run("review", PLAN, "-i", INVENTORY, "-f", "questions").stdout, encoding="utf-8")
    before = json.loads(run("review", PLAN, "-i", INVENTORY, "-f", "json").stdout)
    after = json.loads(run("review", PLAN, "-i", INVENTORY, "-f", "json", "--answers", str(path)).stdout)
    assert after["findings"] == before["findings"]
    assert after["first"] == before["first"]


def test_every_question_that_has_room_for_an_answer_takes_one(tmp_path: Path) -> None:
    town = (str(TOWN / "plan.yaml"), "-i", str(TOWN / "inventory.jsonl"))
    asked = yaml.safe_load(run("review", *town, "-f", "questions").stdout)
    seen = [question for question in asked["questions"] if question["fact"].startswith("server.")]
    assert seen
    assert all(question["answers"] == [] for question in seen)
    values = {"rollback.tested_on": "2026-11-01", "decommission_on": "2027-06-30", "owner.business": "head of service",
              "rollback.plan": "docs/back.md", "window_hours": 8, "target.at": "azure-we", "egress_per_month": 10}  # fmt: skip
    said = {"by": "somebody", "on": "2026-11-20"}
    given = [{**q, "answers": [{"subject": a["subject"], "answer": v, **said} for a in q["answers"]]}
             for q in asked["questions"] for name, v in values.items() if q["fact"].endswith(name)]  # fmt: skip
    assert len(given) >= 5
    (tmp_path / "a.yaml").write_text(yaml.safe_dump({"schema": 1, "questions": given}), encoding="utf-8")
    result = run("review", *town, "--answers", str(tmp_path / "a.yaml"), "-f", "json")
    assert result.returncode == 0, result.stderr
    left = {f"{gap['kind']}.{gap['fact']}" for gap in json.loads(result.stdout)["gaps"]}
    assert not left & {question["fact"] for question in given}


def test_an_answer_fills_a_silence_and_keeps_the_name_and_the_day(tmp_path: Path) -> None:
    plan = tmp_path / "p.yaml"
    plan.write_text("as_of: 2026-11-23\nworkloads:\n  - {id: shop, disposition: rehost}\n", encoding="utf-8")
    given = answer(tmp_path, {"subject": "shop", "answer": "mission", "by": "head of sales", "on": "2026-11-20"},
                   fact="workload.criticality")  # fmt: skip
    opinion = json.loads(run("review", str(plan), "-f", "json", "--answers", given).stdout)
    assert not any(gap["fact"] == "criticality" for gap in opinion["gaps"])
    sources = [e["source"] for f in opinion["findings"] for e in f["evidence"] if e["fact"] == "criticality"]
    assert sources
    assert all((source["person"], source["date"]) == ("head of sales", "2026-11-20") for source in sources)


@pytest.mark.parametrize(
    ("given", "fact", "message"),
    [
        ({"subject": "elsewhere", "answer": 5, "by": "a", "on": "2026-11-20"}, "workload.users", "no workload `elsewhere`"),
        ({"subject": "SHOP", "answer": 5}, "workload.users", "`by` and `on`"),
        ({"subject": "SHOP", "answer": "lots", "by": "a", "on": "2026-11-20"}, "workload.users", "users"),
        ({"subject": "vm-1", "answer": "Linux", "by": "a", "on": "2026-11-20"}, "server.os_config", "collect again"),
        ({"subject": "SHOP", "answer": "x", "by": "a", "on": "2026-11-20"}, "workload.colour", "colour"),
    ],
)
def test_answers_that_do_not_fit_the_plan_are_refused(
    tmp_path: Path, given: dict[str, object], fact: str, message: str
) -> None:
    plan = tmp_path / "p.yaml"
    plan.write_text("as_of: 2026-11-23\nworkloads:\n  - {id: SHOP}\n", encoding="utf-8")
    result = run("review", str(plan), "--answers", answer(tmp_path, given, fact=fact))
    assert result.returncode == 2
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert "answers.yaml:" in result.stderr


def test_a_small_export_without_anything_else_still_gets_one_name(tmp_path: Path) -> None:
    workbook(tmp_path / "e.xlsx", {"vInfo": [VINFO, machine("web", "vm-1"), machine("sap-prd", "vm-2")]})
    run("collect", "rvtools", "e.xlsx", "-o", "i.jsonl", "--as-of", "2026-11-01", "--allow-partial", cwd=tmp_path)
    assert run("init", "p.yaml", "--from", "i.jsonl", cwd=tmp_path).returncode == 0
    result = run("first", "p.yaml", "-i", "i.jsonl", cwd=tmp_path)
    assert result.returncode == 0
    assert "then move web:" in result.stdout


def test_concise_is_one_line_per_finding() -> None:
    result = run("review", PLAN, "-i", INVENTORY, "-f", "concise")
    lines = result.stdout.splitlines()
    opinion = json.loads((EXAMPLE / "expected.json").read_text(encoding="utf-8"))
    open_ = [finding for finding in opinion["findings"] if finding["outcome"] == "finding"]
    for finding in open_:
        assert any(finding["rule"] in line for line in lines)
    assert sum(":" in line for line in lines) >= len(open_)


def test_what_is_accepted_counts_alike_in_both_commands(tmp_path: Path) -> None:
    """`first` takes the file of acceptances that `review` takes, and names the same workload with it."""
    abroad = {"provider": "azure", "region": "eastus"}
    data = document(ready("one", users=5, criticality="high"), ready("two", users=900, target=abroad))
    (tmp_path / "plan.yaml").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "accepted.yaml").write_text(
        "schema: 1\nwaivers:\n  - rule: data-leaves-allowed-region\n    subject: two\n    reason: agreed\n    approver: CISO\n"
        "    expires: 2027-10-01\n",
        encoding="utf-8",
    )
    both = [
        json.loads(run(command, "plan.yaml", "--waivers", "accepted.yaml", "-f", "json", cwd=tmp_path).stdout)
        for command in ("review", "first")
    ]
    assert both[0]["first"]["workload"] == both[1]["first"]["workload"] == "two"
    assert json.loads(run("first", "plan.yaml", "-f", "json", cwd=tmp_path).stdout)["first"]["workload"] == "one"
    assert both[0]["inputs"] == both[1]["inputs"]
    assert "accepted.yaml" in {each["name"] for each in both[0]["inputs"]}
