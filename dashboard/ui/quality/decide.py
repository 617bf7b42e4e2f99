"""To decide: what may be one and what may belong to which action, a card each, with the buttons that settle it.

A button runs the command; then the card says what was decided, and it can be taken back.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.measures.register import join_labels
from dashboard.quality import queries
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import MOST_ROWS, Reading
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import at_work, campaign_commands, messages, paging, rebuild, seen_files
from dashboard.ui.pieces.messages import plain
from dashboard.ui.quality import listing
from dashboard.ui.quality.listing import text

PAGE_CARDS = 10
_LONGEST = 300  # characters of a report's text on a card
_DECIDED = "staff-quality-decided"
_ERROR = "staff-quality-refused"


class Kind(NamedTuple):
    """A kind of things to decide about: its title, the name of their number, and the question."""

    title: str
    number: str
    question: str = ""


_KINDS = {
    "stakeholder": Kind(
        N_("Stakeholders"),
        "stakeholders",
        N_("The same stakeholder under two names? Nothing is merged before you say so."),
    ),
    "action": Kind(
        N_("Actions"), "actions", N_("The same action submitted twice? Nothing is merged before you say so.")
    ),
    "report": Kind(
        N_("Reports"), "reports", N_("Which action is this report about? Until you say so, it changes no rate.")
    ),
    "post": Kind(
        N_("Events and stories"),
        "posts",
        N_("Which actions do these events and stories belong to? One may belong to several."),
    ),
    "version": Kind(
        N_("Language versions"),
        "versions",
        N_("The same event or story in two languages? Then it is shown once, in the reader’s language."),
    ),
    "gone": Kind(
        N_("Missing from their register"),
        "gone",
        N_(
            "These actions are missing from the newest version of the register. They count nowhere unless you keep "
            "them."
        ),
    ),
    "decided": Kind(N_("Decided"), "decisions"),
}
_DECISIONS = {
    "same": N_("Decided: they are the same."),
    "different": N_("Decided: they are different."),
    "assign": N_("Decided: the report is about the action {action}."),
    "none": N_("Decided: the report is about no action."),
    "keep": N_("Decided: the action is kept."),
    "gone": N_("Decided: the action is removed."),
}
_POSTS = ("event", "story")
_POST_DECISIONS = {
    "assign": N_("Decided: it belongs to the action {action}."),
    "none": N_("Decided: it belongs to no action."),
}


_ALIKE = N_("Similarity: {share}, because: {why}")
_LIKELY = N_("Likely: {share}, because: {why}")
_MOST_ALIKE = N_("{first} to {last} of {total}, the most alike first.")


class Choice(NamedTuple):
    """One decision, as the command takes it."""

    verb: str
    subject: str
    this: str
    that: str

    @property
    def words(self) -> list[str]:
        """The command's words for it."""
        middle = [] if self.verb == "assign" and self.subject not in _POSTS else [self.subject]
        return [self.verb, *middle, self.this, *([self.that] if self.that else [])]


def show(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the suggestions of one kind, or what was decided."""
    t = view.t
    kind_id = _choose_kind(view, numbers)
    at_work.show(view, "decide")
    seen_files.look("decisions.csv", view.snapshot.build_id)
    error: UserError | None = st.session_state.pop(_ERROR, None)
    if error is not None:
        messages.show_error(view, error)
        _tell_of_others(view)
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    kind = _KINDS[kind_id]
    if kind_id == "decided":
        _show_decided(view)
    elif not numbers[kind.number]:
        spec = LISTS["gone" if kind_id == "gone" else "duplicates"]
        st.success(t(spec.empty), icon=":material/check_circle:")
    else:
        st.markdown(t(kind.question))
        listing.show_download(view, LISTS["gone" if kind_id == "gone" else "duplicates"], file)
        _show_cards(view, kind_id, file, numbers[kind.number])


def _choose_kind(view: View, numbers: Mapping[str, int]) -> str:
    """The kind in view: at first one that has something to decide."""
    names = {
        kind_id: f"{view.t(kind.title)} · {formats.format_count(numbers[kind.number], view.lang)}"
        for kind_id, kind in _KINDS.items()
    }
    first = next((kind_id for kind_id, kind in _KINDS.items() if numbers[kind.number]), next(iter(_KINDS)))
    chosen = st.segmented_control(
        view.t("About"),
        list(names),
        default=first,
        required=True,
        format_func=names.__getitem__,
        key="quality-decide-kind",
        label_visibility="collapsed",
    )
    return str(chosen)


def _show_cards(view: View, kind_id: str, file: str | None, total: int) -> None:
    """One page of cards."""
    key = f"quality-page-{kind_id}-{file}-{view.snapshot.build_id[:12]}"
    page = paging.find(key, PAGE_CARDS, total)
    parameters = {"file": file, "most": PAGE_CARDS, "first": page.offset}
    names = find_names(view.snapshot.path)
    if kind_id == "report":
        frame = names.show(view.snapshot.query("quality_unassigned", parameters))
        frame = queries.name_persons(frame, view.snapshot, view.lang)
        for place, (_, candidates) in enumerate(frame.groupby("left_id", sort=False)):
            _show_report(view, candidates.to_dict("records"), f"report-{place}")
    elif kind_id == "post":
        frame = names.show(view.snapshot.query("quality_posts", parameters))
        frame = queries.name_persons(frame, view.snapshot, view.lang)
        for place, (_, candidates) in enumerate(frame.groupby(["kind", "left_id"], sort=False)):
            _show_post(view, candidates.to_dict("records"), f"post-{place}")
    elif kind_id == "version":
        frame = names.show(view.snapshot.query("quality_versions", parameters))
        for place, pair in enumerate(frame.to_dict("records")):
            _show_versions(view, pair, f"version-{place}")
    elif kind_id == "gone":
        for place, action in enumerate(names.show(view.snapshot.query("quality_gone", parameters)).to_dict("records")):
            _show_gone(view, action, f"gone-{place}")
    else:
        frame = names.show(view.snapshot.query("quality_pairs", parameters | {"kind": kind_id}))
        frame = queries.name_persons(frame, view.snapshot, view.lang)
        for place, pair in enumerate(frame.to_dict("records")):
            _show_pair(view, kind_id, pair, f"{kind_id}-{place}")
    paging.show_others(page, total)
    numbers = paging.name_range(view.t, page, min(PAGE_CARDS, total - page.offset), total)
    said = N_("{first} to {last} of {total}.") if kind_id == "gone" else _MOST_ALIKE
    st.caption(view.t(said, **numbers))


def _show_pair(view: View, kind: str, pair: dict[Any, Any], key: str) -> None:
    t = view.t
    with st.container(border=True, key=f"card-{key}"):
        left, right = st.columns(2, gap="medium")
        for column, side in ((left, "left"), (right, "right")):
            with column:
                st.html(_describe_side(view, kind, pair, side))
                if kind == "action":
                    listing.show_action(view, pair[f"{side}_id"], t("Open the action {id}", id=pair[f"{side}_id"]))
        st.html(_say_why(view, pair))
        ids = (pair["left_id"], pair["right_id"])
        choices = [
            (t(N_("Same", "two entries are one")), Choice("same", kind, *ids)),
            (t(N_("Different", "two entries are not one")), Choice("different", kind, *ids)),
        ]
        show_buttons(view, choices, key, _note(pair))


def _describe_side(view: View, kind: str, pair: Mapping[str, Any], side: str) -> str:
    """One side of a pair: its name, and what tells it from the other."""
    t = view.t
    lines = []
    if kind == "stakeholder":
        count = int(_number(pair[f"{side}_actions"]))
        lines.append(t.plural("{n} action", "{n} actions", count, n=formats.format_count(count, view.lang)))
        spellings = pair[f"{side}_spellings"]
        others = [] if spellings is None else [name for name in spellings if name != pair[f"{side}_name"]]
        if others:
            lines.append(t("Also written: {names}", names=t("; ").join(others[:5])))
    else:
        lines.append(text(pair[f"{side}_stakeholder"]) or t("Stakeholder not stated"))
        if not pd.isna(pair[f"{side}_submitted_on"]):
            day = formats.format_date(pd.Timestamp(pair[f"{side}_submitted_on"]).date(), view.lang)
            lines.append(t("Submitted on {day}", day=day))
        count = int(_number(pair[f"{side}_reports"]))
        lines.append(t.plural("{n} report", "{n} reports", count, n=formats.format_count(count, view.lang)))
        if text(pair[f"{side}_file"]):
            lines.append(t("{file}, row {row}", file=pair[f"{side}_file"], row=int(_number(pair[f"{side}_row"]))))
    name = text(pair[f"{side}_name"]) or t("Untitled action")
    notes = "".join(f'<p class="card-note">{escape(line)}</p>' for line in lines)
    return f'<p class="card-title">{escape(name)}</p>{notes}'


def _show_report(view: View, candidates: list[dict[Any, Any]], key: str) -> None:
    """One report and the actions it may be about."""
    t, report = view.t, candidates[0]
    with st.container(border=True, key=f"card-{key}"):
        st.html(_describe_report(view, report))
        listing.show_origin(view, report["source_file"], report["sheet"], report["source_row"], None, key)
        for place, row in enumerate(candidates):
            st.html(f'<p class="card-title">→ {escape(row["right_name"])}</p>{_say_why(view, row)}')
            with st.container(horizontal=True, vertical_alignment="center"):
                choice = Choice("assign", "report", report["left_id"], row["right_id"])
                show_buttons(view, [(t("It is about this action"), choice)], f"{key}-{place}", _note(row))
                listing.show_action(view, row["right_id"], t("Open the action {id}", id=row["right_id"]))
        none = Choice("assign", "report", report["left_id"], "none")
        show_buttons(view, [(t("It is about no action"), none)], f"{key}-none", text(report["left_name"]))


def _show_post(view: View, candidates: list[dict[Any, Any]], key: str) -> None:
    """One event or story and the actions it may belong to."""
    t, post = view.t, candidates[0]
    with st.container(border=True, key=f"card-{key}"):
        languages = [
            formats.format_language(code, view.lang) for code in queries.as_list(post["languages"]) if text(code)
        ]
        facts = [*_list_facts(view, post["kind"], post["on_date"]), ", ".join(languages)]
        st.html(_describe_post(post["left_name"], facts, post["words"], post["url"]))
        listing.show_origin(view, post["source_file"], post["sheet"], post["source_row"], None, key)
        for place, row in enumerate(candidates):
            st.html(f'<p class="card-title">→ {escape(row["right_name"])}</p>{_say_why(view, row, _LIKELY)}')
            with st.container(horizontal=True, vertical_alignment="center"):
                choice = Choice("assign", post["kind"], post["left_id"], row["right_id"])
                show_buttons(view, [(t("It belongs to this action"), choice)], f"{key}-{place}", _note(row))
                listing.show_action(view, row["right_id"], t("Open the action {id}", id=row["right_id"]))
        _show_other_action(view, post, {row["right_id"] for row in candidates}, key)
        none = Choice("assign", post["kind"], post["left_id"], "none")
        show_buttons(view, [(t("It belongs to no action"), none)], f"{key}-none", text(post["left_name"]))


def _show_other_action(view: View, post: Mapping[Any, Any], suggested: set[str], key: str) -> None:
    """Ask for the id of an action that is not among the suggested ones; those that were given so, to take back."""
    t = view.t
    for place, choice in enumerate(list(_decided(view))):
        is_own = (choice.subject, choice.this) == (post["kind"], post["left_id"])
        if is_own and choice.that != "none" and choice.that not in suggested:
            show_buttons(view, [(choice.that, choice)], f"{key}-other-{place}", "")
    with st.popover(t("Another action"), icon=":material/edit:"):
        st.text_input(t("Action ID"), key=f"{key}-other-id")
        st.button(
            t("It belongs to this action"),
            key=f"assign-{key}-other",
            on_click=_decide_other,
            args=(view, post["kind"], post["left_id"], text(post["left_name"]), f"{key}-other-id"),
            disabled=view.snapshot.is_shipped_sample,
        )


def _decide_other(view: View, kind: str, post_id: str, name: str, field: str) -> None:
    """Assign to the action whose id was typed; a button's callback."""
    action_id = str(st.session_state.get(field) or "").strip()
    if action_id:
        _decide(view, Choice("assign", kind, post_id, action_id), name)


def _show_versions(view: View, pair: Mapping[Any, Any], key: str) -> None:
    """Two events or stories that may be one in two languages."""
    t, kind = view.t, pair["kind"]
    with st.container(border=True, key=f"card-{key}"):
        for column, side in zip(st.columns(2, gap="medium"), ("left", "right"), strict=True):
            language = text(pair[f"{side}_language"])
            facts = [*_list_facts(view, kind, pair[f"{side}_on_date"])]
            facts += [formats.format_language(language, view.lang)] if language else []
            column.html(_describe_post(pair[f"{side}_name"], facts, pair[f"{side}_words"], pair[f"{side}_url"]))
        st.html(_say_why(view, pair))
        ids = (pair["left_id"], pair["right_id"])
        choices = [
            (t(N_("Same", "two entries are one")), Choice("same", kind, *ids)),
            (t(N_("Different", "two entries are not one")), Choice("different", kind, *ids)),
        ]
        show_buttons(view, choices, key, _note(pair))


def _list_facts(view: View, kind: str, on_date: Any) -> list[str]:
    facts = [view.t(queries.SUBJECTS[kind])]
    if not pd.isna(on_date):
        facts.append(formats.format_date(pd.Timestamp(on_date).date(), view.lang))
    return facts


def _describe_post(title: str, facts: Sequence[str], words: Any, url: Any) -> str:
    """An event or story: its title, what is known of it, and the beginning of its text."""
    lines = [" · ".join(fact for fact in facts if fact), text(words), text(url)]
    short = (line if len(line) <= _LONGEST else f"{line[:_LONGEST]} …" for line in lines if line)
    notes = "".join(f'<p class="card-note">{escape(line)}</p>' for line in short)
    return f'<p class="card-title">{escape(title)}</p>{notes}'


def _show_gone(view: View, action: Mapping[Any, Any], key: str) -> None:
    """One action that the newest version of its register lacks."""
    t, action_id = view.t, action["action_id"]
    with st.container(border=True, key=f"card-{key}"):
        title = text(action["title"]) or t("Untitled action")
        st.html(f'<p class="card-title">{escape(title)}</p><p class="card-note">{escape(action_id)}</p>')
        listing.show_origin(view, action["source_file"], action["sheet"], action["source_row"], None, key)
        choices = [
            (t("Remove from the register"), Choice("gone", "action", action_id, "")),
            (t(N_("Keep", "an action that its register no longer has")), Choice("keep", "action", action_id, "")),
        ]
        show_buttons(view, choices, key, title)


def _describe_report(view: View, report: Mapping[str, Any]) -> str:
    t = view.t
    statuses = view.snapshot.codes.get("statuses", {})
    facts = [text(report["stakeholder"]) or t("Stakeholder not stated")]
    if not pd.isna(report["reported_on"]):
        day = formats.format_date(pd.Timestamp(report["reported_on"]).date(), view.lang)
        facts.append(t("Reported on {day}", day=day))
    if text(report["status"]):
        facts.append(join_labels(report["status"], statuses, view.lang))
    narrative = text(report["narrative"])
    short = narrative if len(narrative) <= _LONGEST else f"{narrative[:_LONGEST]} …"
    title = text(report["action_title"]) or t("Report without a title")
    return (
        f'<p class="card-title">{escape(title)}</p><p class="card-note">{escape(" · ".join(facts))}</p>'
        f'<p class="card-note">{escape(short)}</p>'
    )


def _say_why(view: View, row: Mapping[str, Any], said: str = _ALIKE) -> str:
    share = formats.format_share(float(row["score"]), view.lang)
    why = view.t(row["why"])
    text = view.t(said, share=share, why=why)
    return f'<p class="card-note">{escape(text)}</p>'


def _note(row: Mapping[str, Any]) -> str:
    return " / ".join(text(row[name]) for name in ("left_name", "right_name"))


def _number(value: Any) -> float:
    return 0 if value is None or pd.isna(value) else float(value)


def show_buttons(view: View, choices: Sequence[tuple[str, Choice]], key: str, note: str) -> None:
    """Draw a button a choice; where one was made since the last build, say so and offer to take it back.

    Args:
        view: The page.
        choices: What each button says and does.
        key: What tells these buttons from others.
        note: The names behind the ids, which are kept beside the decision so that a person can read it.
    """
    t, decided = view.t, _decided(view)
    for _, choice in choices:
        if choice in decided:
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                st.markdown(f":material/check: {_say_decided(view, choice)}")
                st.button(t("Undo"), key=f"undo-{key}", icon=":material/undo:", on_click=_undo, args=(view, choice))
            return
    is_settled = any(_excludes(other, choices[0][1]) for other in decided)
    with st.container(horizontal=True, width="content"):
        for label, choice in choices:
            st.button(
                label,
                key=f"{choice.verb}-{key}",
                on_click=_decide,
                args=(view, choice, note),
                disabled=view.snapshot.is_shipped_sample or is_settled,
            )


def _say_decided(view: View, choice: Choice) -> str:
    verb = "none" if choice.that == "none" and choice.verb == "assign" else choice.verb
    said = _POST_DECISIONS if verb in _POST_DECISIONS and choice.subject in _POSTS else _DECISIONS
    return view.t(said[verb], action=choice.that)


def _excludes(made: Choice, other: Choice) -> bool:
    """Whether another choice about the same thing is open no more: a post may belong to several actions, or to none."""
    if (made.subject, made.this, made.verb) != (other.subject, other.this, "assign"):
        return False
    return made.subject == "report" or "none" in (made.that, other.that)


def _decide(view: View, choice: Choice, note: str) -> None:
    """Write a decision down; a button's callback."""
    if _run(choice, f"--note={note}"):
        _decided(view).append(choice)
        rebuild.note_change(view)


def _undo(view: View, choice: Choice) -> None:
    """Take a decision back; a button's callback."""
    if not _run(choice, "--undo"):
        return
    decided = _decided(view)
    if choice in decided:
        decided.remove(choice)
        rebuild.take_change_back(view)
    else:
        _taken_back(view).append(choice)
        rebuild.note_change(view)


def _show_decided(view: View) -> None:
    """Draw what was decided before this build, and whether it applied; each line can be taken back."""
    t = view.t
    spec = LISTS["decisions"]
    decisions = queries.read(Reading(view.snapshot, t, most=MOST_ROWS), spec.list_id)
    if not decisions.total:
        st.success(t(spec.empty), icon=":material/info:")
        return
    st.markdown(t(spec.note))
    listing.show_download(view, spec, None)
    place = listing.show_rows(view, spec, decisions, "all")
    listing.show_count(view, decisions)
    if place is None:
        return
    row = decisions.frame.iloc[place].to_dict()
    that = row["that"] if isinstance(row["that"], str) else "none" if row["decision"] == "assign" else ""
    choice = Choice(row["decision"], row["subject"], row["this"], that)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{row['decision_name']}: {plain(_name(row))}")
        if choice in _taken_back(view):
            st.markdown(t("Undone; the next build no longer applies it."))
        else:
            st.button(
                t("Undo"),
                key="undo-decided",
                icon=":material/undo:",
                on_click=_undo,
                args=(view, choice),
                disabled=view.snapshot.is_shipped_sample,
            )


def _run(choice: Choice, *options: str) -> bool:
    """Run the command; where it refuses, keep why."""
    try:
        campaign_commands.run("decide", *options, operands=choice.words)
    except UserError as error:
        st.session_state[_ERROR] = error
        return False
    seen_files.renew("decisions.csv")
    return True


def _tell_of_others(view: View) -> None:
    """After a refusal, who has decided meanwhile, with the way to look."""
    if seen_files.is_changed("decisions.csv"):
        said = view.t("decisions.csv has changed since you opened this page, perhaps by a colleague’s decision.")
        st.warning(plain(f"{said} {seen_files.say_who(view, 'decisions.csv')}"), icon=":material/group:")
        seen_files.renew("decisions.csv")


def _decided(view: View) -> list[Choice]:
    """The decisions of this session that wait for a build; kept in the session, to be added to."""
    choices: list[Choice] = rebuild.remember(view, _DECIDED, list)
    return choices


def _taken_back(view: View) -> list[Choice]:
    """The decisions of the build that this session took back; kept in the session, to be added to."""
    choices: list[Choice] = rebuild.remember(view, f"{_DECIDED}-back", list)
    return choices


def _name(row: dict[Any, Any]) -> str:
    """What a decision is about: its note, else the ids."""
    ids = [row[name] for name in ("this", "that") if isinstance(row[name], str)]
    return row["note"] if isinstance(row["note"], str) else " / ".join(ids)
