"""How the page of one action is drawn."""

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from dashboard.campaign.publisher import read_publisher
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.actions import action_model, evidence
from dashboard.ui.actions.action_model import (
    WEB,
    ActionModel,
    EvidenceStep,
    Fact,
    Origin,
    Post,
    PostLink,
    Said,
    Step,
    Ways,
)
from dashboard.ui.actions.course import NOW, Dated, Moment, Report, StatusChange, Words
from dashboard.ui.actions.others import Near, Others
from dashboard.ui.actions.secretariat import Desk, Letter
from dashboard.ui.frame import link, page, page_link, reading, staff
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables, messages, original_row, status_mark


def show(view: View, action_id: str) -> None:
    """Draw the action, or say that there is none of this id."""
    _show_ways(view, action_model.find_ways(view, action_id))
    publisher = read_publisher(Settings.from_environment().campaign, is_fictional=view.snapshot.is_sample)
    desk = Desk(publisher.email, link.site_address(view.page_id))
    action = action_model.make_model(view, action_id, desk, is_staff=staff.may_open())
    if action is None:
        asked = f"`{action_id.replace('`', '')[:80]}`"
        st.error(view.t("There is no action with the ID {id} in this data.", id=asked))
        return
    _show_head(view, action)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _show_texts(view, action)
    with right:
        facts = "".join(_draw_fact(view, fact) for fact in action.facts)
        st.html(f'<h3 class="card-title">{escape(view.t("Facts"))}</h3><dl class="action-facts">{facts}</dl>')
    _show_timeline(view, action)
    _show_reports(view, action.reports)
    _show_evidence(view, action)
    if action.posts:
        posts = "".join(_draw_post(view, post) for post in action.posts)
        st.html(f'{messages.part(view.t("Events and stories"))}<ul class="posts">{posts}</ul>')
    _show_others(view, action.others)
    _show_origin(view, action.origin)
    _show_letter(action.letter)


def _show_ways(view: View, shown: Ways) -> None:
    back = shown.back.render(view.page_id, 'class="back"')
    steps = ""
    if shown.before and shown.after:
        place = f"<span>{escape(shown.place)}</span>"
        steps = f"{_draw_step(view, shown.before, 'prev')}{place}{_draw_step(view, shown.after, 'next')}"
    st.html(f'<nav class="action-ways" aria-label="{escape(shown.label)}">{back}{steps}</nav>')


def _draw_step(view: View, step: Step, side: str) -> str:
    if step.link is None:
        return f'<span class="{side} none">{escape(step.label)}</span>'
    title = step.link.label
    name = escape(f"{step.label}, {title}")
    attributes = f'class="{side}" rel="{side}" title="{escape(title)}" aria-label="{name}"'
    return step.link.wrap(escape(step.label), view.page_id, attributes)


def _show_head(view: View, action: ActionModel) -> None:
    """Its title, also in the browser's tab, who promised it, and how far it is."""
    st.set_page_config(page_title=action.tab)
    heading = reading.heading(action.title.text, page.find_place(view.page_id), 2, action.title.lang)
    st.html(
        f'{heading}<p class="about">{page_link.render(action.maker, view.page_id)} · {escape(action.action_id)}</p>'
        f'<p class="about">{status_mark.draw(action.status)}</p>'
    )


def _show_texts(view: View, action: ActionModel) -> None:
    """Draw the texts of an action, in its own language."""
    if not action.texts:
        messages.show_note(view.t("The submission contains no other text."))
    html = "".join(f'<h3 class="card-title">{escape(label)}</h3>{_draw_text(words)}' for label, words in action.texts)
    if action.url:
        html += f'<p class="text">{_draw_outside(action.url, action.url)}</p>'
    if html:
        st.html(f'<div class="texts">{html}</div>')


def _draw_text(words: Words) -> str:
    return f'<p class="text"{_spoken(words.lang)}>{escape(words.text)}</p>' if words.text else ""


def _spoken(lang: str) -> str:
    return f' lang="{escape(lang)}"' if lang else ""


def _draw_outside(words: str, url: str, attributes: str = "") -> str:
    """A link that leads out of the dashboard."""
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer"{attributes}>{escape(words)}</a>'


def _draw_fact(view: View, fact: Fact) -> str:
    value = view.t("; ").join(page_link.render(way, view.page_id) for way in fact.ways)
    if fact.percent is not None:
        width = min(max(fact.percent, 0), 100)
        value += f' <span class="bar" aria-hidden="true"><span style="width:{width:.0f}%"></span></span>'
    return f"<dt>{escape(fact.label)}</dt><dd>{value}</dd>"


def _show_timeline(view: View, action: ActionModel) -> None:
    """Draw the milestones along the days: what became of each is said in a word, a shape and a colour."""
    heading = messages.part(view.t("Milestones"))
    if not action.timeline:
        st.html(heading + messages.note(action.milestones_reached))
        return
    items = "".join(map(_draw_moment, action.timeline))
    st.html(f'{heading}<p class="about">{escape(action.milestones_reached)}</p><ol class="timeline">{items}</ol>')


def _draw_moment(moment: Moment) -> str:
    if moment.kind == NOW:
        return f'<li class="now" aria-current="date">{escape(moment.said)}</li>'
    days = " · ".join(map(_draw_dated, moment.days))
    when = f'<span class="outcome">{escape(moment.said)}</span> {days}'
    what = f'<p class="what"{_spoken(moment.label.lang)}>{escape(moment.label.text)}</p>'
    return f'<li class="{escape(moment.kind)}"><p class="when">{when}</p>{what}</li>'


def _draw_dated(dated: Dated) -> str:
    words = escape(dated.words)
    return words if dated.day is None else f'<time datetime="{dated.day.isoformat()}">{words}</time>'


def _show_reports(view: View, reports: Sequence[Report]) -> None:
    heading = messages.part(view.t("Progress reports"))
    if not reports:
        st.html(heading + messages.note(view.t("No progress reported yet.")))
        return
    items = "".join(_draw_report(view, report) for report in reports)
    st.html(f'{heading}<ol class="reports" reversed>{items}</ol>')


def _draw_report(view: View, report: Report) -> str:
    changes = "".join(
        f"<li>{change}</li>" for change in (_draw_status(view, report.status), *map(escape, report.changes))
    )
    html = f'<h4>{_draw_dated(report.day)}</h4><ul class="changes">{changes}</ul>{_draw_text(report.narrative)}'
    if report.source:
        html += messages.note(view.t("Source: {source}", source=report.source))
    return f'<li class="report">{html}</li>'


def _draw_status(view: View, change: StatusChange) -> str:
    status = status_mark.draw(change.now)
    if change.was is not None:
        arrow = f'<span aria-hidden="true">→</span><span class="unseen">{escape(view.t("then"))}</span>'
        status = f"{status_mark.draw(change.was)} {arrow} {status}"
    if change.remark:
        status += f" {escape(change.remark)}"
    return escape(change.sentence).replace("{what}", status)


def _show_evidence(view: View, action: ActionModel) -> None:
    """Draw what stands behind the status, and for staff the means to set it."""
    heading = messages.part(view.t("Evidence"))
    if not action.evidence:
        st.html(heading + messages.note(view.t("There is no status to support with evidence yet.")))
        return
    st.html(f'{heading}<ol class="evidence">{"".join(map(_draw_evidence, action.evidence))}</ol>')
    if staff.may_open():
        evidence.show(view, action.evidence_rows)


def _draw_evidence(step: EvidenceStep) -> str:
    if len(step.stated) > 1:
        said = f"<ul>{''.join(f'<li>{_draw_said(one)}</li>' for one in step.stated)}</ul>"
    elif step.stated:
        said = f" · {_draw_said(step.stated[0])}"
    else:
        said = f' · <span class="muted">{escape(step.remark)}</span>'
    mark = "✓" if step.is_taken else "○"
    return f'<li><span aria-hidden="true">{mark}</span> <strong>{escape(step.label)}</strong>{said}</li>'


def _draw_said(said: Said) -> str:
    source = _draw_outside(said.source, said.source) if said.source.startswith(WEB) else escape(said.source)
    return " · ".join(filter(None, (*map(escape, said.words), source)))


def _draw_post(view: View, post: Post) -> str:
    """One event or story: its first text whole, of the others the way to them."""
    languages = ", ".join(_draw_post_link(other) for other in post.others)
    more = f'<p class="when">{escape(view.t("Also in:"))} {languages}</p>' if languages else ""
    title = _draw_post_link(post.title, _spoken(post.title.lang))
    when = f'<p class="when">{escape(post.about)}</p>'
    return f'<li><p class="what">{title}</p>{when}{_draw_text(post.summary)}{more}</li>'


def _draw_post_link(shown: PostLink, spoken: str = "") -> str:
    if not shown.url:
        return f"<span{spoken}>{escape(shown.words)}</span>"
    there = f' hreflang="{escape(shown.lang)}"' if shown.lang else ""
    return _draw_outside(shown.words, shown.url, f"{there}{spoken}")


def _show_others(view: View, others: Others) -> None:
    near = _draw_near(view, others.near) if others.near else ""
    st.html(messages.part(view.t("Others doing the same")) + messages.note(others.note) + near)
    if others.own:
        st.html(messages.part(view.t("By the same stakeholder"), 4) + _draw_near(view, others.own))


def _draw_near(view: View, near: Iterable[Near]) -> str:
    return f'<ol class="others">{"".join(_draw_one(view, one) for one in near)}</ol>'


def _draw_one(view: View, one: Near) -> str:
    here = view.page_id
    status = status_mark.draw(one.status) + (f" {escape(one.completed)}" if one.completed else "")
    about = " · ".join(filter(None, (page_link.render(one.maker, here), status)))
    contact = _draw_letter(one.contact) if one.contact else ""
    lines = (("what", one.title.render(here)), ("about", about), ("when", escape(one.shared)), ("when", contact))
    return f"<li>{''.join(f'<p class={kind}>{words}</p>' for kind, words in lines if words)}</li>"


def _draw_letter(letter: Letter) -> str:
    """The way to a letter to the secretariat; among several each says whom it is about."""
    kind = ' class="to-secretariat"' if letter.name else ""
    name = f' aria-label="{escape(letter.name)}"' if letter.name else ""
    return f'<a{kind} href="{escape(letter.mailto)}"{name}>{escape(letter.words)}</a>'


def _show_letter(letter: Letter | str) -> None:
    """Draw the way to say that something is wrong about the action."""
    if isinstance(letter, Letter):
        intro = f"<strong>{escape(letter.intro)}</strong>"
        st.html(f'<p class="about to-secretariat">{intro} {_draw_letter(letter)}</p>')
    elif letter:
        messages.show_note(letter)


def _show_origin(view: View, origin: Origin) -> None:
    """Draw where the action comes from: a line, or for staff every place and the rows themselves."""
    t = view.t
    heading = messages.part(t("Where it comes from"))
    if not origin.rows:
        st.html(heading + messages.note(origin.sentence))
        return
    st.html(heading)
    html_tables.show(
        html_tables.words(t(N_("Part", "a record an action is made of")), t("Source"), t("Reason")), origin.rows
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("Original row"),
            origin.originals,
            format_func=lambda where: original_row.place(view, *original_row.name_place(view, *where[:2]), where[2]),
            key="original",
            width=560,
        )
        original_row.show_button(view, *chosen, key="action")
