"""Actions: the register and an action of it; who promised what; the milestones."""

from dashboard.ui import milestones, stakeholders
from dashboard.ui.actions import body as actions
from dashboard.ui.pieces import page_parts
from dashboard.ui.pieces.page_parts import Part

page_parts.draw(
    actions=Part(actions.show, actions.PARAMETERS),
    stakeholders=Part(stakeholders.show, stakeholders.PARAMETERS, name=stakeholders.name_one),
    milestones=Part(milestones.show, milestones.PARAMETERS),
)
