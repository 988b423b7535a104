"""The portal: what a customer's people may see and do. The pages under www/support stand on it."""

from support_retainer.portal.access import (
	Visitor,
	check_customer,
	current_customer,
	viewing_as,
	visitor,
)
from support_retainer.portal.approvals import show_approvals
from support_retainer.portal.home import leave, show_home
from support_retainer.portal.ledger_shown import show_time
from support_retainer.portal.new_ticket import show_new
from support_retainer.portal.one_ticket import show_ticket
from support_retainer.portal.ordering import show_order
from support_retainer.portal.policy import after_request
from support_retainer.portal.sent import forget_old as forget_sent_forms
from support_retainer.portal.tickets_shown import show_tickets

__all__ = [
	"Visitor",
	"after_request",
	"check_customer",
	"current_customer",
	"forget_sent_forms",
	"leave",
	"show_approvals",
	"show_home",
	"show_new",
	"show_order",
	"show_ticket",
	"show_tickets",
	"show_time",
	"viewing_as",
	"visitor",
]
