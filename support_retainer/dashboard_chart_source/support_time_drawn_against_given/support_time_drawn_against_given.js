frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Support Time Drawn against Given"] = {
	method: "support_retainer.desk.charts.drawn_against_allotted",
	filters: [],
};
