"""`-f questions`: what to ask, as YAML that a person fills in and `--answers` reads back."""

from __future__ import annotations

import json

from migrascope.model.assessment import Assessment, Question
from migrascope.model.plan import SECTIONS
from migrascope.reports import Style
from migrascope.reports.brief import elsewhere
from migrascope.reports.first_words import asked_as
from migrascope.reports.words import ASK
from migrascope.texts import Speech, speech
from migrascope.texts.visible import visible


def render(assessment: Assessment, style: Style) -> bytes:
    """One entry a missing fact, one line for each subject that it is missing of."""
    say = speech(style.language)
    lines = [
        "# yaml-language-server: $schema=answers.schema.json",
        "# " + say.say("Fill in answer, by and on (2026-11-23); leave out what nobody knows yet."),
        "# " + say.say("Read it back with: migrascope review PLAN --answers THIS_FILE"),
        "# " + elsewhere(assessment, say),
        "schema: 1",
        f"plan: {_quoted(style.title)}",
        "questions:",
    ]
    for question in assessment.questions:
        lines += _entry(question, say)
    if not assessment.questions:
        lines[-1] += " []"
    return visible("".join(f"{line}\n" for line in lines)).encode()


def _entry(question: Question, say: Speech) -> list[str]:
    who = ASK[question.ask]
    text = asked_as(question, ", ".join(question.subjects), say)
    lines = [
        f"  - fact: {question.kind}.{question.fact}",
        f"    question: {_quoted(text)}",
        f"    ask: {_quoted(say.say(who))}",
    ]
    if say.language == "en":
        lines.append(f"    meaning: {_quoted(question.meaning)}")
    if question.kind not in ("plan", *SECTIONS):
        lines.append("    # " + say.say("An inventory answers this: mend it at the source and collect again."))
        return [*lines, "    answers: []"]
    lines.append("    answers:")
    lines += [f"      - {{subject: {_quoted(subject)}, answer: , by: , on: }}" for subject in question.subjects]
    return lines


def _quoted(text: str) -> str:
    """A text as YAML in double quotes; JSON's quoting is YAML's."""
    return json.dumps(text, ensure_ascii=False)
