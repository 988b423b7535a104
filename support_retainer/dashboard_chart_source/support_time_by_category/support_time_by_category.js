frappe.provide("frappe.dashboards.chart_sources");

frappe.dashboards.chart_sources["Support Time by Category"] = {
	method: "support_retainer.desk.charts.time_by_category",
	filters: [],
};
