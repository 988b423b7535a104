"""What an item brings to a row of a transaction."""

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import IfNull
from frappe.utils import cstr, flt

import erpnext
from erpnext.setup.utils import get_exchange_rate
from erpnext.stock.doctype.item.item import (
	get_item_defaults,
	get_item_group_defaults,
	get_uom_conv_factor,
	validate_end_of_life,
)


@frappe.whitelist()
def get_item_details(args, doc=None, for_validate: bool = False, overwrite_warehouse: bool = True) -> dict:
	"""Field values for a row. `args` holds the document's fields and the row's, as a dict or JSON."""
	args = frappe._dict(json.loads(args) if isinstance(args, str) else args)
	args.price_list = args.get("price_list") or args.get("selling_price_list")
	if doc:
		doc = json.loads(doc) if isinstance(doc, str) else doc
		args.transaction_date = doc.get("transaction_date") or doc.get("posting_date")
	if not args.company:
		frappe.throw(_("Please specify Company"))
	item = frappe.get_cached_doc("Item", args.item_code)
	validate_end_of_life(item.name, item.end_of_life, item.disabled)
	out = _basic_details(args, item)
	out.update(_price_list_rate(args, item))
	return out


def _basic_details(args: frappe._dict, item: Document) -> frappe._dict:
	args.uom = args.uom or item.sales_uom or item.stock_uom
	args.stock_uom = item.stock_uom
	quantity = flt(args.qty) or 1.0
	factor = 1.0 if args.uom == item.stock_uom else args.conversion_factor or _factor(item.name, args.uom)
	args.conversion_factor = factor
	zeros = ("price_list_rate", "rate", "amount", "net_rate", "net_amount")
	return frappe._dict(
		dict.fromkeys(
			(*zeros, "base_price_list_rate", "base_rate", "base_amount", "discount_percentage"), 0.0
		),
		item_code=item.name,
		item_name=item.item_name,
		item_group=item.item_group,
		description=cstr(item.description).strip(),
		image=cstr(item.image).strip(),
		income_account=get_default_income_account(args, item),
		cost_center=get_default_cost_center(args, item),
		uom=args.uom,
		stock_uom=item.stock_uom,
		qty=quantity,
		stock_qty=quantity * factor,
		conversion_factor=factor,
		discount_amount=flt(args.discount_amount),
		transaction_date=args.transaction_date,
	)


def _factor(item_code: str, uom: str) -> float:
	return get_conversion_factor(item_code, uom)["conversion_factor"]


def insert_item_price(args: frappe._dict) -> None:
	"""Stock Settings may have the first rate an item is sold at become its price in the price list."""
	settings = frappe.get_cached_doc("Stock Settings")
	if (
		not args.rate
		or not settings.auto_insert_price_list_rate_if_missing
		or frappe.get_cached_value("Price List", args.price_list, "currency") != args.currency
		or not frappe.has_permission("Item Price", "write")
	):
		return
	by_list = settings.update_price_list_based_on == "Price List Rate"
	rate = (flt(args.price_list_rate) if by_list else 0) or flt(args.rate)
	rate = rate / (args.conversion_factor or 1)
	price = {
		"item_code": args.item_code,
		"price_list": args.price_list,
		"currency": args.currency,
		"uom": args.stock_uom,
	}
	existing = frappe.db.get_value("Item Price", price)
	if not existing:
		frappe.get_doc({"doctype": "Item Price", **price, "price_list_rate": rate}).insert()
	elif settings.update_existing_price_list_rate:
		frappe.db.set_value("Item Price", existing, "price_list_rate", rate)


@frappe.whitelist()
def get_conversion_factor(item_code: str, uom: str) -> dict:
	"""How many stock units one `uom` of an item is."""
	stock_uom = frappe.get_cached_value("Item", item_code, "stock_uom")
	if uom == stock_uom:
		return {"conversion_factor": 1.0}
	own = frappe.db.get_value(
		"UOM Conversion Detail", {"parent": item_code, "parenttype": "Item", "uom": uom}, "conversion_factor"
	)
	return {"conversion_factor": own or get_uom_conv_factor(uom, stock_uom) or 1.0}


def get_default_income_account(args: frappe._dict, item: Document) -> str | None:
	"""The item's account in the company, its group's, the row's own, else the company's."""
	return (
		get_item_defaults(item.name, args.company).get("income_account")
		or get_item_group_defaults(item.name, args.company).get("income_account")
		or args.income_account
		or frappe.get_cached_value("Company", args.company, "default_income_account")
	)


def get_default_cost_center(args: frappe._dict, item: Document) -> str | None:
	"""The project's cost centre, the item's, its group's, the row's own, else the company's."""
	cost_center = (
		(args.project and frappe.db.get_value("Project", args.project, "cost_center"))
		or get_item_defaults(item.name, args.company).get("selling_cost_center")
		or get_item_group_defaults(item.name, args.company).get("selling_cost_center")
		or args.cost_center
	)
	if cost_center and frappe.get_cached_value("Cost Center", cost_center, "company") == args.company:
		return cost_center
	return erpnext.get_default_cost_center(args.company)


def _price_list_rate(args: frappe._dict, item: Document) -> dict:
	if not args.price_list:
		return {}
	args.update(get_price_list_currency_and_exchange_rate(args))
	rate = get_price_list_rate_for(args, item.name)
	if not rate and frappe.db.get_single_value("Selling Settings", "fallback_to_default_price_list"):
		args.price_list = frappe.db.get_single_value("Selling Settings", "selling_price_list")
		rate = get_price_list_rate_for(args, item.name)
	if rate is None or frappe.db.get_single_value("Stock Settings", "update_existing_price_list_rate"):
		insert_item_price(args)
	if rate is None:
		return {}
	return {"price_list_rate": flt(rate) * flt(args.plc_conversion_rate) / (flt(args.conversion_rate) or 1)}


def get_price_list_currency_and_exchange_rate(args: frappe._dict) -> dict:
	currency = frappe.get_cached_value("Price List", args.price_list, "currency")
	rate = args.plc_conversion_rate
	if not rate or (args.price_list_currency and currency != args.price_list_currency):
		own = erpnext.get_company_currency(args.company)
		rate = get_exchange_rate(currency, own, args.transaction_date, "for_selling") or rate
	return {"price_list_currency": currency, "plc_conversion_rate": rate or 1}


def get_price_list_rate_for(args: frappe._dict, item_code: str) -> float | None:
	"""The price in a price list for the row's unit, the customer's own price before the general one."""
	price = (args.customer and _item_price(args, item_code, args.uom, args.customer)) or _item_price(
		args, item_code, args.uom
	)
	if not price and args.uom != args.stock_uom:
		price = _item_price(args, item_code, args.stock_uom)
	if not price:
		return None
	rate, uom = price
	return rate if uom == args.uom else flt(rate) * flt(args.conversion_factor or 1)


def _item_price(args: frappe._dict, item_code: str, uom: str, customer: str = "") -> tuple[float, str] | None:
	price = frappe.qb.DocType("Item Price")
	query = (
		frappe.qb.from_(price)
		.select(price.price_list_rate, price.uom)
		.where((price.item_code == item_code) & (price.price_list == args.price_list))
		.where(IfNull(price.uom, "").isin(["", uom]))
		.where(IfNull(price.customer, "") == customer)
		.orderby(price.valid_from, order=frappe.qb.desc)
		.orderby(price.uom, order=frappe.qb.desc)
		.limit(1)
	)
	if args.transaction_date:
		query = query.where(
			(IfNull(price.valid_from, "2000-01-01") <= args.transaction_date)
			& (IfNull(price.valid_upto, "2500-12-31") >= args.transaction_date)
		)
	found = query.run()
	return found[0] if found else None
