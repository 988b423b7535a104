"""One invoice, order or quotation on the website."""

from typing import Any

import frappe
from frappe import _


def get_context(context: Any) -> None:
	form = frappe.form_dict
	doc = frappe.get_doc(form.doctype, form.name)
	if not frappe.has_website_permission(doc):
		frappe.throw(_("Not Permitted"), frappe.PermissionError)
	doc.set_indicator()
	context.no_cache = 1
	context.show_sidebar = True
	context.doc = doc
	context.parents = form.parents
	context.title = form.name
	context.print_format = doc.meta.default_print_format or "Standard"
