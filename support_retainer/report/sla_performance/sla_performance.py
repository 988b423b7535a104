"""SLA Performance: how promises were kept, per customer, rule and month."""

from __future__ import annotations

from frappe import _
from frappe.utils import add_months, getdate, today

from support_retainer import tickets
from support_retainer.paper import tables


def execute(filters: dict | None = None) -> tuple:
	"""Return columns, rows, no message, and a chart of tickets met and breached each month."""
	filters = tables.asked(filters)
	first, last = tables.dates(filters, getdate(add_months(filters.to_date or today(), -12)))
	groups = tickets.performance(first, last, filters.customer, filters.sla_rule)
	return _columns(), [_row(group) for group in groups], None, _chart(groups)


def _columns() -> list[dict]:
	def column(fieldname: str, label: str, fieldtype: str, width: int, **more) -> dict:
		return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **more}

	hours = {"precision": 2}
	return [
		column("month", _("Month"), "Data", 90),
		column("customer", _("Customer", context="Retainer"), "Link", 180, options="Customer"),
		column("sla_rule", _("SLA Rule"), "Link", 180, options="SLA Rule"),
		column("tickets", _("Tickets"), "Int", 95),
		column("met", _("Met"), "Int", 95),
		column("breached", _("Breached"), "Int", 95),
		column("share_met", _("Share Met"), "Percent", 130),
		column("assignment_median", _("Assigned, Median (h)"), "Float", 175, **hours),
		column("assignment_p90", _("Assigned, 90 % (h)"), "Float", 175, **hours),
		column("start_median", _("Started, Median (h)"), "Float", 175, **hours),
		column("start_p90", _("Started, 90 % (h)"), "Float", 175, **hours),
	]


def _row(group: tickets.Group) -> dict:
	return {
		"month": group.month,
		"customer": group.customer,
		"sla_rule": group.sla_rule,
		"tickets": group.tickets,
		"met": group.met,
		"breached": group.breached,
		"share_met": group.share_met,
		"assignment_median": tickets.middle(group.to_assignment),
		"assignment_p90": tickets.ninetieth(group.to_assignment),
		"start_median": tickets.middle(group.to_start),
		"start_p90": tickets.ninetieth(group.to_start),
	}


def _chart(groups: list[tickets.Group]) -> dict | None:
	months = sorted({group.month for group in groups})
	if not months:
		return None

	def total(field: str) -> list[int]:
		return [sum(getattr(group, field) for group in groups if group.month == month) for month in months]

	return {
		"data": {
			"labels": months,
			"datasets": [
				{"name": _("Met"), "values": total("met")},
				{"name": _("Breached"), "values": total("breached")},
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"colors": ["#28a745", "#e24c4c"],
	}
