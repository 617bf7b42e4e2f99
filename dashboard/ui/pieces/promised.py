"""What was promised in numbers and reached of it, in a line an indicator; nothing where no number is promised."""

from html import escape

from dashboard.campaign.reporting.numbers import name_number
from dashboard.charts.finding import say_known
from dashboard.i18n import Translator
from dashboard.measures.counts import count_further, headline
from dashboard.measures.results import list_amounts
from dashboard.measures.standing import know_total
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import messages

TARGETS = "targets_met_rate"


@shared
def list_lines(snapshot: Snapshot, selection: Selection, t: Translator) -> tuple[str, ...]:
    """Write how many targets are met, then the sum of each indicator that the selection promises."""
    total = headline(snapshot, selection)
    targets = count_further(snapshot, selection, total, TARGETS)
    if not targets.count("results"):
        return ()
    lines = [t("{sentence}.", sentence=t.say(say_known(know_total(targets, TARGETS), TARGETS)))]
    for amount in list_amounts(snapshot):
        bounds = know_total(count_further(snapshot, selection, total, "reached_share", amount), "reached_share")
        if bounds.denominator:
            name = name_number(t, snapshot.codes, *amount)
            lines.append(t("{name}: {known}.", name=name, known=t.say(say_known(bounds, "reached_share"))))
    return tuple(lines)


def show(view: View, selection: Selection) -> None:
    """Draw the lines."""
    messages.show_lines([escape(line) for line in list_lines(view.snapshot, selection, view.t)])
