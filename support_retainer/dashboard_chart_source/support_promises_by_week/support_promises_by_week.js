frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Support Promises by Week"] = {
	method: "support_retainer.desk.charts.promises_by_week",
	filters: [],
};
